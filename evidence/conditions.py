"""What evidence says of a programme's exits: coverage without a hole, nothing stale, populations confirmed."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from compliance.programmes.conditions import Condition, all_of
from compliance.programmes.models import PhaseKind, Programme
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from controls.conditions import controls_asked
from controls.models import Control

from .coverage.models import Coverage, Worst
from .coverage.selectors import coverage_now
from .coverage.terms import period_of
from .models import EvidenceRequirement, Freshness
from .populations.speaking import populations_beside


def conditions(programme: Programme) -> Iterator[Condition]:
    """The pre-audit review's conditions. Coverage is that of the programme itself."""
    controls, slug = controls_asked(programme), here().slug
    ids = list(controls.values_list("pk", flat=True))
    yield _coverage(programme, slug)
    counted = EvidenceRequirement.objects.filter(control_id__in=ids).aggregate(
        all=Count("pk"), wanting=Count("pk", filter=Q(freshness__in=(Freshness.STALE, Freshness.MISSING)))
    )
    yield Condition(
        PhaseKind.PRE_AUDIT, "fresh", "No evidence is stale or missing",
        counted["wanting"] == 0 if counted["all"] else None,
        f"{counted['wanting']} of {counted['all']} stale or missing" if counted["all"] else "nothing is asked for",
        reverse("evidence:list", args=[slug]), 20,
    )  # fmt: skip
    yield _populations(programme, controls, slug)


def _populations(programme: Programme, controls: QuerySet[Control], slug: str) -> Condition:
    """Controls that are tested by sample need a population that is confirmed and speaks of the programme's days: a list of
    last year is none of this one. Where all that lacks is a list of these days, the populations are where to look."""
    period = period_of(programme)
    beside = populations_beside(period.span) if period else {}
    rows = list(controls.filter(tested_by_sample=True).values_list("pk", "population_confirmed_at"))
    confirmed = [control for control, at in rows if at is not None]
    speaking = sum(control not in beside for control in confirmed)
    matrix = f"{reverse('controls:matrix', args=[slug])}?by={programme.pk}&missing=population"
    return Condition(
        PhaseKind.PRE_AUDIT, "populations", "Every population is confirmed as complete for the period",
        speaking == len(rows), all_of(speaking, len(rows), "sampled controls"),
        reverse("populations:list", args=[slug]) if speaking < len(confirmed) == len(rows) else matrix, 30,
    )  # fmt: skip


def _coverage(programme: Programme, slug: str) -> Condition:
    """A closed interval that was missed, or of which nobody knows, is a hole; those to come are none. What counts is
    requirements without one: a year of weekly evidence must not hide a lost quarter."""
    total, holed = _holed(programme)
    whole = total - holed
    return Condition(
        PhaseKind.PRE_AUDIT, "coverage", "The period is covered without a hole", whole == total if total else None,
        f"{all_of(whole, total, 'requirements')} without a hole" if total else "no interval is known",
        f"{reverse('coverage:year', args=[slug])}?programme={programme.pk}", 10,
    )  # fmt: skip


def _holed(programme: Programme) -> tuple[int, int]:
    """How many requirements expect an interval, and how many of them have a hole. What was counted for another day is
    counted anew, as every page does (docs/decisions/0018): midnight alone turns open into missed."""
    rows, holes = Coverage.objects.filter(programme=programme), (Worst.MISSED, Worst.UNKNOWN)
    expected = ~Q(worst=Worst.NOTHING)
    counted = rows.aggregate(
        all=Count("pk", filter=expected), holed=Count("pk", filter=Q(worst__in=holes)),
        old=Count("pk", filter=~Q(on=today(here().timezone))),
    )  # fmt: skip
    period = period_of(programme)
    if not counted["old"] or period is None:
        return counted["all"], counted["holed"]
    worst = [row.worst for row in coverage_now(programme, period) if row.worst != Worst.NOTHING]
    return len(worst), sum(each in holes for each in worst)
