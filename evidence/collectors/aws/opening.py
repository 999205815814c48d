"""Opening an account: our own identity assumes the customer's role, with the ExternalId that is theirs alone."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import botocore.session
from botocore.config import Config
from botocore.credentials import CredentialResolver, Credentials, RefreshableCredentials
from botocore.exceptions import ClientError

from evidence.checks.base import Reason
from evidence.collectors.aws.client import THREADS, AwsSession, Pools
from evidence.collectors.aws.descriptions import LOADER
from evidence.collectors.aws.errors import collection_error
from evidence.collectors.aws.retry import again
from evidence.collectors.base import Call, CollectionError, Context

#: Where account-wide questions go, by partition, unless the connection names a region.
DEFAULT_REGIONS = {"aws": "eu-west-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
_ROLE = re.compile(r"^arn:(aws|aws-cn|aws-us-gov):iam::(\d{12}):role/[\w+=,.@/-]{1,576}$")


_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d{1,2}|all")
_ROLE_NAME = re.compile(r"/?([\w+=,.@-]+/)*[\w+=,.@-]{1,64}")
_ACCOUNTS = re.compile(r"\d{12}([\s,;]+\d{12})*")


def faults(config: Mapping[str, Any], secret: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a connection's fields, by field, before anything is asked of AWS."""
    found = {}
    if not _ROLE.match(str(config.get("role_arn") or "").strip()):
        found["role_arn"] = "Enter the whole ARN of a role, as arn:aws:iam::123456789012:role/Fieldwork."
    regions = [name for name in re.split(r"[\s,;]+", str(config.get("regions") or "").lower()) if name]
    wrong = [name for name in regions if not _REGION.fullmatch(name)]
    if wrong:
        found["regions"] = f"{wrong[0]} is not the name of a region; they look like eu-west-1."
    if config.get("member_role") and not _ROLE_NAME.fullmatch(str(config["member_role"])):
        found["member_role"] = "Enter the name of a role, not its ARN: it is the same in every account."
    if config.get("leave_out") and not _ACCOUNTS.fullmatch(str(config["leave_out"]).strip()):
        found["leave_out"] = "Enter account numbers of twelve digits, separated by commas."
    return found


class Given:
    """A botocore credential provider that gives what it was given."""

    METHOD = "fieldwork"
    CANONICAL_NAME = "fieldwork"

    def __init__(self, credentials: Any) -> None:
        self._credentials = credentials

    def load(self) -> Any:
        return self._credentials


def named_regions(context: Context) -> tuple[str, ...]:
    """The regions that the connection is limited to, in order and without repeats; none: every enabled one is looked at."""
    named = re.split(r"[\s,;]+", str(context.config.get("regions") or "").strip())
    return tuple(dict.fromkeys(name.lower() for name in named if name and name.lower() != "all"))


def home_of(context: Context) -> str:
    """The region that account-wide questions go to."""
    named = named_regions(context)
    return named[0] if named else DEFAULT_REGIONS[role_of(context)[1]]


def role_of(context: Context) -> tuple[str, str]:
    """The role's ARN and its partition; raises where what was typed is no role."""
    arn = str(context.config.get("role_arn") or "").strip()
    match = _ROLE.match(arn)
    if match is None:
        raise CollectionError(
            Reason.DENIED, "This is not the ARN of an IAM role.", call="sts:AssumeRole",
            remedy="It looks like arn:aws:iam::123456789012:role/FieldworkReadOnly; copy it from the role's page.",
        )
    return arn, match.group(1)


def clients(context: Context, credentials: Any = None) -> Callable[[str, str], Any]:
    """A maker of clients. Without credentials they are the platform's own, from botocore's default chain.

    Where an endpoint stands in for AWS (tests, the sample company) the platform's real keys are never used for it.
    """
    session = botocore.session.get_session()
    session.register_component("data_loader", LOADER)
    if credentials is None and context.endpoint:
        credentials = Credentials("STANDINFORAWS0000000", "stand-in")
    if credentials is not None:
        session.register_component("credential_provider", CredentialResolver([Given(credentials)]))
    config = Config(
        connect_timeout=5, read_timeout=context.config.get("read_timeout", 30), max_pool_connections=2 * THREADS,
        retries={"mode": "standard", "total_max_attempts": 1}, user_agent_appid="fieldwork",
        s3={"addressing_style": "path"} if context.endpoint else None,
    )  # fmt: skip

    def build(service: str, region: str) -> Any:
        client = session.create_client(service, region_name=region, endpoint_url=context.endpoint, config=config)
        client.meta.events.register("needs-retry", again(context.sleep, context.throttle))
        if context.endpoint:
            client.meta.events.register("before-send", _to(context.endpoint))
        return client

    return build


def _to(endpoint: str) -> Callable[..., None]:
    """Send to the stand-in's host as it is: some services put the account before it, which no name server knows."""
    host = urlsplit(endpoint).netloc

    def restore(request: Any, **_: Any) -> None:
        parts = urlsplit(request.url)
        if parts.netloc != host:
            request.url = urlunsplit(parts._replace(netloc=host))

    return restore


