"""A list of accounts that somebody brings as CSV or XLSX, for a system that no connection sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from compliance.web.imports.tables import UnreadableError, read_lines

from .base import Found, parsed

#: What a column may be headed with, in small letters and without anything but letters and digits.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "account": ("account", "login", "user", "username", "userid", "accountname", "loginname", "id"),
    "email": ("email", "emailaddress", "mail", "useremail"),
    "name": ("name", "fullname", "displayname", "person"),
    "entitlement": ("role", "roles", "entitlement", "entitlements", "permission", "permissions", "group", "groups", "access", "profile"),
    "privileged": ("privileged", "admin", "administrator", "isadmin", "superuser"),
    "last_used": ("lastused", "lastlogin", "lastsignin", "lastactive", "lastseen", "lastaccess"),
    "since": ("since", "created", "createdat", "createdon", "granted", "added"),
    "status": ("status", "state"),
    "service": ("service", "serviceaccount", "technical"),
}
_YES = frozenset({"yes", "y", "true", "1", "x", "admin", "administrator"})
_NO = frozenset({"", "no", "n", "false", "0", "user"})
_NEVER = frozenset({"", "never", "-", "none"})


class UnreadableListError(ValueError):
    """The file is no list of accounts; the message says what to change."""


def read_accounts(content: bytes) -> tuple[Found, ...]:
    """The accounts of a file. Several lines of one account are one with all their entitlements.

    Raises UnreadableListError.
    """
    try:
        lines = read_lines(content)
        _, head = next(lines)
        columns = _columns(head)
        found: dict[str, Found] = {}
        for number, cells in lines:
            each = _account(number, {name: cells[place].strip() if place < len(cells) else "" for name, place in columns.items()})
            found[each.key] = _joined(found[each.key], each) if each.key in found else each
    except UnreadableError as fault:
        raise UnreadableListError(str(fault)) from None
    if not found:
        raise UnreadableListError("The file has a head and no account below it. A system without accounts needs no review.")
    return tuple(found.values())


def _columns(head: list[str]) -> dict[str, int]:
    plain = ["".join(sign for sign in cell.lower() if sign.isalnum()) for cell in head]
    columns = {
        name: next(place for place, cell in enumerate(plain) if cell in known)
        for name, known in HEADINGS.items()
        if set(known) & set(plain)
    }
    if not {"account", "email"} & set(columns):
        read = ", ".join(cell for cell in head if cell)[:200]
        raise UnreadableListError(f"No column is headed “Account” or “Email”. The first line reads: {read}.")
    return columns


def _account(line: int, cells: Mapping[str, str]) -> Found:
    name = cells.get("account") or cells.get("email", "")
    if not name:
        raise UnreadableListError(f"Line {line} names no account.")
    used, since = _time(line, cells, "last_used"), _time(line, cells, "since")
    held = tuple(part.strip() for part in _parts(cells.get("entitlement", "")) if part.strip())
    email = cells.get("email", "") or (name if "@" in name else "")
    return Found(
        key=name.lower()[:400], name=(f"{name} ({cells['name']})" if cells.get("name") and cells["name"] != name else name)[:300],
        email=email[:254], status=cells.get("status", "")[:60].lower(), privileged=_flag(line, cells, "privileged"),
        service=_flag(line, cells, "service"), since=since[0], last_used=used[0], use_known="last_used" in cells,
        entitlements=held, joins=(("email", email),) if email else (),
    )  # fmt: skip


def _parts(text: str) -> Iterator[str]:
    for line in text.replace("|", ";").split(";"):
        yield from line.split("\n")


def _flag(line: int, cells: Mapping[str, str], name: str) -> bool:
    word = cells.get(name, "").lower()
    if word not in _YES | _NO:
        raise UnreadableListError(f"Line {line} says “{cells[name][:40]}” for {name}. Write yes or no.")
    return word in _YES


def _time(line: int, cells: Mapping[str, str], name: str) -> tuple[datetime | None, bool]:
    word = cells.get(name, "")
    if word.lower() in _NEVER:
        return None, True
    found = parsed(word)
    if not found[1]:
        said = name.replace("_", " ")
        raise UnreadableListError(f"Line {line} says “{word[:40]}” for {said}. Write days as 2026-11-30, or leave the cell empty.")
    return found


def _joined(one: Found, other: Found) -> Found:
    """Two lines of one account: what either says of it holds."""
    return replace(
        one, entitlements=tuple(dict.fromkeys((*one.entitlements, *other.entitlements))),
        privileged=one.privileged or other.privileged, service=one.service or other.service,
        last_used=max(filter(None, (one.last_used, other.last_used)), default=None),
    )  # fmt: skip
