"""Linking artefacts to the requirements that they serve."""

from __future__ import annotations

from django.db import transaction

from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import Artefact, EvidenceLink, EvidenceRequirement
from .freshness import refresh_requirements

#: What the trail calls it. Packs read by it what showed a control once.
UNLINKED = "evidence.artefact.unlinked"


@transaction.atomic
def link_artefact(*, actor: Actor, artefact: Artefact, requirement: EvidenceRequirement) -> EvidenceLink:
    """Let an artefact serve a requirement. Linking twice is once."""
    link, made = EvidenceLink.objects.get_or_create(artefact=artefact, requirement=requirement)
    if made:
        record(actor=actor, action="evidence.artefact.linked", target=artefact, after={"requirement": requirement.ref})
        refresh_requirements(actor=actor, requirement_ids=[requirement.pk])
    return link


@transaction.atomic
def unlink_artefact(*, actor: Actor, artefact: Artefact, requirement: EvidenceRequirement) -> None:
    """An artefact no longer serves a requirement; both stay."""
    removed, _ = EvidenceLink.objects.filter(artefact=artefact, requirement=requirement).delete()
    if removed:
        record(actor=actor, action=UNLINKED, target=artefact, before={"requirement": requirement.ref})
        refresh_requirements(actor=actor, requirement_ids=[requirement.pk])


def link_collected(*, actor: Actor, artefact: Artefact, fact_kind: str) -> int:
    """Link a collected artefact to every requirement that names its fact kind; returns how many were new."""
    linked = EvidenceLink.objects.filter(artefact=artefact).values("requirement_id")
    wanting = EvidenceRequirement.objects.filter(fact_kinds__contains=[fact_kind]).exclude(pk__in=linked)
    links = EvidenceLink.objects.bulk_create(
        [EvidenceLink(artefact=artefact, requirement=requirement) for requirement in wanting], ignore_conflicts=True
    )
    if links:
        record(
            actor=actor, action="evidence.artefact.linked", target=artefact,
            after={"requirements": [link.requirement.ref for link in links]},
        )
    return len(links)
