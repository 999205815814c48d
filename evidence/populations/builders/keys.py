"""Access keys and tokens that were in force in the period: also one that was deleted, and one that another took the place of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from evidence.checks.base import Reason, Row, unknown

from ..dark import is_dark
from ..given import Drawn, Given, Look, System, instant, moment, needed, told
from ..items import Item

REPORT, GRANTED_TOKENS = "aws.iam.credential_report", "github.pat_grants"
_UNSAID = unknown(Reason.NOT_COLLECTED)
#: A key: who has it, which of the two places of a user it stands in, and when it was made.
_Key = tuple[str, int, str]


@dataclass
class _Seen:
    """A key as its last look showed it, and the first look that no longer did."""

    row: Row
    key: Row
    last: datetime
    gone_by: datetime | None = None


def keys_and_tokens(given: Given) -> Drawn:
    """Access keys of the cloud account and personal access tokens, each as its last look showed it.

    A place of a user that holds a new key held another before: the two are two keys, and both were in force.
    """
    items: list[Item] = []
    for system in given.systems:
        items += _keys(given, system)
        tokens = {item.identity: item for look in system.of(GRANTED_TOKENS) for item in _tokens(system, look)}
        items += tokens.values()
    return Drawn(items)


def _keys(given: Given, system: System) -> Iterator[Item]:
    for (user, number, made), seen in _seen(system.of(REPORT)).items():
        begun = instant(made) if made else None
        if begun is not None and begun >= given.period.ends:
            continue  # the look after the period bounds what came before; what was made since is of the next
        yield Item(system.slug, f"{user} key {number}" + (f" of {begun:%Y-%m-%d}" if begun else ""), {
            "system": system.name, "account": needed(seen.row, "user"), "key": f"access key {number}",
            "active": needed(seen.key, "active"), "made_at": moment(told(seen.key, "rotated")),
            "last_used": moment(told(seen.key, "used")), "last_seen": moment(seen.last), "gone_by": moment(seen.gone_by),
            "age_days": (seen.last - begun).days if begun else _UNSAID, "owner": _UNSAID,
        })  # fmt: skip


def _seen(looks: Sequence[Look]) -> dict[_Key, _Seen]:
    """Every key of every look. What is not there may lie in a part that could not be read."""
    found: dict[_Key, _Seen] = {}
    for look in looks:
        present = {id: (row, key) for row in look.rows if not is_dark(row) for id, key in _listed(row)}
        for id, (row, key) in present.items():
            found[id] = _Seen(row, key, look.at)
        dark = any(is_dark(row) for row in look.rows)
        unread = {str(row.get("user")) for row in look.rows if not isinstance(row.get("keys"), list | tuple)}
        for id, seen in found.items():
            if id not in present and seen.gone_by is None and not dark and id[0] not in unread:
                seen.gone_by = look.at
    return found


def _listed(row: Row) -> Iterator[tuple[_Key, Row]]:
    for key in row.get("keys") or ():
        if key.get("active") is False and key.get("rotated") is None:
            continue  # there never was one
        made = key.get("rotated")
        yield (str(row.get("user")), int(key.get("number") or 0), made if isinstance(made, str) else ""), key


def _tokens(system: System, look: Look) -> Iterator[Item]:
    for row in look.rows:
        expired = told(row, "expired")
        yield Item(system.slug, f"token {row.get('id')}", {
            "system": system.name, "account": needed(row, "owner"), "key": told(row, "name"),
            "active": not expired if isinstance(expired, bool) else expired,
            "made_at": moment(told(row, "granted_at")), "last_used": moment(told(row, "last_used_at")),
            "last_seen": moment(look.at), "gone_by": _UNSAID, "age_days": _UNSAID, "owner": told(row, "owner"),
        })  # fmt: skip
