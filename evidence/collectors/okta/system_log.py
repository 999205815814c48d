"""The System Log, followed from where the last run left off.

Okta keeps it for 90 days, so the populations of a longer period exist only if it is collected all the while.
A polling request (no `until`, ascending) goes by the time at which an event was stored, so that a late one is not
missed; it always names a next page, which is what we keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from evidence.checks.base import Row
from evidence.collectors.base import Context, FactKind, Page
from evidence.collectors.okta.reading import entries, found, pick
from evidence.collectors.okta.session import MOST_PAGES, OktaSession
from evidence.collectors.retention import KEPT

RETENTION = KEPT["okta.system_log"].span
LIMIT = 1000

EVENTS = (
    "user.lifecycle.create", "user.lifecycle.activate", "user.lifecycle.reactivate", "user.lifecycle.deactivate",
    "user.lifecycle.suspend", "user.lifecycle.unsuspend", "user.lifecycle.delete.initiated",
    "user.account.privilege.grant", "user.account.privilege.revoke", "group.user_membership.add",
    "group.user_membership.remove", "group.privilege.grant", "group.privilege.revoke",
    "application.user_membership.add", "application.user_membership.remove", "user.mfa.factor.deactivate",
)  # fmt: skip
FILTER = " or ".join(f'eventType eq "{event}"' for event in EVENTS)

_PATH = "/api/v1/logs"
_FIELDS = {
    "uuid": "uuid", "event_type": "eventType", "published": "published", "result": "outcome.result",
    "actor_id": "actor.id", "actor": "actor.alternateId", "actor_type": "actor.type", "message": "displayMessage",
}  # fmt: skip


def _collect(session: OktaSession, context: Context) -> Iterator[Page]:
    query, lost = _start(context)
    cursor = {} if lost else context.cursor or {}
    since, rows = cursor.get("from") or query.get("since"), cursor.get("rows", 0)
    for number, (page, link) in enumerate(session.walk(_PATH, query), start=1):
        parameters = {**page.parameters, **lost} if number == 1 else page.parameters
        rows += len(page.body)
        if link is not None:
            at = context.now.isoformat()
            told = {"from": since, "to": _newest(page) or at, "rows": rows}
            context.next_cursor = {"query": session.query_of(link, page.call), "at": at, **told}
        yield Page(page.call, parameters, page.body)
        # At the most pages of one run the next one goes on from here.
        if not page.body or number >= MOST_PAGES:
            return


def _newest(page: Page) -> str:
    """When the last event of a page was published; empty where it holds none: then the log is read to its end."""
    return str(found(page.body[-1], "published") or "") if page.body else ""


def _start(context: Context) -> tuple[dict[str, Any], dict[str, Any]]:
    """Where to begin, and the span that Okta no longer keeps where the last run is longer ago than its retention."""
    oldest = context.now.astimezone(UTC) - RETENTION
    cursor = context.cursor or {}
    last = datetime.fromisoformat(str(cursor["at"])) if cursor.get("at") else None
    if cursor.get("query") and last is not None and last >= oldest:
        return dict(cursor["query"]), {}
    since = oldest.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    fresh = {"since": since, "filter": FILTER, "limit": LIMIT, "sortOrder": "ASCENDING"}
    return fresh, {"not_kept": {"from": last.isoformat(), "to": since}} if last is not None else {}


def _rows(pages: Sequence[Page]) -> list[Row]:
    """One row per event: polling may bring an event twice."""
    return list({str(entry.get("uuid")): _row(entry) for entry in entries(pages)}.values())


def _row(event: dict[str, Any]) -> Row:
    targets = [target for target in event.get("target") or [] if isinstance(target, dict)]
    return {
        **pick(event, _FIELDS),
        "target_users": [target.get("id") for target in targets if target.get("type") == "User"],
        "targets": [
            {"id": found(t, "id"), "type": found(t, "type"), "name": found(t, "alternateId") or found(t, "displayName")}
            for t in targets
        ],
    }


KINDS = (
    FactKind(
        id="okta.system_log", title="System Log: lifecycle, privilege and membership events (kept 90 days by Okta)",
        collect=_collect, rows=_rows, permissions=("okta.logs.read",), can_be_empty=True, incremental=True, back=RETENTION,
    ),
)  # fmt: skip
