"""What an AWS error means to us: one reason each, with what a person can do about it."""

from __future__ import annotations

from botocore import exceptions as boto
from botocore.parsers import ResponseParserError

from evidence.checks.base import Reason
from evidence.collectors.aws.permissions import iam_action
from evidence.collectors.base import CollectionError

DENIED = {
    "AccessDenied", "AccessDeniedException", "AccessDeniedFault", "UnauthorizedOperation", "UnauthorizedAccess",
    "UnauthorizedException", "NotAuthorized", "AuthFailure", "AuthorizationError", "AuthorizationErrorException",
    "InvalidClientTokenId", "UnrecognizedClientException", "InvalidSignatureException", "SignatureDoesNotMatch",
    "MissingAuthenticationToken", "IncompleteSignature", "InvalidAccessKeyId", "InvalidToken", "AllAccessDisabled",
    "ExpiredToken", "ExpiredTokenException",
}  # fmt: skip
RATE_LIMITED = {
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
    "TooManyRequestsException", "ProvisionedThroughputExceededException", "RequestLimitExceeded", "SlowDown",
    "BandwidthLimitExceeded", "LimitExceeded", "LimitExceededException", "PriorRequestNotComplete",
    "EC2ThrottledException",
}  # fmt: skip
NOT_LICENSED = {"OptInRequired", "SubscriptionRequired", "SubscriptionRequiredException", "NotSubscribedException"}
UNREACHABLE = {
    "InternalFailure", "InternalError", "InternalServerError", "InternalServerException", "InternalException",
    "ServiceUnavailable", "ServiceUnavailableException", "ServiceException", "Unavailable", "RequestTimeout",
    "RequestTimeoutException", "RequestExpired",
}  # fmt: skip
#: No answer, or half of one.
NETWORK_FAULTS = (boto.HTTPClientError, boto.ConnectionError, boto.IncompleteReadError, OSError)
#: What a region that is switched off in the account answers with, beside the plain OptInRequired.
REGION_OFF = {"OptInRequired", "AuthFailure", "UnrecognizedClientException", "InvalidClientTokenId", "InvalidToken"}


def reason_of(code: str, status: int | None) -> Reason:
    """The reason behind an error code; an error that nobody knows goes by its HTTP status, else malformed."""
    for codes, reason in (
        (NOT_LICENSED, Reason.NOT_LICENSED), (DENIED, Reason.DENIED),
        (RATE_LIMITED, Reason.RATE_LIMITED), (UNREACHABLE, Reason.UNREACHABLE),
    ):  # fmt: skip
        if code in codes:
            return reason
    if status in (401, 403):
        return Reason.DENIED
    if status == 429:
        return Reason.RATE_LIMITED
    return Reason.UNREACHABLE if status is not None and status >= 500 else Reason.MALFORMED


def code_of(error: boto.ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def status_of(error: boto.ClientError) -> int | None:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return int(status) if status is not None else None


def collection_error(error: Exception, service: str, operation: str, region: str) -> CollectionError:
    """A botocore exception as ours; anything that is neither an answer nor a network fault counts as malformed."""
    call = f"{service}:{operation}"
    if isinstance(error, boto.ClientError):
        return _refusal(error, service, operation, region)
    if isinstance(error, boto.NoCredentialsError | boto.PartialCredentialsError | boto.CredentialRetrievalError):
        return CollectionError(
            Reason.DENIED, "This installation has no AWS credentials of its own to assume the role with.", call=call,
            remedy="Give the workers an AWS identity (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a task role).",
        )
    if isinstance(error, ResponseParserError):
        return CollectionError(Reason.MALFORMED, f"{call} in {region}: the answer could not be read.", call=call)
    if isinstance(error, NETWORK_FAULTS):
        return CollectionError(
            Reason.UNREACHABLE, f"{call} in {region} could not be reached: {type(error).__name__}.", call=call,
            remedy="Check that the network lets the workers reach AWS, and try again.",
        )
    return CollectionError(Reason.MALFORMED, f"{call} in {region} failed: {type(error).__name__}.", call=call)


def _refusal(error: boto.ClientError, service: str, operation: str, region: str) -> CollectionError:
    code, status = code_of(error), status_of(error)
    reason, action = reason_of(code, status), iam_action(service, operation)
    remedy = {
        Reason.DENIED: f"Allow {action} in the role's policy; a service control policy may also deny it.",
        Reason.RATE_LIMITED: "AWS asked us to slow down; the next run tries again.",
        Reason.NOT_LICENSED: f"Subscribe the account to the service in {region}, or take the region out of the list.",
        Reason.UNREACHABLE: "AWS had a fault of its own; the next run tries again.",
    }.get(reason, "")
    retry_after = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("retry-after")
    return CollectionError(
        reason, f"{service}:{operation} in {region} was refused: {code or status}.", remedy=remedy,
        call=f"{service}:{operation}", status=status, permission=action if reason is Reason.DENIED else "",
        retry_after=float(retry_after) if str(retry_after or "").isdigit() else None,
    )


def region_switched_off(region: str, call: str) -> CollectionError:
    return CollectionError(
        Reason.NOT_LICENSED, f"The region {region} is not enabled in this account.", call=call,
        remedy=f"Take {region} out of the connection's regions, or enable it in the account's settings.",
    )


def as_body(error: CollectionError) -> dict[str, object]:
    """How a failed call is kept in a page."""
    return {"error": {"reason": error.reason.value, "message": error.message, "status": error.status}}
