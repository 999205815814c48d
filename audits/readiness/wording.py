"""The sentences of the dashboard and of My work."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from compliance.desk.entries import WorkItem
from compliance.web.states import look_of
from compliance.web.words import day as in_words
from gaps.models import Gap

_KINDS = {"gap": "Gap", "evidence": "Evidence", "approval": "Approval", "request": "Auditor request"}
_SOON_DAYS = 7


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 day`, `2 days`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def days_left(due: date | None, today: date) -> str:
    """How far off a due date is, as a column beside the date reads."""
    if due is None:
        return "No date agreed"
    days = (due - today).days
    if days < 0:
        return f"{counted(-days, 'day')} late"
    return "Today" if days == 0 else "Tomorrow" if days == 1 else f"In {days} days"


def due_state(due: date | None, today: date) -> str:
    """The look of a due date."""
    if due is None or due > today + timedelta(days=_SOON_DAYS):
        return "to_come"
    return "overdue" if due < today else "due_soon"


def who_and_when(gap: Gap, today: date) -> str:
    """Who has how long for a gap, as a sentence."""
    who = gap.owner.name if gap.owner else ""
    if gap.due_date is None:
        return f"{who} owns it; no date is agreed." if who else "Nobody owns it, and no date is agreed."
    days = (gap.due_date - today).days
    if days < 0:
        return f"It is {counted(-days, 'day')} late, and {f'{who} owns it' if who else 'nobody owns it'}."
    left = "has until today" if days == 0 else f"has {counted(days, 'day')} left"
    return f"{who} {left}." if who else f"It {left}, and nobody owns it."


def since_a_week_ago(now: dict[str, Any], before: dict[str, Any] | None, when: date | None) -> str:
    """What has become of a programme's readiness since an earlier headline; empty where that knew no percentage.

    A point is a point only between two figures of the same denominator; where D has changed, both are told.
    """
    if before is None or when is None or now["percent"] is None or before.get("percent") is None:
        return ""
    points = now["percent"] - before["percent"]
    moved = f"{'Up' if points > 0 else 'Down'} {counted(abs(points), 'point')}" if points else "Unchanged"
    if now["d"] != before["d"]:
        return f"{moved} since {in_words(when)}, when {before['ready']} of {before['d']} were ready."
    ready = f", when {before['ready']} were ready" if points else ""
    return f"{moved} since {in_words(when)}{ready}."


def age(computed_at: datetime, now: datetime) -> str:
    """How old the figures are."""
    minutes = max(int((now - computed_at).total_seconds() // 60), 0)
    if minutes < 2:
        return "computed just now"
    if minutes < 120:
        return f"computed {minutes} minutes ago"
    hours = minutes // 60
    return f"computed {hours} hours ago" if hours < 48 else f"computed {hours // 24} days ago"


def waiting_line(item: WorkItem, today: date) -> dict[str, Any]:
    """What `components/queue_item.html` needs of an item."""
    kind = _KINDS.get(item.kind, item.kind.replace("_", " ").capitalize())
    return {
        "item": item, "meta": f"{kind}, {look_of(item.state, item.kind).word.lower()}",
        "state": due_state(item.due, today), "due_words": days_left(item.due, today),
    }  # fmt: skip