def assume(context: Context, *, external_id: str | None, told: bool = True) -> dict[str, Any]:
    """The role's credentials for an hour, with or without an ExternalId. `told`: whether the run's log hears of it."""
    arn, _ = role_of(context)
    region, began = home_of(context), time.monotonic()
    parameters = {
        "RoleArn": arn, "RoleSessionName": f"fieldwork-{str(context.config.get('session', 'collector'))[:50]}",
        "DurationSeconds": 3600, **({"ExternalId": external_id} if external_id else {}),
    }  # fmt: skip
    failed: CollectionError | None = None
    try:
        return dict(_own_sts(context, region).assume_role(**parameters)["Credentials"])
    except (KeyError, TypeError) as error:
        failed = CollectionError(Reason.MALFORMED, "AssumeRole answered without credentials.", call="sts:AssumeRole")
        raise failed from error
    except Exception as error:
        failed = _not_assumed(error, region)
        raise failed from error
    finally:
        if told:
            said = {"region": region, "RoleArn": arn, "ExternalId": "given" if external_id else "left out"}
            expected = failed is not None and failed.reason is Reason.DENIED and not external_id
            context.log(
                Call(
                    "sts:AssumeRole", said, failed.status if failed else 200, round((time.monotonic() - began) * 1000),
                    error=failed.message if failed and not expected else "",
                )
            )


def _own_sts(context: Context, region: str) -> Any:
    """The platform's own client, made once a run: a role is tried with and without its ExternalId, and taken anew each hour."""
    key = f"aws:own-sts:{region}"
    if key not in context.memo:
        context.memo[key] = clients(context)("sts", region)
    return context.memo[key]


def needs_external_id(context: Context) -> bool:
    """Whether AWS refuses the role without the ExternalId; raises CollectionError where that could not be tried."""
    try:
        assume(context, external_id=None)
    except CollectionError as error:
        if error.reason is Reason.DENIED:
            return True
        raise
    return False


def unguarded() -> CollectionError:
    """The refusal of a role that anybody who knows its ARN could have us read."""
    return CollectionError(
        Reason.DENIED, "The role can be assumed without the ExternalId, so this connection is refused.",
        call="sts:AssumeRole", permission="sts:ExternalId",
        remedy='Add to the role\'s trust policy the condition {"StringEquals": {"sts:ExternalId": "<the ExternalId of '
        'this connection>"}}: without it another customer of ours could have us read your account.',
    )  # fmt: skip


def _not_assumed(error: Exception, region: str) -> CollectionError:
    failed = collection_error(error, "sts", "AssumeRole", region)
    if isinstance(error, ClientError) and failed.reason is Reason.DENIED:
        failed.remedy = (
            "Check that the role exists, and that its trust policy names our principal and this connection's "
            "ExternalId. IAM takes up to a minute to apply a change."
        )
        failed.permission = "sts:AssumeRole"
    return failed


def open_account(context: Context, *, probing: bool = False, pools: Pools | None = None) -> AwsSession:
    """Assume the role and say who we are; raises CollectionError where either fails.

    A role that can be had without its ExternalId is refused each time, not only when it is first connected: trust
    policies change. `probing`: this has been tried already (see probe.py).
    """
    external_id = str(context.config.get("external_id") or "")
    if not external_id:
        raise CollectionError(
            Reason.DENIED, "This connection has no ExternalId, and a role is never assumed without one.",
            call="sts:AssumeRole", remedy="Create the connection anew: the ExternalId is made with it.",
        )  # fmt: skip
    _, partition = role_of(context)

    def fetch(told: bool = False) -> dict[str, str]:
        given = assume(context, external_id=external_id, told=told)
        return {
            "access_key": given["AccessKeyId"], "secret_key": given["SecretAccessKey"],
            "token": given["SessionToken"], "expiry_time": given["Expiration"].isoformat(),
        }  # fmt: skip

    first = fetch(told=True)
    if not probing:
        _refuse_unguarded(context)
    credentials = RefreshableCredentials.create_from_metadata(first, refresh_using=fetch, method="assume-role")
    build = clients(context, credentials)
    try:
        who = build("sts", home_of(context)).get_caller_identity()
        account, arn = str(who["Account"]), str(who["Arn"])
    except Exception as error:
        raise collection_error(error, "sts", "GetCallerIdentity", home_of(context)) from error
    session = AwsSession(
        context, build, account=account, arn=arn, partition=partition, probing=probing, pools=pools,
        regions=named_regions(context) or (home_of(context),),
    )  # fmt: skip
    if not named_regions(context):
        session.regions = _enabled(session)
    return session


def _enabled(session: AwsSession) -> tuple[str, ...]:
    """Every region that is enabled in the account, home first. Raises CollectionError where AWS does not say."""
    try:
        answers = session.shared("ec2", "DescribeRegions", expect="Regions", AllRegions=True)
    except CollectionError:
        session.close()
        raise
    names = [
        str(row["RegionName"]) for answer in answers for row in answer["Regions"]
        if row.get("RegionName") and row.get("OptInStatus") != "not-opted-in"
    ]  # fmt: skip
    return tuple(dict.fromkeys((session.home, *sorted(names))))


def _refuse_unguarded(context: Context) -> None:
    try:
        guarded = needs_external_id(context)
    except CollectionError:
        return  # that it could not be tried today is no reason to see nothing today
    if not guarded:
        raise unguarded()
