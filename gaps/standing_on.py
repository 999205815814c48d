"""The evidence that a gap stands on: artefacts of the facts that a check was judged by, or of a requirement."""

from __future__ import annotations

from dataclasses import dataclass

from evidence.checks import catalogue
from evidence.checks.base import Check
from evidence.models import Artefact, EvidenceRequirement
from evidence.populations.models import Population

from .models import Gap
from .populations import OF_LISTS
from .wanted import CHECK_FAILS


@dataclass(frozen=True)
class Ground:
    """What a gap stands on: the check where one fails, the requirement where one is not fresh, and their artefacts; the
    population where its list or its rows are not as they should be."""

    check: Check | None
    requirement: EvidenceRequirement | None
    artefacts: list[Artefact]
    population: Population | None = None


def ground_of(gap: Gap) -> Ground:
    """One query at most, whatever the gap."""
    if gap.rule == CHECK_FAILS:
        check = catalogue.get(gap.subject)
        keys = [f"{gap.connection_id}:{kind}" for kind in check.facts] if check else []
        return Ground(check, None, list(Artefact.objects.filter(collected_key__in=keys).order_by("ref")) if keys else [])
    if gap.rule in OF_LISTS:
        return Ground(None, None, [], Population.objects.filter(ref=gap.subject.partition(" ")[0]).first())
    if gap.requirement is None:
        return Ground(None, None, [])
    shown = Artefact.objects.filter(links__requirement=gap.requirement).order_by("-latest_effective_end", "ref")
    return Ground(None, gap.requirement, list(shown[:20]))
