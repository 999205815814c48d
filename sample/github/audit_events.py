"""The sample organisation's audit log: who joined and left, and the settings that were looked after each week."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sample.github.repositories import ORGANIZATION
from sample.github.world import GitHubWorld

#: GitHub keeps no event longer.
KEPT = timedelta(days=180)


def events(world: GitHubWorld) -> list[dict[str, Any]]:
    """Every event that GitHub still keeps, oldest first."""
    admin, found = world.owners[0], []
    for person in world.people:
        if not person.github:
            continue
        found.append(_event(world.clock.at(person.start_day), "org.add_member", admin, user=person.github))
        if person.end_day is not None:
            found.append(_event(world.clock.at(person.end_day), "org.remove_member", admin, user=person.github))
    for week in range(-30, 60):
        found.append(_event(world.clock.at(7 * week), "org.audit_log_export", admin))
    kept = [e for e in found if world.now - KEPT <= _moment(e) <= world.now]
    return sorted(kept, key=lambda event: (event["@timestamp"], event["_document_id"]))


def asked_for(world: GitHubWorld, phrase: str, order: str) -> list[dict[str, Any]]:
    """The events of a search: `created:2026-01-01..2026-01-08`, both days included."""
    found = events(world)
    days = re.search(r"created:(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", phrase)
    if days:
        found = [event for event in found if days[1] <= _moment(event).date().isoformat() <= days[2]]
    return found if order == "asc" else found[::-1]


def _event(at: datetime, action: str, actor: str, **more: Any) -> dict[str, Any]:
    stamp = int(at.timestamp() * 1000)
    return {
        "@timestamp": stamp, "created_at": stamp, "action": action, "actor": actor, "org": ORGANIZATION,
        "_document_id": f"{action}-{stamp}-{more.get('user', '')}", **more,
    }  # fmt: skip


def _moment(event: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(event["@timestamp"] / 1000, UTC)
