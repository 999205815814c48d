"""Reading coverage: of a programme as last counted, of one requirement as it is, and of a period that is only supposed."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from compliance.programmes.models import Programme
from compliance.programmes.selectors import open_programmes
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from controls.conditions import controls_ever_asked

from ..models import EvidenceRequirement
from .facts import Facts, Seen
from .models import Coverage, Tolerance
from .sums import summed
from .terms import Period, period_of


def programmes_counted() -> list[tuple[Programme, Period]]:
    """The programmes under way that have a period or a day, the one that began first at the head."""
    known = [(each, period) for each in open_programmes() if (period := period_of(each))]
    return sorted(known, key=lambda pair: pair[1].span)


def coverage_rows(programme: Programme) -> QuerySet[Coverage]:
    """What was last counted of a programme, with requirements, controls and owners, by reference."""
    found = Coverage.objects.filter(programme=programme)
    return found.select_related("requirement__control__owner", "requirement__owner").order_by("requirement__ref")


def coverage_now(programme: Programme, period: Period) -> list[Coverage]:
    """The rows of a programme as of today: where they were counted for another day, or for another period than is asked
    about, they are counted here and not kept."""
    on = today(here().timezone)
    if period == period_of(programme):
        rows = list(coverage_rows(programme))
        if all(row.on == on for row in rows):
            return rows
    return coverage_counted(programme, period, on)


def coverage_counted(programme: Programme, period: Period, on: date) -> list[Coverage]:
    """What a programme's requirements show on a day, counted and not kept: a second or two in a large room."""
    facts = Facts([period], on=on)
    asked = set(controls_ever_asked(programme).order_by().values_list("pk", flat=True))
    counted = [each for each in facts.requirements.values() if each.control_id in asked]
    return [
        Coverage(programme=programme, requirement=each, **summed(facts.intervals(programme, each, period), on))
        for each in counted
    ]


def intervals_of(requirement: EvidenceRequirement, programme: Programme | None = None, *, on: date | None = None) -> list[Seen]:
    """The intervals of one requirement as they are now; without a programme of the one that began first."""
    counted = programmes_counted()
    wanted = next((pair for pair in counted if programme is None or pair[0].pk == programme.pk), None)
    if wanted is None:
        return []
    found, period = wanted
    return Facts([period], [requirement], on=on).intervals(found, requirement, period)


def tolerance_of(programme: Programme) -> Tolerance:
    """What its audit firm tolerates; where nobody said, the definitions' own, not saved."""
    return Tolerance.objects.filter(programme=programme).first() or Tolerance(programme=programme)
