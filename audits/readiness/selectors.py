"""Reading what the pages of readiness show: the kept figures, and the few rows that must be as new as the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from compliance.frameworks.models import Requirement
from compliance.programmes.models import Programme
from compliance.tenancy.clock import now
from compliance.trail.models import Entry
from compliance.trail.selectors import entries
from gaps.models import Gap
from gaps.selectors import open_gaps

from .figures import figures_of_room
from .models import FiguresDay

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


def reading_of(programme_id: str) -> Reading | None:
    """The figures with the programme asked for, the first where none is; None where it is not under way."""
    row = figures_of_room()
    figures = row.figures if row else {}
    listed = figures.get("programmes", [])
    chosen = next((each for each in listed if not programme_id or each["id"] == programme_id), None)
    if programme_id and chosen is None:
        return None
    return Reading(figures, row.computed_at if row else None, chosen)


def programme_of(reading: Reading) -> Programme | None:
    """The row behind the figures, with its phases; None where it was deleted since they were computed."""
    if reading.programme is None:
        return None
    return Programme.objects.prefetch_related("phases").filter(pk=reading.programme["id"]).first()


def next_gaps(number: int) -> list[Gap]:
    """What fails an audit first."""
    return list(open_gaps()[:number])


def headline_before(day: date) -> FiguresDay | None:
    """The newest headline that is at least a week old on a day."""
    return FiguresDay.objects.filter(day__lte=day - WEEK).order_by("-day").first()


def week_of_entries() -> QuerySet[Entry]:
    """What the trail says of the last seven days that bears on readiness, newest first, no more than 500."""
    return entries().filter(_TOLD, at__gte=now() - WEEK)[:_WEEKS_ENTRIES]


def titles_of(refs: Iterable[str], framework_ids: Iterable[Any]) -> dict[str, str]:
    """What the groups of frameworks are called, by reference. One query."""
    groups = Requirement.objects.filter(framework_id__in=list(framework_ids), assessable=False, ref__in=list(refs))
    found: dict[str, str] = {}
    for ref, title in groups.order_by("framework_id", "position").values_list("ref", "title"):
        found.setdefault(ref, title)
    return found
