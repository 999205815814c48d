"""Accounts of a system that has no API: what its own program pushed, or what somebody dropped as a file, the whole list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from evidence.checks.base import Row

from .base import Found, Listing, Reading, Rows, moment, tagged, text

ACCOUNTS = "push.accounts"
_ADMINISTRATOR = "Administrator"


def _sees(rows: Rows, name: str) -> bool:
    """Which source is a system's the register says, by the source's own name."""
    return ACCOUNTS in rows


def _source(rows: Rows, name: str, span: tuple[date, date]) -> Listing:
    services = tagged(rows)
    return Listing(tuple(_account(row, services) for row in rows[ACCOUNTS]))


def _account(row: Row, services: frozenset[str]) -> Found:
    """A disabled account is still there: whoever enables it has the access back. What was not sent is not known, so an
    account of which nobody says whether it administers counts as if it did."""
    login, email, name = text(row, "login"), text(row, "email"), text(row, "name")
    admin, roles = row.get("admin"), row.get("role")
    used, _ = moment(row, "last_used_at")
    since, _ = moment(row, "created_at")
    address = email or (login if "@" in login else "")
    return Found(
        key=login, name=f"{login} ({name})" if name and name != login else login, email=address,
        status="" if row.get("active") else "disabled", privileged=admin is not False,
        service=bool(row.get("service_account")) or login.lower() in services, since=since, last_used=used,
        use_known=used is not None, entitlements=tuple(_held(str(roles or ""), admin is True)), entitlements_known=roles is not None,
        joins=(("email", address),) if address else (), unread="" if isinstance(admin, bool) else "Whether it administers was not sent",
    )  # fmt: skip


def _held(roles: str, admin: bool) -> Iterator[str]:
    """What it holds, once each."""
    listed = [each.strip() for part in roles.replace("|", ";").split(";") for each in part.split("\n")]
    named = list(dict.fromkeys(filter(None, listed)))
    yield from named
    if admin and _ADMINISTRATOR not in named:
        yield _ADMINISTRATOR


READINGS = (Reading("push.accounts", "push", "", "Accounts that are pushed", (ACCOUNTS,), ACCOUNTS, _sees, _source),)
