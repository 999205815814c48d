"""The System Log: what happened to accounts as the people came and went, and what the story did."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sample.okta.accounts import Account, oid, stamp

RETENTION = timedelta(days=90)

_SAID = {
    "user.lifecycle.create": "Create okta user", "user.lifecycle.activate": "Activate Okta user",
    "user.lifecycle.deactivate": "Deactivate Okta user", "group.user_membership.add": "Add user to group membership",
    "application.user_membership.add": "Add user to application membership",
    "user.account.privilege.grant": "Grant user privilege",
}  # fmt: skip


Entry = dict[str, Any]


def event(kind: str, at: datetime, targets: Iterable[Entry], actor: Entry | None = None) -> Entry:
    """One event as `GET /api/v1/logs` answers it."""
    listed = list(targets)
    seed = f"{kind}{stamp(at)}{[target['id'] for target in listed]}"
    return {
        "uuid": str(uuid.UUID(hashlib.sha256(seed.encode()).hexdigest()[:32])), "published": stamp(at),
        "eventType": kind, "version": "0", "severity": "INFO", "displayMessage": _SAID.get(kind, kind),
        "outcome": {"result": "SUCCESS"}, "target": listed,
        "actor": actor or {"id": oid("0oa", "HiBob"), "type": "SystemPrincipal", "alternateId": "system@okta.com",
                           "displayName": "Okta System"},
        "transaction": {"type": "JOB", "id": oid("trs", seed), "detail": {}},
    }  # fmt: skip


def user_target(account: Account) -> dict[str, Any]:
    return {"id": account.id, "type": "User", "alternateId": account.login,
            "displayName": f"{account.first} {account.last}"}  # fmt: skip


def lifecycle(account: Account, apps: Iterable[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """The events of one account's life. `apps` are (id, label) of what its team is assigned."""
    target = user_target(account)
    yield event("user.lifecycle.create", account.created, [target])
    yield event("user.lifecycle.activate", account.activated, [target])
    moment = account.activated + timedelta(minutes=1)
    if account.team:
        group = {"id": oid("00g", account.team), "type": "UserGroup", "alternateId": "unknown",
                 "displayName": account.team}  # fmt: skip
        yield event("group.user_membership.add", moment, [target, group])
    for id, label in apps:
        moment += timedelta(seconds=2)
        app = {"id": id, "type": "AppInstance", "alternateId": label, "displayName": label}
        yield event("application.user_membership.add", moment, [target, app])
    if account.closed is not None:
        yield event("user.lifecycle.deactivate", account.closed, [target])


def long_past(account: Account, now: datetime) -> bool:
    """Whether nothing of an account's life is within the log's reach: most were opened long before the story."""
    oldest = now - RETENTION
    left = account.closed is not None and oldest <= account.closed <= now
    return account.activated + timedelta(days=1) < oldest and not left


def kept(events: Iterable[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """Events that have happened and that Okta still keeps, in the order of their publication."""
    oldest, newest = str(stamp(now - RETENTION)), str(stamp(now))
    held = [event for event in events if oldest <= event["published"] <= newest]
    return sorted(held, key=lambda event: (event["published"], event["uuid"]))
