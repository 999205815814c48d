"""Mapping what a third party's report takes us to do to the controls that do it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.parties.models import UserEntityControl
from compliance.parties.services import rule_out_cuec
from compliance.parties.services.writing import tell
from compliance.trail.actors import Actor
from compliance.trail.services import record
from controls.models import Control

from .models import Complement


@transaction.atomic
def map_cuec(
    *, actor: Actor, cuec: UserEntityControl, controls: Sequence[Control], not_applicable: str = ""
) -> list[Complement]:
    """Say which of our controls do what a CUEC asks, or that it is not applicable and why. Never both.

    Raises ValidationError for both. With neither, the CUEC waits again.
    """
    if controls and not_applicable.strip():
        raise ValidationError({"not_applicable": "Either controls of ours do it, or it is not applicable to us."})
    held = {each.control_id: each for each in Complement.objects.filter(cuec=cuec).select_related("control")}
    wanted = {each.pk: each for each in controls}
    gone = [each for key, each in held.items() if key not in wanted]
    new = [each for key, each in wanted.items() if key not in held]
    if gone or new:
        Complement.objects.filter(pk__in=[each.pk for each in gone]).delete()
        Complement.objects.bulk_create(
            Complement(cuec=cuec, control=each, mapped_by=actor.label[:254]) for each in new
        )
        record(
            actor=actor, action="complements.cuec.mapped", target=cuec,
            before={"controls": sorted(each.control.ref for each in held.values())},
            after={"controls": sorted(each.ref for each in wanted.values())},
        )  # fmt: skip
        tell(cuec.report.party)
    rule_out_cuec(actor=actor, cuec=cuec, reason=not_applicable)
    return list(Complement.objects.filter(cuec=cuec).select_related("control", "cuec"))


@transaction.atomic
def map_many(
    *, actor: Actor, cuecs: Iterable[UserEntityControl], answers: Mapping[UUID, tuple[Sequence[Control], str]]
) -> int:
    """Answer many CUECs at once, all or nothing; how many were answered."""
    done = 0
    for cuec in cuecs:
        if cuec.pk in answers:
            controls, reason = answers[cuec.pk]
            map_cuec(actor=actor, cuec=cuec, controls=controls, not_applicable=reason)
            done += 1
    return done
