"""Access: who could use what, who was privileged, what was granted, and the keys in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from evidence.checks.base import Reason, Row, unknown

from ..given import Drawn, Excluded, Given, System, instant, moment, needed
from ..items import Item, cell_text
from ..reconciling import Account, Unequal, reconcile
from .accounts import FOR_EVERYBODY, LISTED, Seen, administrators, last_used, rights_of, roles_of, watched, whose

LOG = "okta.system_log"
GRANTS = (
    "user.account.privilege.grant", "group.privilege.grant", "group.user_membership.add", "application.user_membership.add",
)  # fmt: skip
PRIVILEGED = {"okta": "okta.admin_roles", "github": "github.members", "aws": "aws.iam.users"}
_UNSAID = unknown(Reason.NOT_COLLECTED)


def users_per_system(given: Given) -> Drawn:
    """Every account that was seen in the period, and how the people list and the accounts disagree at its end."""
    items = [
        Item(system.slug, seen.account.id, {
            "system": system.name, "account": seen.account.id, "person": whose(seen.account, given.people),
            "roles": roles_of(system, seen.row), "active": _flag(seen.closed_at is None, seen.account),
            "first_seen": moment(seen.first), "last_seen": moment(seen.last), "last_used": last_used(seen.row),
        })
        for system in given.systems for seen in watched(given, system).values() if not _is_of_the_next(given, seen)
    ]  # fmt: skip
    return Drawn(items, unequal=list(unequal_accounts(given)))


def _is_of_the_next(given: Given, seen: Seen) -> bool:
    """Whether its source says that it was made after the period: only the look that bounds the period shows it then. Where
    the source does not say when, it may have been there."""
    made = instant(seen.row.get("created"))
    return made is not None and made >= given.period.ends


def _flag(active: bool, account: Account) -> Any:
    return _UNSAID if account.active is None else active


def unequal_accounts(given: Given) -> Iterator[Unequal]:
    """People and accounts held against each other, as at the last day of the period. The people list names accounts by
    vendor: where two connections of one are read, which of them a person should be in is not known."""
    everybody = frozenset(system.slug for system in given.systems if system.vendor in FOR_EVERYBODY)
    listed = {
        system.slug: [seen.account for seen in watched(given, system).values() if seen.closed_at is None]
        for system in given.systems if LISTED.get(system.vendor) and system.of(LISTED[system.vendor])
    }  # fmt: skip
    several = Counter(system.vendor for system in given.systems)
    known_as = {system.slug: system.vendor for system in given.systems if several[system.vendor] == 1}
    return reconcile(given.people, listed, on=given.period.last, everybody=everybody, known_as=known_as)


def privileged_users(given: Given) -> Drawn:
    """Every account that had an administrator's right at some look of the period, once for each right."""
    items: list[Item] = []
    for system in given.systems:
        kind = PRIVILEGED.get(system.vendor, "")
        found: dict[tuple[str, str], tuple[Any, frozenset[str], datetime, datetime]] = {}
        for look in system.of(kind):
            groups = administrators(system.of("aws.iam.groups"), look.at)
            for account, names, right in rights_of(system, kind, look, groups):
                before = found.get((account, cell_text(right)))
                found[account, cell_text(right)] = (right, names, before[2] if before else look.at, look.at)
        items += [_privileged(given, system, account, *seen) for (account, _), seen in found.items()]
    return Drawn(items)


def _privileged(
    given: Given, system: System, account: str, right: Any, names: frozenset[str], first: datetime, last: datetime
) -> Item:
    return Item(system.slug, f"{account}: {cell_text(right)}", {
        "system": system.name, "account": account, "right": right,
        "person": whose(Account(system.slug, account, names, True), given.people),
        "first_seen": moment(first), "last_seen": moment(last), "reason": _UNSAID,
    })  # fmt: skip


def access_grants(given: Given) -> Drawn:
    """Every grant that the identity provider's log tells of. Which request it answers, the log does not say."""
    items: list[Item] = []
    excluded: list[Excluded] = []
    for system in given.systems:
        for event in system.latest(LOG):
            at = instant(event.get("published"))
            if event.get("event_type") not in GRANTS or (at is not None and not given.period.holds(at)):
                continue
            if event.get("result") in ("FAILURE", "DENY"):
                excluded.append(Excluded(system.slug, str(event.get("uuid")), "It did not go through."))
            else:
                items.append(_grant(system, event))
    return Drawn(items, excluded)


def _grant(system: System, event: Row) -> Item:
    targets = event.get("targets") or []
    users = [str(each.get("name") or each.get("id")) for each in targets if each.get("type") == "User"]
    things = [str(each.get("name") or each.get("id")) for each in targets if each.get("type") != "User"]
    said = ", ".join(things) or event.get("message")
    return Item(system.slug, str(event.get("uuid")), {
        "event": needed(event, "uuid"), "granted_at": moment(needed(event, "published")), "system": system.name,
        "account": ", ".join(users) or (said if event.get("event_type") == "group.privilege.grant" else _UNSAID),
        "granted": said or unknown(Reason.MALFORMED), "granted_by": needed(event, "actor"),
        "ticket": _UNSAID, "requested_at": _UNSAID, "approved_by": _UNSAID,
    })  # fmt: skip
