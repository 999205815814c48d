"""What evidence says of a programme's exits: coverage without a hole, nothing stale, populations confirmed."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse

from compliance.programmes.conditions import Condition, all_of
from compliance.programmes.models import PhaseKind, Programme
from compliance.tenancy.rooms import here
from controls.conditions import controls_asked

from .coverage.models import Coverage, Worst
from .models import EvidenceRequirement, Freshness


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
    sampled = controls.filter(tested_by_sample=True).aggregate(
        all=Count("pk"), confirmed=Count("pk", filter=Q(population_confirmed_at__isnull=False))
    )
    yield Condition(
        PhaseKind.PRE_AUDIT, "populations", "Every population is confirmed as complete",
        sampled["confirmed"] == sampled["all"], all_of(sampled["confirmed"], sampled["all"], "sampled controls"),
        f"{reverse('controls:matrix', args=[slug])}?by={programme.pk}&missing=population", 30,
    )  # fmt: skip


def _coverage(programme: Programme, slug: str) -> Condition:
    """A closed interval that was missed, or of which nobody knows, is a hole; those to come are none. What counts is
    requirements without one: a year of weekly evidence must not hide a lost quarter."""
    rows = Coverage.objects.filter(programme=programme).exclude(worst=Worst.NOTHING)
    counted = rows.aggregate(all=Count("pk"), holed=Count("pk", filter=Q(worst__in=(Worst.MISSED, Worst.UNKNOWN))))
    whole = counted["all"] - counted["holed"]
    return Condition(
        PhaseKind.PRE_AUDIT, "coverage", "The period is covered without a hole", whole == counted["all"] if counted["all"] else None,
        f"{all_of(whole, counted['all'], 'requirements')} without a hole" if counted["all"] else "no interval is known",
        f"{reverse('coverage:year', args=[slug])}?programme={programme.pk}", 10,
    )  # fmt: skip
