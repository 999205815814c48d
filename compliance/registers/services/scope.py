"""Systems entered by hand, and the decisions on what is in and what is out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.references import next_reference
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import changes, record

from ..events import scope_decided, system_changed
from ..models import Decision, ScopeDecision, System

#: What a person may set; the decision, the reference and the sightings have their own ways.
EDITABLE = (
    "kind", "name", "external_id", "description", "environment", "data_classes", "vendor", "owner", "service_account"
)  # fmt: skip


@transaction.atomic
def add_system(*, actor: Actor, **fields: Any) -> System:
    """Enter a system by hand, undecided. Raises ValidationError, by field, for what does not hold together."""
    system = System(**_editable(fields), discovered_by=actor.label)
    _check(system)
    system.ref = next_reference("SYS")
    system.save(force_insert=True)
    record(actor=actor, action="registers.system.added", target=system, after=_readable(fields))
    _tell(system)
    return system


@transaction.atomic
def change_system(*, actor: Actor, system: System, **fields: Any) -> System:
    """Change what is known of a system. Nothing is written where nothing differs."""
    before, after = changes(system, _editable(fields))
    if not after:
        return system
    for name, value in after.items():
        setattr(system, name, value)
    _check(system)
    system.save(update_fields=list(after))
    was, now = _readable(before), _readable(after)
    record(actor=actor, action="registers.system.changed", target=system, before=was, after=now)
    _tell(system)
    return system


@transaction.atomic
def decide_scope(*, actor: Actor, system: System, decision: str, justification: str) -> ScopeDecision:
    """Decide that a system is in or out, and say why. The decisions before stay on record.

    Raises ValidationError without a reason: what is left out has to be justified, and what is in is read by an auditor.
    """
    decided = _decide(actor, System.objects.select_for_update().get(pk=system.pk), decision, justification)
    system.decision = decided.decision
    _tell_decided([system.pk])
    return decided


@transaction.atomic
def decide_many(*, actor: Actor, systems: Sequence[System], decision: str, justification: str) -> list[ScopeDecision]:
    """The same decision on several systems, with one reason. Each has its own entry in its history and in the trail."""
    locked = System.objects.select_for_update().filter(pk__in=[s.pk for s in systems]).order_by("id")
    decided = [_decide(actor, system, decision, justification) for system in locked]
    _tell_decided([each.system_id for each in decided])
    return decided


def _decide(actor: Actor, system: System, decision: str, justification: str) -> ScopeDecision:
    reason = justification.strip()
    if not reason:
        raise ValidationError({"justification": "Say why. An auditor reads this."})
    if decision not in (Decision.IN, Decision.OUT):
        raise ValidationError({"decision": "Decide in or out."})
    before = system.decision
    decided = ScopeDecision.objects.create(
        system=system, decision=decision, justification=reason, decided_by=actor.label[:254]
    )
    system.decision = decision
    system.save(update_fields=["decision"])
    record(
        actor=actor, action="registers.system.decided", target=system,
        before={"decision": before}, after={"decision": decision, "justification": reason},
    )  # fmt: skip
    return decided


def _editable(fields: dict[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not a field of a system that can be set: {', '.join(sorted(unknown))}")
    return fields


def _readable(fields: dict[str, Any]) -> dict[str, Any]:
    """For the trail: an owner by name."""
    return {name: str(value) if name == "owner" and value else value for name, value in fields.items()}


def _check(system: System) -> None:
    system.clean_fields(exclude=["organization", "ref", "owner"])
    twin = System.objects.filter(kind=system.kind, external_id=system.external_id).exclude(pk=system.pk)
    if system.external_id and (known := twin.first()):
        raise ValidationError({"external_id": f"{known.ref} {known.name} has this identifier already."})


def _tell(system: System) -> None:
    send = partial(system_changed.send_robust, sender=System)
    transaction.on_commit(partial(send, organization_id=here().organization_id, system_id=system.pk))


def _tell_decided(ids: list[UUID]) -> None:
    send = partial(scope_decided.send_robust, sender=ScopeDecision)
    transaction.on_commit(partial(send, organization_id=here().organization_id, system_ids=ids))
