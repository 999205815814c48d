"""An AWS that lets the role be assumed, and answers everything else as a test wishes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

NOW = datetime(2026, 6, 30, 6, tzinfo=UTC)
CONFIG = {
    "role_arn": "arn:aws:iam::111122223333:role/FieldworkReadOnly", "regions": "eu-west-1", "external_id": "ours",
}  # fmt: skip
_SCOPE = re.compile(r"Credential=\w+/\d{8}/([\w-]+)/([\w-]+)/aws4_request")
_JSON = {
    "config", "guardduty", "securityhub", "inspector2", "access-analyzer", "ssm", "kms", "dynamodb", "backup", "acm",
    "logs", "cloudtrail", "sso", "monitoring", "organizations",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One request, as far as a test cares. `operation` is empty for REST services."""

    service: str
    region: str
    operation: str
    path: str
    form: dict[str, Any]

    @property
    def json(self) -> bool:
        return self.service in _JSON


@dataclass(frozen=True)
class Answer:
    body: bytes
    status: str = "200 OK"
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None  # what is promised, where it is not what is sent


Behave = Callable[[Asked], Answer]


def refusal(asked: Asked, status: str, code: str, *headers: tuple[str, str]) -> Answer:
    """An error in the form that the service's protocol gives it."""
    if asked.json:
        body = json.dumps({"__type": code, "message": "no"}).encode()
        return Answer(body, status, (("x-amzn-ErrorType", code), ("Content-Type", "application/json"), *headers))
    error = f"<Error><Code>{code}</Code><Message>no</Message></Error>"
    whole = {
        "s3": error, "ec2": f"<Response><Errors>{error}</Errors></Response>",
    }.get(asked.service, f"<ErrorResponse>{error}</ErrorResponse>")  # fmt: skip
    return Answer(whole.encode(), status, (("Content-Type", "text/xml"), *headers))


def sts(asked: Asked) -> Answer | None:
    """AssumeRole with the right ExternalId, and GetCallerIdentity; None for anything else."""
    if asked.service != "sts":
        return None
    if asked.operation == "GetCallerIdentity":
        return Answer(
            b"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account>"
            b"<Arn>arn:aws:sts::111122223333:assumed-role/FieldworkReadOnly/fieldwork-collector</Arn>"
            b"<UserId>AROA:x</UserId></GetCallerIdentityResult></GetCallerIdentityResponse>"
        )
    if asked.form.get("ExternalId") != "ours":
        return refusal(asked, "403 Forbidden", "AccessDenied")
    return Answer(
        b"<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId>"
        b"<SecretAccessKey>hidden-secret</SecretAccessKey><SessionToken>hidden-token</SessionToken>"
        b"<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
    )


def stand_in(behave: Behave, *, assume: Callable[[Asked], Answer | None] = sts) -> Any:
    """The WSGI application."""

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asked = _read(environ)
        answer = assume(asked) or behave(asked)
        length = len(answer.body) if answer.length is None else answer.length
        start_response(answer.status, [("Content-Length", str(length)), *answer.headers])
        return [answer.body]

    return app


def _read(environ: dict[str, Any]) -> Asked:
    match = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    region, service = match.groups() if match else ("", "")
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) if length else b""
    if body[:1] == b"{":
        form: dict[str, Any] = json.loads(body)
    else:
        both = [environ.get("QUERY_STRING", ""), body.decode("utf-8", "replace")]
        form = {key: values[0] for text in both for key, values in parse_qs(text).items()}
    target = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    return Asked(service, region, form.get("Action", target), environ.get("PATH_INFO", ""), form)
