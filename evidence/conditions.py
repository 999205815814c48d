"""What evidence says of a programme's exits: coverage without a hole, nothing stale, populations confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from compliance.programmes.conditions import Condition, all_of
from compliance.programmes.models import PhaseKind, Programme
from compliance.tenancy.rooms import here
from controls.conditions import controls_asked
from controls.models import Standing

from .models import EvidenceRequirement, Freshness


def conditions(programme: Programme) -> Iterator[Condition]:
    """The pre-audit review's conditions. Coverage is that of the running programme whose period began first."""
    controls, slug = controls_asked(programme), here().slug
    ids = list(controls.values_list("pk", flat=True))
    yield _coverage(list(Standing.objects.filter(control_id__in=ids).values_list("coverage", flat=True)), slug)
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


def _coverage(covered: list[dict[str, Any]], slug: str) -> Condition:
    """A closed interval that was missed, or of which nobody knows, is a hole; those to come are none."""
    sums = [(each or {}).get("sums", {}) for each in covered]
    holes = sum(each.get("missed", 0) + each.get("unknown", 0) for each in sums)
    looked = sum(sum(each.values()) for each in sums)
    return Condition(
        PhaseKind.PRE_AUDIT, "coverage", "The period is covered without a hole", holes == 0 if looked else None,
        f"{holes} of {looked} intervals missed or unknown" if looked else "no interval is known",
        reverse("evidence:list", args=[slug]), 10,
    )  # fmt: skip
