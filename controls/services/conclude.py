"""What somebody other than the owner says of a control: whether its design is suitable, its population complete."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from compliance.tenancy.clock import now
from compliance.tenancy.news import announce
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..events import control_changed
from ..models import Control, Design, DesignConclusion
from ..owning import answerable_for
from ..populations import populations_kept
from .keeping import version_to_conclude_on

_CONFIRMATION = ["population_confirmed_by", "population_confirmer", "population_confirmed_at", "population_note"]


@transaction.atomic
def conclude_design(*, actor: Actor, control: Control, design: str, reason: str) -> Control:
    """Conclude whether a control, operating as stated, would meet what it is mapped to (definitions, Readiness c).

    Raises PermissionDenied for the control's owner, ValidationError without a reason or with another conclusion than
    suitable or unsuitable.
    """
    control = _held_by_another(actor, control, "The design of a control is never concluded on by its owner.")
    if design not in {Design.SUITABLE, Design.UNSUITABLE}:
        raise ValidationError({"design": "Conclude that it is suitable, or that it is not."})
    if not reason.strip():
        raise ValidationError({"reason": "Say what the conclusion rests on. An auditor reads this."})
    before = {"design": control.design, "design_reason": control.design_reason}
    control.design, control.design_reason = design, reason.strip()
    control.design_by_id, control.design_at = actor.membership_id, now()
    control.save(update_fields=["design", "design_reason", "design_by", "design_at"])
    DesignConclusion.objects.create(
        control=control, version=version_to_conclude_on(control=control), design=design, reason=control.design_reason,
        concluded_by=actor.label[:254], concluded_at=control.design_at,
    )  # fmt: skip
    record(
        actor=actor, action="controls.control.design_concluded", target=control, before=before,
        after={"design": design, "design_reason": control.design_reason},
    )  # fmt: skip
    announce(control_changed, control_id=control.pk)
    return control


@transaction.atomic
def confirm_population(*, actor: Actor, control: Control, note: str) -> Control:
    """Confirm that the population which samples are drawn from is complete and accurate, and say how that was seen.

    Raises PermissionDenied for whoever owned the control since the period's first day, ValidationError without a note, where no
    population is named, and where its rows are kept: they are confirmed themselves (docs/decisions/0019).
    """
    control = _held_by_another(actor, control, "A population is never confirmed by the control's owner.")
    assert actor.membership_id is not None
    if (owned := answerable_for(control).get(actor.membership_id)) is not None:
        raise PermissionDenied(f"You {owned}. Nobody who owned a control since the period's first day confirms its population.")
    if kept := populations_kept(control.pk):
        names = ", ".join(ref for ref, _ in kept)
        raise ValidationError({"note": f"Its population is kept as rows. Confirm a frozen version of {names}."})
    if not control.population.strip():
        raise ValidationError(
            {"note": "Name the population first: what is the complete list, and where does it come from?"}
        )
    if not note.strip():
        raise ValidationError(
            {"note": "Say how its completeness was seen: what it was compared with, and what came of it."}
        )
    before = {"population_confirmed_at": control.population_confirmed_at, "population_note": control.population_note}
    control.population_confirmed_by, control.population_confirmed_at = actor.label[:254], now()
    control.population_confirmer_id, control.population_note = actor.membership_id, note.strip()
    control.save(update_fields=_CONFIRMATION)
    record(
        actor=actor, action="controls.control.population_confirmed", target=control, before=before,
        after={"population": control.population, "population_note": control.population_note},
    )  # fmt: skip
    announce(control_changed, control_id=control.pk)
    return control


@transaction.atomic
def follow_population(
    *, actor: Actor, control: Control, confirmed_by: str, confirmed_at: datetime | None, note: str
) -> None:
    """Let a control's confirmation follow from the populations that are kept for it; `confirmed_at` None takes it back.

    For the floor that keeps them: it has judged who may confirm, and writes what came of it. Nothing new is no entry.
    """
    control = Control.objects.select_for_update(of=("self",)).get(pk=control.pk)
    before = {"population_confirmed_at": control.population_confirmed_at, "population_note": control.population_note}
    after = {"population_confirmed_at": confirmed_at, "population_note": note}
    if before == after:
        return
    control.population_confirmed_by, control.population_confirmed_at = confirmed_by[:254], confirmed_at
    control.population_confirmer, control.population_note = None, note
    control.save(update_fields=_CONFIRMATION)
    what = "population_confirmed" if confirmed_at else "population_withdrawn"
    record(actor=actor, action=f"controls.control.{what}", target=control, before=before, after=after)
    announce(control_changed, control_id=control.pk)


def _held_by_another(actor: Actor, control: Control, refusal: str) -> Control:
    """The control under a row lock; PermissionDenied where its owner asks, or nobody who belongs here does."""
    control = Control.objects.select_for_update(of=("self",)).get(pk=control.pk)
    if actor.membership_id is None or actor.membership_id == control.owner_id:
        raise PermissionDenied(refusal)
    return control
