"""Accounts as each vendor's facts show them: whose they are, whether they can be used, what they may do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from evidence.checks.base import Reason, Row, unknown
from evidence.checks.okta.reading import CAN_SIGN_IN

from ..dark import is_dark
from ..given import Given, Look, System, moment, service_accounts, told
from ..items import is_unknown
from ..reconciling import Account, names_of

#: The fact kind that lists a vendor's accounts.
LISTED = {"okta": "okta.users", "github": "github.members", "aws": "aws.iam.users"}
#: Where everybody who works here has an account: the identity provider.
FOR_EVERYBODY = ("okta",)
_ADMINISTRATOR = ":aws:policy/AdministratorAccess"


@dataclass(frozen=True)
class Seen:
    """An account over the looks of a period: the row that last showed it, and when it was first and last there.

    `gone_at` is the first look after that which no longer found it, None while it is there. `open_at` is the last look
    at which it could be used.
    """

    account: Account
    row: Row
    first: datetime
    last: datetime
    open_at: datetime | None
    closed_at: datetime | None


def accounts_in(system: System, rows: Sequence[Row], services: frozenset[str] = frozenset()) -> Iterator[tuple[Account, Row]]:
    """The accounts of one look. A row that names no account is none."""
    for row in rows:
        found = _READ[system.vendor](system.slug, row) if system.vendor in _READ else None
        if found is not None:
            yield replace(found, service=bool(found.names & services)), row


def _okta(system: str, row: Row) -> Account | None:
    id, status = row.get("login") or row.get("id"), row.get("status")
    if not id:
        return None
    active = None if not isinstance(status, str) else status in CAN_SIGN_IN
    return Account(system, str(id), _names(row, "id", "login", "email"), active)


def _github(system: str, row: Row) -> Account | None:
    login = row.get("login")
    return Account(system, login, _names(row, "login"), True) if isinstance(login, str) else None


def _aws(system: str, row: Row) -> Account | None:
    name = row.get("name")
    return Account(system, name, _names(row, "name", "arn"), True) if isinstance(name, str) else None


_READ = {"okta": _okta, "github": _github, "aws": _aws}


def _names(row: Row, *fields: str) -> frozenset[str]:
    return frozenset(str(row[field]).lower() for field in fields if isinstance(row.get(field), str) and row[field])


def watched(given: Given, system: System) -> dict[str, Seen]:
    """Every account of a system over the looks of the period, by id."""
    services = service_accounts(given.scope, system.vendor)
    found: dict[str, Seen] = {}
    for look in system.of(LISTED.get(system.vendor, "")):
        present = {account.id: (account, row) for account, row in accounts_in(system, look.rows, services)}
        for id, (account, row) in present.items():
            found[id] = _again(found.get(id), account, row, look)
        if any(is_dark(row) for row in look.rows):
            continue  # what is not there may lie in the part that could not be read
        for id, seen in found.items():
            if id not in present and seen.closed_at is None:
                found[id] = replace(seen, closed_at=look.at)
    return found


def _again(before: Seen | None, account: Account, row: Row, look: Look) -> Seen:
    usable = account.active is not False
    open_at = look.at if usable else before.open_at if before else None
    closed = None if usable else (before.closed_at if before and before.closed_at else look.at)
    return Seen(account, row, before.first if before else look.at, look.at, open_at, closed)


def owner_of(account: Account, people: Sequence[Row]) -> Row | None:
    """The person whose account it is, as the people list knows."""
    return next((person for person in people if account.names & names_of(person)), None)


def whose(account: Account, people: Sequence[Row]) -> str:
    """Whose an account is, in words."""
    person = owner_of(account, people)
    if person is not None:
        return str(person.get("name") or person.get("id"))
    return "service account" if account.service else "nobody on the people list"


def roles_of(system: System, row: Row) -> Any:
    """The roles that the row itself tells of."""
    if system.vendor == "github":
        owner = told(row, "owner")
        return owner if is_unknown(owner) else ("owner" if owner else "member")
    if system.vendor == "aws":
        attached, groups = row.get("attached"), row.get("groups")
        if not isinstance(attached, list) or not isinstance(groups, list):
            return unknown(Reason.MALFORMED)
        return ", ".join([str(arn).rsplit("/", 1)[-1] for arn in attached] + [f"group {name}" for name in groups]) or None
    return unknown(Reason.NOT_COLLECTED)


def rights_of(system: System, kind: str, look: Look, groups: Mapping[str, Any]) -> Iterator[tuple[str, frozenset[str], Any]]:
    """(account, its names, right) of every privileged account of one look; the right may be unknown."""
    for row in look.rows:
        if kind == "okta.admin_roles":
            yield from _okta_rights(row)
        elif kind == "github.members" and isinstance(row.get("login"), str):
            owner = told(row, "owner")
            if owner is True or is_unknown(owner):
                yield row["login"], _names(row, "login"), "owner" if owner is True else owner
        elif kind == "aws.iam.users" and isinstance(row.get("name"), str):
            yield from ((row["name"], _names(row, "name", "arn"), right) for right in _aws_rights(row, groups))


def _okta_rights(row: Row) -> Iterator[tuple[str, frozenset[str], Any]]:
    id = row.get("login") or row.get("user_id")
    roles = told(row, "roles")
    if not id:
        return
    if not isinstance(roles, list):
        yield str(id), _names(row, "login", "user_id"), roles if is_unknown(roles) else unknown(Reason.MALFORMED)
        return
    for role in roles:
        yield str(id), _names(row, "login", "user_id"), str(role.get("label") or role.get("type"))


def _aws_rights(row: Row, groups: Mapping[str, Any]) -> Iterator[Any]:
    """What makes a user an administrator: a policy of its own, or of a group that it is in."""
    inline, own = told(row, "inline_admin"), _administers(row)
    if own is True or is_unknown(own):
        yield "AdministratorAccess" if own is True else own
    if inline is True or is_unknown(inline):
        yield "inline policy that allows everything" if inline is True else inline
    for name in row.get("groups") or ():
        given = groups.get(name)
        if given is True or is_unknown(given):
            yield f"AdministratorAccess through group {name}" if given is True else given


def administrators(looks: Sequence[Look], at: datetime) -> dict[str, Any]:
    """Which groups of an AWS account made their members administrators, by the look nearest to a moment: True, False, or
    unknown with its reason. A group that lost the right since had it then."""
    nearest = min(looks, key=lambda look: abs(look.at - at), default=None)
    return {str(group.get("name")): _makes_administrators(group) for group in nearest.rows} if nearest else {}


def _makes_administrators(group: Row) -> Any:
    found = (_administers(group), told(group, "inline_admin"))
    return True if True in found else next((each for each in found if is_unknown(each)), False)


def _administers(row: Row) -> Any:
    """Whether the vendor's own policy for administrators is attached, in whichever partition of AWS; unknown where that
    could not be read."""
    attached = told(row, "attached")
    if not isinstance(attached, list):
        return attached if is_unknown(attached) else unknown(Reason.MALFORMED)
    return any(str(arn).endswith(_ADMINISTRATOR) for arn in attached)


def last_used(row: Row) -> Any:
    """When an account was last used, where its row tells."""
    return moment(told(row, "last_login")) if "last_login" in row else unknown(Reason.NOT_COLLECTED)
