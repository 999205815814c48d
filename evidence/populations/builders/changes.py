"""Changes: what was merged, and what reached the branch without a merged request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from evidence.checks.base import Reason, Row, Unreadable, known, unknown

from ..given import Drawn, Excluded, Given, System, instant, left_out, moment, needed, told
from ..items import Item, is_unknown
from ..spans import Hole, Period

MERGED, PUSHED = "github.merged_pull_requests", "github.direct_pushes"
_TICKET = re.compile(r"\b[A-Z][A-Z0-9]{1,9}-\d+\b|(?<!\w)#\d+\b")


def merged_changes(given: Given) -> Drawn:
    """Every change merged in the period, with who wrote, approved and merged it, its checks and its ticket."""
    return _draw(given, MERGED, "number", "merged_at", _change)


def direct_pushes(given: Given) -> Drawn:
    """Every commit of the period that belongs to no merged request, or of which that could not be seen."""
    return _draw(given, PUSHED, "sha", "at", _push)


def _draw(given: Given, kind: str, item: str, dated: str, make: Any) -> Drawn:
    items: list[Item] = []
    excluded: list[Excluded] = []
    holes: list[Hole] = []
    for system in given.systems:
        out = left_out(given.scope, system.vendor)
        for row in system.latest(kind):
            if row.get(item) is None and "read" in row:
                holes += _unread(row, out, given.period)
                continue
            at = instant(row.get(dated))
            if at is not None and not given.period.holds(at):
                continue
            made = make(system, row)
            if isinstance(made, Excluded):
                excluded.append(made)
            elif row.get("repository") in out:
                excluded.append(Excluded(system.slug, made.id, f"{row['repository']} was decided to be out of scope."))
            else:
                items.append(made)
    return Drawn(items, excluded, holes)


def _unread(row: Row, out: frozenset[str], period: Period) -> Iterator[Hole]:
    """A repository that could not be read leaves the whole list in doubt."""
    try:
        known(row, "read")
    except Unreadable as gap:
        if row.get("repository") not in out:
            why = f"{row.get('repository')} could not be read: {gap.reason.value.replace('_', ' ')}."
            yield Hole(period.starts, period.ends, why)


def _change(system: System, row: Row) -> Item:
    approvals = told(row, "approvals")
    return Item(system.slug, str(row["id"]), {
        "change": row["id"], "title": told(row, "title"), "repository": needed(row, "repository"),
        "author": needed(row, "author"), "merged_by": told(row, "merged_by"), "merged_at": moment(needed(row, "merged_at")),
        "approved_by": _approvers(approvals), "approved_after_last_push": _as_merged(approvals),
        "checks": _checks(row), "ticket": ticket_in(row.get("title")),
        "ticket_raised_at": unknown(Reason.NOT_COLLECTED), "deployed_at": unknown(Reason.NOT_COLLECTED),
    })  # fmt: skip


def _approvers(approvals: Any) -> Any:
    if is_unknown(approvals) or not isinstance(approvals, list):
        return approvals if is_unknown(approvals) else unknown(Reason.MALFORMED)
    return ", ".join(str(each.get("by")) for each in approvals) or None


def _as_merged(approvals: Any) -> Any:
    """Whether some approval is of the merged commit. Of an unknown commit alone nobody can say."""
    if is_unknown(approvals) or not isinstance(approvals, list):
        return approvals if is_unknown(approvals) else unknown(Reason.MALFORMED)
    if any(each.get("current") is True for each in approvals):
        return True
    return next((each["current"] for each in approvals if is_unknown(each.get("current"))), False)


def _checks(row: Row) -> Any:
    """`passed`, `none`, or `failed: …`. One that still ran when it was read says nothing yet."""
    state = needed(row, "checks.state")
    if state == "pending":
        return unknown(Reason.NOT_COLLECTED)
    failed: Sequence[Any] = (row.get("checks") or {}).get("failed") or ()
    return f"failed: {', '.join(map(str, failed))}" if state == "failed" else state


def ticket_in(title: Any) -> str | None:
    """The first ticket that a title names: `PAY-12` or `#12`. None where it names none; where tickets are kept elsewhere,
    the list says so by its questions."""
    found = _TICKET.search(title) if isinstance(title, str) else None
    return found.group() if found else None


def _push(system: System, row: Row) -> Item | Excluded:
    pull = told(row, "pull")
    if pull is not None and not is_unknown(pull):
        return Excluded(system.slug, str(row["id"]), f"It belongs to the merged request #{pull}.")
    unsaid = unknown(Reason.NOT_COLLECTED)
    return Item(system.slug, str(row["id"]), {
        "change": row["id"], "repository": needed(row, "repository"), "author": needed(row, "author"),
        "made_at": moment(needed(row, "at")), "title": told(row, "message"),
        "reviewed_by": unsaid, "reviewed_at": unsaid, "reason": unsaid,
    })  # fmt: skip
