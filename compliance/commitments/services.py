"""Changing the commitments register. Each verb: one actor, one transaction, one trail entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.frameworks.bearing import bear_on
from compliance.frameworks.models import Requirement
from compliance.registers.models import Service
from compliance.tenancy.clock import today
from compliance.tenancy.news import announce
from compliance.tenancy.references import next_reference
from compliance.tenancy.rooms import here
from compliance.tenancy.settable import settable, trimmed
from compliance.trail.actors import Actor
from compliance.trail.services import record

from .events import commitment_changed
from .models import Commitment, CommitmentRequirement, CommitmentService

EDITABLE = ("kind", "promise", "text", "source")


@transaction.atomic
def add_commitment(
    *, actor: Actor, requirements: Sequence[Requirement] = (), services: Sequence[Service] = (), **fields: Any
) -> Commitment:
    """Enter a promise and where it stands written; without `services` it is about all. Raises ValidationError, by field."""
    commitment = Commitment(**_known(fields))
    _check(commitment)
    commitment.ref = next_reference("COM")
    commitment.save(force_insert=True)
    bear_on(CommitmentRequirement, requirements, commitment=commitment)
    _concern(commitment, services)
    after = _state(commitment, requirements, services)
    record(actor=actor, action="commitments.commitment.added", target=commitment, after=after)
    announce(commitment_changed, commitment_id=commitment.pk)
    return commitment


@transaction.atomic
def change_commitment(
    *, actor: Actor, commitment: Commitment, requirements: Sequence[Requirement] | None = None,
    services: Sequence[Service] | None = None, **fields: Any,
) -> Commitment:  # fmt: skip
    """Change what is known of it. Nothing is written where nothing differs."""
    linked = [each.requirement for each in commitment.bears_on.select_related("requirement")]
    about = [each.service for each in commitment.services.select_related("service")]
    before = _state(commitment, linked, about)
    for name, value in _known(fields).items():
        setattr(commitment, name, value)
    _check(commitment)
    wanted = linked if requirements is None else requirements
    after = _state(commitment, wanted, about if services is None else services)
    if before == after:
        return commitment
    commitment.save(update_fields=list(EDITABLE))
    if {each.pk for each in linked} != {each.pk for each in wanted}:
        commitment.bears_on.all().delete()
        bear_on(CommitmentRequirement, wanted, commitment=commitment)
    if services is not None and before["services"] != after["services"]:
        commitment.services.all().delete()
        _concern(commitment, services)
    differing = [name for name in after if before[name] != after[name]]
    record(
        actor=actor, action="commitments.commitment.changed", target=commitment,
        before={name: before[name] for name in differing}, after={name: after[name] for name in differing},
    )  # fmt: skip
    announce(commitment_changed, commitment_id=commitment.pk)
    return commitment


@transaction.atomic
def withdraw_commitment(*, actor: Actor, commitment: Commitment, reason: str) -> Commitment:
    """It is promised no more from today, and why. It stays on record. Raises ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is promised no more."})
    if commitment.withdrawn_on is None:
        commitment.withdrawn_on = today(here().timezone)
        commitment.save(update_fields=["withdrawn_on"])
        after = {"withdrawn_on": commitment.withdrawn_on, "reason": reason.strip()}
        record(actor=actor, action="commitments.commitment.withdrawn", target=commitment, after=after)
        announce(commitment_changed, commitment_id=commitment.pk)
    return commitment


def _concern(commitment: Commitment, services: Sequence[Service]) -> None:
    CommitmentService.objects.bulk_create(CommitmentService(commitment=commitment, service=each) for each in services)


def _state(
    commitment: Commitment, requirements: Sequence[Requirement], services: Sequence[Service]
) -> dict[str, Any]:
    held = {name: str(getattr(commitment, name)) for name in EDITABLE}
    return held | {
        "bears_on": sorted(each.ref for each in requirements), "services": sorted(each.ref for each in services)
    }  # fmt: skip


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return trimmed(settable(fields, EDITABLE, "a field of a commitment that can be set"))


def _check(commitment: Commitment) -> None:
    if not commitment.text:
        raise ValidationError({"text": "Say what is promised."})
    if not commitment.source:
        raise ValidationError({"source": "Say where it stands written: the clause, the law, the page."})
    commitment.clean_fields(exclude=["organization", "ref"])
