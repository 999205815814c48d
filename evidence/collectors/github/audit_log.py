"""The organisation's audit log (Enterprise Cloud), followed from where the last run left off.

GitHub keeps it for 180 days, so the history of a longer period exists only if it is collected all the while. It is read
week by week, oldest first: each week that was read to its end is a place to go on from. Events of Git itself are kept
for seven days only and are not asked for: changes have a population of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from evidence.checks.base import Reason, Row, unknown
from evidence.collectors.base import CollectionError, Context, FactKind, Page
from evidence.collectors.github.reading import value
from evidence.collectors.github.session import GitHub
from evidence.collectors.github.watermark import iso
from evidence.collectors.retention import KEPT

AUDIT_LOG = "Organization audit log: Enterprise Cloud, with Organization administration: read"
RETENTION = KEPT["github.audit_log"].span
WEEK = timedelta(days=7)
#: Plans without an audit log that can be read over the API.
_LESSER = {"free", "team"}


def collect_audit_log(session: GitHub, context: Context) -> Iterator[Page]:
    """Every event since the last look, or since as long ago as GitHub keeps them."""
    path = f"/orgs/{session.organization}/audit-log"
    start, lost = _start(context)
    first, now = start, context.now.astimezone(UTC)
    kept = dict(context.cursor or {})
    while first <= now:
        last = min(first + WEEK, now)
        asked = {"include": "web", "order": "asc", "phrase": f"created:{first:%Y-%m-%d}..{last:%Y-%m-%d}"}
        for page in _pages(session, path, asked):
            yield Page(page.call, {**page.parameters, **lost}, page.body)
            lost = {}
        kept = {**kept, "to": iso(last), "at": iso(now)}
        context.next_cursor = dict(kept)
        yield Page(f"GET {path}", {"complete_from": iso(first), "complete_to": iso(last)}, [])
        if last == now:
            return
        first = last


def _start(context: Context) -> tuple[datetime, dict[str, Any]]:
    """Where to begin, and the stretch that GitHub no longer keeps where the last look is longer ago than its retention."""
    oldest = context.now.astimezone(UTC) - RETENTION
    said = (context.cursor or {}).get("to")
    last = datetime.fromisoformat(str(said).replace("Z", "+00:00")) if said else None
    if last is None or last >= oldest:
        return last or oldest, {}
    return oldest, {"not_kept": {"from": iso(last), "to": iso(oldest)}}


def _pages(session: GitHub, path: str, asked: Mapping[str, Any]) -> Iterator[Page]:
    try:
        for page in session.pages(path, asked):
            if not all(isinstance(e.get("_document_id"), str) and isinstance(e.get("@timestamp"), int) for e in page.body):
                raise CollectionError(Reason.MALFORMED, "an event has no id or no time", call=page.call)
            yield page
    except CollectionError as error:
        raise _told_apart(session, error) from error


def _told_apart(session: GitHub, error: CollectionError) -> CollectionError:
    """A 404 stands for a plan without the log as well as for a missing right: the plan, where it is shown, decides."""
    if error.status != 404:
        return error
    try:
        plan = session.body(f"/orgs/{session.organization}").get("plan")
    except CollectionError:
        plan = None
    name = str(plan.get("name") or "").lower() if isinstance(plan, Mapping) else ""
    if name in _LESSER:
        return CollectionError(
            Reason.NOT_LICENSED, f"The plan {name} has no audit log that can be read.", call=error.call, status=404,
            remedy="The audit log can be collected on GitHub Enterprise Cloud; else say in scope how its history is kept.",
        )  # fmt: skip
    error.remedy = (
        "GitHub answers so where the plan is not Enterprise Cloud and where the credential may not read the log: an owner "
        "grants Organization administration, read."
    )
    return error


def audit_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """A row per event, each once, and one row of the organisation that says since when the log is held without a hole.

    An organisation always has events: where none was seen there is no row at all.
    """
    events: dict[str, Row] = {}
    spans: list[tuple[str, str]] = []
    holes: list[dict[str, str]] = []
    call = ""
    for page in pages:
        call = call or page.call
        if isinstance(page.parameters.get("not_kept"), Mapping):
            holes.append(dict(page.parameters["not_kept"]))
        if page.parameters.get("complete_to"):
            spans.append((page.parameters["complete_from"], page.parameters["complete_to"]))
        for event in page.body:
            events[str(event.get("_document_id"))] = _event(event)
    if not events:
        return
    yield {
        "id": "", "organization": call.split("/")[2], "events": len(events), "holes": holes,
        "complete_from": min((first for first, _ in spans), default=None),
        "complete_to": max((last for _, last in spans), default=None),
    }  # fmt: skip
    yield from events.values()


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    try:
        at: Any = iso(datetime.fromtimestamp(event["@timestamp"] / 1000, UTC))
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        at = unknown(Reason.MALFORMED)
    return {
        "id": value(event, "_document_id"), "at": at,
        "action": value(event, "action"), "actor": event.get("actor"), "user": event.get("user"),
        "repository": event.get("repo"), "team": event.get("team"),
    }  # fmt: skip


KINDS = (
    FactKind(
        "github.audit_log", "Audit log of the organisation", collect_audit_log, audit_rows, (AUDIT_LOG,),
        incremental=True,
    ),
)  # fmt: skip
