"""IAM's credential report: every user with the age and use of each credential.

AWS makes a new report at most every four hours, so each row carries the report's own time.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from evidence.checks.base import Reason, Row, unknown
from evidence.collectors.aws.answers import iso, row, unread
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import actions
from evidence.collectors.base import CollectionError, Context, FactKind, Page

_TRIES = 20
_NEVER = {"N/A", "no_information", "not_supported", ""}


def _collect(session: AwsSession, context: Context) -> Iterator[Page]:
    for attempt in range(_TRIES):
        state = session.call("iam", "GenerateCredentialReport", expect="State")["State"]
        if state == "COMPLETE":
            break
        context.sleep(min(1.0 + attempt, 5.0))
    else:
        raise CollectionError(
            Reason.UNREACHABLE, "AWS did not finish the credential report in time.",
            call="iam:GenerateCredentialReport", remedy="The next run tries again.",
        )
    yield session.page("iam:GetCredentialReport", session.call("iam", "GetCredentialReport", expect="Content"))


def _rows(pages: Sequence[Page]) -> Iterator[Row]:
    for page in pages:
        made = page.body.get("GeneratedTime")
        lines = list(csv.DictReader(io.StringIO(str(page.body.get("Content", "")))))
        if not lines or "user" not in lines[0]:
            yield unread(page, Reason.MALFORMED.value)
            continue
        for line in lines:
            yield row(page, {**line, "generated_at": made}, _user)


def _user(line: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "arn": line["arn"], "user": line["user"], "root": line["user"] == "<root_account>",
        "generated_at": line["generated_at"], "created": _moment(line["user_creation_time"]),
        "password_enabled": _flag(line["password_enabled"]),
        "password_last_used": _moment(line["password_last_used"]),
        "password_last_changed": _moment(line["password_last_changed"]),
        "mfa_active": _flag(line["mfa_active"]),
        "keys": [_key(line, number) for number in (1, 2)],
    }  # fmt: skip


def _key(line: Mapping[str, str], number: int) -> dict[str, Any]:
    prefix = f"access_key_{number}_"
    return {
        "number": number, "active": _flag(line[prefix + "active"]),
        "rotated": _moment(line[prefix + "last_rotated"]), "used": _moment(line[prefix + "last_used_date"]),
        "service": line.get(prefix + "last_used_service"),
    }  # fmt: skip


def _flag(word: str | None) -> Any:
    """true, false, or None for a thing that the account's owner cannot have (`not_supported`)."""
    known = {"true": True, "false": False, "not_supported": None}
    return known[word.lower()] if word and word.lower() in known else unknown(Reason.MALFORMED)


def _moment(word: str | None) -> Any:
    """A time, or None for AWS's words for never."""
    if word is None:
        return unknown(Reason.MALFORMED)
    if word in _NEVER:
        return None
    try:
        return iso(datetime.fromisoformat(word.replace("Z", "+00:00")))
    except ValueError:
        return unknown(Reason.MALFORMED)


KINDS = (
    FactKind(
        "aws.iam.credential_report", "IAM credential report", _collect, _rows,
        actions("iam:GenerateCredentialReport", "iam:GetCredentialReport"),
    ),
)  # fmt: skip
