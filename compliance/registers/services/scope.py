"""Systems entered by hand, and the decisions on what is in and what is out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.clock import today
from compliance.tenancy.references import next_reference
from compliance.tenancy.rooms import here
from compliance.tenancy.settable import settable
from compliance.trail.actors import Actor
from compliance.trail.services import changes, record

from ..events import scope_decided, system_changed
from ..models import DATA_CLASSES, DataClass, Decision, ScopeDecision, Service, System, SystemService

#: What a person may set; the decision, the reference and the sightings have their own ways.
EDITABLE = (
    "kind", "name", "external_id", "description", "environment", "data_classes", "vendor", "owner", "service_account",
    "services",
)  # fmt: skip


@transaction.atomic
def add_system(*, actor: Actor, **fields: Any) -> System:
    """Enter a system by hand, undecided. Raises ValidationError, by field, for what does not hold together.

    `services` are those that it serves; none named means all of them.
    """
    plain = _columns(fields)
    system = System(**plain, discovered_by=actor.label)
    _check(system, ())
    system.ref = next_reference("SYS")
    system.save(force_insert=True)
    link_services(system, fields.get("services", ()))
    record(actor=actor, action="registers.system.added", target=system, after=_readable(fields))
    _tell(system)
    return system


@transaction.atomic
def change_system(*, actor: Actor, system: System, reason: str = "", **fields: Any) -> System:
    """Change what is known of a system, and perhaps say why. Nothing is written where nothing differs."""
    held = tuple(system.data_classes)
    before, after = changes(system, _columns(fields))
    for name, value in after.items():
        setattr(system, name, value)
    if after:
        _check(system, held)
        system.save(update_fields=list(after))
    was, now = _readable(before), _readable(after)
    if "services" in fields and (links := link_services(system, fields["services"])):
        was["services"], now["services"] = links
    if not now:
        return system
    if reason:
        now["reason"] = reason
    record(actor=actor, action="registers.system.changed", target=system, before=was, after=now)
    _tell(system)
    return system


@transaction.atomic
def decide_scope(
    *, actor: Actor, system: System, decision: str, justification: str, effective_on: date | None = None
) -> ScopeDecision:
    """Decide that a system is in or out, and say why. The decisions before stay on record.

    `effective_on` is the day from which it holds, where that is not today: never one to come.
    Raises ValidationError without a reason: what is left out has to be justified, and what is in is read by an auditor.
    """
    locked = System.objects.select_for_update().get(pk=system.pk)
    decided = _decide(actor, locked, decision, justification, effective_on)
    system.decision = decided.decision
    _tell_decided([system.pk])
    return decided


@transaction.atomic
def decide_many(
    *, actor: Actor, systems: Sequence[System], decision: str, justification: str, effective_on: date | None = None
) -> list[ScopeDecision]:
    """The same decision on several systems, with one reason. Each has its own entry in its history and in the trail."""
    locked = System.objects.select_for_update().filter(pk__in=[s.pk for s in systems]).order_by("id")
    decided = [_decide(actor, system, decision, justification, effective_on) for system in locked]
    _tell_decided([each.system_id for each in decided])
    return decided


def _decide(
    actor: Actor, system: System, decision: str, justification: str, effective_on: date | None
) -> ScopeDecision:
    reason = justification.strip()
    if not reason:
        raise ValidationError({"justification": "Say why. An auditor reads this."})
    if decision not in (Decision.IN, Decision.OUT):
        raise ValidationError({"decision": "Decide in or out."})
    if effective_on is not None and effective_on > today(here().timezone):
        raise ValidationError({"effective_on": "A decision holds from a day that has come."})
    before = system.decision
    decided = ScopeDecision.objects.create(
        system=system, decision=decision, justification=reason, decided_by=actor.label[:254], effective_on=effective_on
    )
    system.decision = decision
    system.save(update_fields=["decision"])
    record(
        actor=actor, action="registers.system.decided", target=system,
        before={"decision": before},
        after={"decision": decision, "justification": reason} | ({"effective_on": effective_on} if effective_on else {}),
    )  # fmt: skip
    return decided


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    """What is set on the system itself; services have rows of their own."""
    given = settable(fields, EDITABLE, "a field of a system that can be set")
    return {name: value for name, value in given.items() if name != "services"}


def _readable(fields: dict[str, Any]) -> dict[str, Any]:
    """For the trail: an owner by name, services by reference."""
    shown: dict[str, Any] = {name: str(value) if name == "owner" and value else value for name, value in fields.items()}
    if "services" in shown:
        shown["services"] = [service.ref for service in shown["services"]]
    return shown


def link_services(system: System, wanted: Iterable[Service]) -> tuple[list[str], list[str]] | None:
    """Name the services that a system serves: their references before and after, or None where nothing differs."""
    present = {link.service_id: link for link in system.service_links.select_related("service")}
    chosen = {service.pk: service for service in wanted}
    if present.keys() == chosen.keys():
        return None
    SystemService.objects.filter(pk__in=[link.pk for key, link in present.items() if key not in chosen]).delete()
    SystemService.objects.bulk_create(
        SystemService(system=system, service=service) for key, service in chosen.items() if key not in present
    )
    return sorted(link.service.ref for link in present.values()), sorted(each.ref for each in chosen.values())


def check_classes(named: Iterable[str], held: Collection[str]) -> None:
    """Raise ValidationError for a data class that is in no list, unless it was there before."""
    unknown = set(named) - set(held) - set(dict(DATA_CLASSES))
    unknown -= set(DataClass.objects.filter(code__in=unknown).values_list("code", flat=True)) if unknown else set()
    if unknown:
        raise ValidationError({"data_classes": f"There is no data class {', '.join(sorted(unknown))}. Add it first."})


def _check(system: System, held: Collection[str]) -> None:
    check_classes(system.data_classes, held)
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
