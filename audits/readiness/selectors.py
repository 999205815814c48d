"""Reading what the pages of readiness show: the kept figures, and the few rows that must be as new as the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, Q, QuerySet, Subquery
from django.utils.safestring import SafeString

from compliance.programmes.models import Programme
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import here
from compliance.trail.models import Entry
from compliance.trail.selectors import entries
from evidence.collectors.models import Connection
from gaps.models import Gap
from gaps.selectors import in_rows, open_gaps

from .condensed import drawing_of, summary_of
from .figures import figures_of_room
from .models import Figures, FiguresDay

WEEK = timedelta(days=7)
#: What the page tells of the week: the register, checks that turned, evidence that grew old, collections.
_TOLD = Q(action__in=[
    "gaps.gap.opened", "gaps.gap.closed", "gaps.gap.reopened", "evidence.check.turned", "evidence.run.finished",
]) | Q(action__startswith="evidence.requirement.went_")  # fmt: skip
_WEEKS_ENTRIES = 500


@dataclass(frozen=True)
class Reading:
    """The figures of the room, and the programme of them that is asked for. Shapes: audits/readiness/figures.py."""

    figures: dict[str, Any]
    computed_at: datetime | None
    programme: dict[str, Any] | None

    @property
    def programmes(self) -> list[dict[str, Any]]:
        """The programmes under way, in the order in which they were begun."""
        return self.figures.get("programmes", [])

    @property
    def can_be_shown(self) -> bool:
        """Whether there is anything to say: a programme, and controls to judge it by."""
        return self.programme is not None and self.figures["controls"]["total"] > 0


@dataclass(frozen=True)
class Standing(Reading):
    """A reading for the dashboard: the sums alone, the lamps drawn, the newest headline that is at least a week old, and
    whether any system is connected."""

    lamps: SafeString
    before: FiguresDay | None
    connected: bool


def reading_of(programme_id: str) -> Reading | None:
    """The figures with the programme asked for, the first where none is; None where it is not under way."""
    row = figures_of_room()
    figures = row.figures if row else {}
    chosen = _chosen(figures, programme_id)
    if programme_id and chosen is None:
        return None
    return Reading(figures, row.computed_at if row else None, chosen)


def standing_of(programme_id: str, day: date) -> Standing | None:
    """As `reading_of`, with what else the dashboard shows on a day. One query; a row of an earlier version takes two."""
    before = FiguresDay.objects.filter(day__lte=day - WEEK).order_by("-day")
    rows = Figures.objects.filter(organization_id=here().organization_id).defer("figures")
    row = rows.annotate(
        before_day=Subquery(before.values("day")[:1]), before_figures=Subquery(before.values("figures")[:1]),
        is_connected=Exists(Connection.objects.all()),
    ).first()  # fmt: skip
    if row is None:
        return None if programme_id else Standing({}, None, None, SafeString(""), None, False)
    figures = row.summary or summary_of(row.figures)
    chosen = _chosen(figures, programme_id)
    if programme_id and chosen is None:
        return None
    drawing = SafeString(row.drawing) if row.summary else drawing_of(row.figures.get("lamps", []), here().slug)
    headline = FiguresDay(day=row.before_day, figures=row.before_figures) if row.before_day else None
    return Standing(figures, row.computed_at, chosen, drawing, headline, row.is_connected)


def _chosen(figures: dict[str, Any], programme_id: str) -> dict[str, Any] | None:
    return next((each for each in figures.get("programmes", []) if not programme_id or each["id"] == programme_id), None)


def programme_of(reading: Reading) -> Programme | None:
    """The row behind the figures, with its phases; None where it was deleted since they were computed."""
    if reading.programme is None:
        return None
    return Programme.objects.prefetch_related("phases").filter(pk=reading.programme["id"]).first()


def next_gaps(number: int) -> list[Gap]:
    """What fails an audit first."""
    return list(in_rows(open_gaps(), "control__title")[:number])


def week_of_entries() -> QuerySet[Entry]:
    """What the trail says of the last seven days that bears on readiness, newest first, no more than 500."""
    return entries().filter(_TOLD, at__gte=now() - WEEK)[:_WEEKS_ENTRIES]
