"""Which criteria do not apply, and why (DC 8; the statement of applicability of ISO 27001)."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.frameworks.models import Requirement
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..deciders import decided_elsewhere
from ..models import Programme
from ..selectors import annex_of, may_be_left_out, requirements_offered
from .news import tell


@transaction.atomic
def mark_not_relevant(*, actor: Actor, programme: Programme, requirement: Requirement, reason: str) -> Programme:
    """Leave a criterion out of the programme, with the reason that the description will state.

    Raises ValidationError without a reason, for a criterion that the programme does not ask, for a clause of
    ISO 27001 (only Annex A controls can be excluded), where an approved document decides it, and for a closed programme.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": "Say why it does not apply. An auditor reads this."})
    _refuse(programme, requirement)
    return _write(actor, programme, requirement, reason)


@transaction.atomic
def mark_relevant(*, actor: Actor, programme: Programme, requirement: Requirement) -> Programme:
    """Take a criterion back in. Nothing is written where it was in.

    Raises ValidationError where an approved document decides it, and for a closed programme.
    """
    _refuse_decided(programme)
    return _write(actor, programme, requirement, "")


@transaction.atomic
def follow_exclusions(*, actor: Actor, programme: Programme, reasons: Mapping[str, str]) -> Programme:
    """Leave out exactly those annex controls that an approved statement of applicability excludes, by reference with its
    reason, and take every other one in. What else was left out stays so."""
    programme = Programme.objects.select_for_update(of=("self",)).select_related("framework").get(pk=programme.pk)
    annex = set(annex_of(programme).values_list("ref", flat=True))
    before = {ref: why for ref, why in programme.not_relevant.items() if ref in annex}
    after = {ref: why for ref, why in reasons.items() if ref in annex}
    if before == after:
        return programme
    kept = {ref: why for ref, why in programme.not_relevant.items() if ref not in annex}
    programme.not_relevant = kept | after
    programme.save(update_fields=["not_relevant"])
    record(
        actor=actor, action="programmes.exclusions.followed", target=programme, before={"not_relevant": before},
        after={"not_relevant": after},
    )  # fmt: skip
    tell(programme)
    return programme


def _refuse_decided(programme: Programme) -> None:
    if programme.closed_at:
        raise ValidationError("The programme is closed; it stays as it is.")
    if said := decided_elsewhere(programme):
        raise ValidationError(said)


def _refuse(programme: Programme, requirement: Requirement) -> None:
    _refuse_decided(programme)
    if not requirements_offered(programme).filter(pk=requirement.pk).exists():
        raise ValidationError(f"{requirement.ref} is not asked by this programme.")
    if not may_be_left_out(programme, requirement):
        raise ValidationError("The clauses of ISO 27001 apply to everybody; only Annex A controls can be excluded.")


def _write(actor: Actor, programme: Programme, requirement: Requirement, reason: str) -> Programme:
    programme = Programme.objects.select_for_update(of=("self",)).select_related("framework").get(pk=programme.pk)
    before = programme.not_relevant.get(requirement.ref, "")
    if before == reason:
        return programme
    kept = {ref: why for ref, why in programme.not_relevant.items() if ref != requirement.ref}
    programme.not_relevant = kept | ({requirement.ref: reason} if reason else {})
    programme.save(update_fields=["not_relevant"])
    record(
        actor=actor, action=f"programmes.criterion.{'excluded' if reason else 'included'}", target=programme,
        label=f"{requirement.ref} in {programme.name}", before={"not_relevant": before}, after={"not_relevant": reason},
    )  # fmt: skip
    tell(programme)
    return programme
