"""The accounts of an organisation, as its management account or a delegated administrator lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.checks.base import Reason, Row, unknown
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.base import CollectionError, Context, Page

LIST = "organizations:ListAccounts"
#: What AWS answers in an account that belongs to no organisation.
_ALONE = "AWSOrganizationsNotInUseException"
_ID = re.compile(r"\d{12}")


@dataclass(frozen=True)
class Member:
    """An account of the organisation. `left_out` says why it is not looked at, and is empty where it is."""

    id: str
    name: str = ""
    left_out: str = ""

    @property
    def label(self) -> str:
        return f"{self.id} ({self.name})" if self.name else self.id


def members_of(home: AwsSession, context: Context) -> tuple[Member, ...]:
    """Every account that AWS lists, the connection's own first. Raises CollectionError where they cannot be listed:
    then nobody knows what is not looked at."""
    spared = set(_ID.findall(str(context.config.get("leave_out") or "")))
    found: dict[str, Member] = {}
    try:
        for answer in home.answers("organizations", "ListAccounts", expect="Accounts", absent=(_ALONE,)):
            if "absent" in answer:
                raise _alone()
            found |= {member.id: member for member in (_member(one, spared) for one in answer["Accounts"])}
    except CollectionError as error:
        if error.reason is Reason.DENIED and error.permission:
            error.remedy = (
                f"Connect the organisation's management account or a delegated administrator of it, and allow {LIST} there; "
                "or leave the role of member accounts empty, and this account alone is looked at."
            )
        raise
    own = found.pop(home.account, Member(home.account))
    return (Member(own.id, own.name), *found.values())


def _member(one: Any, spared: set[str]) -> Member:
    if not isinstance(one, Mapping) or not _ID.fullmatch(str(one.get("Id") or "")):
        raise CollectionError(Reason.MALFORMED, "An account of the organisation has no number.", call=LIST)
    number, state = str(one["Id"]), str(one.get("State") or one.get("Status") or "ACTIVE").upper()
    why = "" if state == "ACTIVE" else f"AWS says that it is {state.lower().replace('_', ' ')}."
    return Member(number, str(one.get("Name") or ""), why or ("Left out by this connection." if number in spared else ""))


def _alone() -> CollectionError:
    return CollectionError(
        Reason.DENIED, "This account belongs to no organisation.", call=LIST,
        remedy="Leave the role of member accounts empty, and this account alone is looked at.",
    )  # fmt: skip


def listing(members: Sequence[Member], failures: Mapping[str, CollectionError], home: AwsSession) -> Page:
    """The page of the accounts: who is looked at, who is not and why. The mail addresses of their owners are not kept."""
    kept = [
        {"Id": one.id, "Name": one.name, "left_out": one.left_out, **_failure(failures.get(one.id))} for one in members
    ]
    return home.page(LIST if len(members) > 1 else "sts:GetCallerIdentity", {"Accounts": kept})


def _failure(error: CollectionError | None) -> dict[str, Any]:
    if error is None:
        return {}
    said = {"reason": error.reason.value, "message": error.message, "remedy": error.remedy, "permission": error.permission}
    return {"error": said}


def account_rows(pages: Sequence[Page]) -> Iterator[Row]:
    """A row per account. `looked_at` is true, false where it is left out (`why`), or unknown with the reason."""
    for page in pages:
        for one in page.body.get("Accounts") or ():
            error, why = one.get("error"), str(one.get("left_out") or "")
            looked: Any = unknown(Reason(error["reason"]), error["message"]) if error else not why
            yield {
                "account": one["Id"], "region": page.parameters["region"], "arn": f"account:{one['Id']}",
                "name": one.get("Name") or "", "looked_at": looked, "why": error["message"] if error else why,
                "missing": error["permission"] if error else "",
            }  # fmt: skip
