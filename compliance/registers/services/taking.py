"""Many rows of a file at once: written together, each with its own entry in the trail and every decision in its history.

The rows were checked by who read them (compliance/registers/tables); here nothing is judged again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction

from compliance.tenancy.references import allot
from compliance.tenancy.rooms import here
from compliance.tenancy.writing import update_rows
from compliance.trail.actors import Actor
from compliance.trail.services import bulk_record

from ..events import landscape_changed, scope_decided, system_changed
from ..models import Decision, Flow, ScopeDecision, Service, System, SystemService

BATCH = 500
_OF_A_SYSTEM = (
    "kind", "name", "external_id", "description", "environment", "data_classes", "vendor", "owner", "service_account"
)  # fmt: skip


@dataclass
class Taken:
    """One row to write: the fields that it sets, and what it was (None where it is new).

    `services` are those that it names, None where the file says nothing of them; `decision` is a new one, unsaved.
    """

    existing: Any
    fields: dict[str, Any]
    services: list[Service] | None = None
    decision: ScopeDecision | None = None
    told: tuple[dict[str, str], dict[str, str]] = field(default_factory=lambda: ({}, {}))


@transaction.atomic
def take_systems(*, actor: Actor, rows: Sequence[Taken]) -> list[System]:
    """Add and change systems, name their services and decide on them."""
    new, old = [row for row in rows if row.existing is None], [row for row in rows if row.existing is not None]
    for row, ref in zip(new, allot("SYS", len(new)) if new else (), strict=True):
        row.existing = System(ref=ref, discovered_by=actor.label[:200], **row.fields)
    locked = System.objects.select_for_update().in_bulk([row.existing.pk for row in old])
    for row in old:
        row.existing = locked[row.existing.pk]
        _set(row.existing, row.fields)
    before: dict[Any, str] = {}
    for row in rows:
        if row.decision:
            row.decision.system = row.existing
            before[row.existing.pk] = row.existing.decision
            row.existing.decision = row.decision.decision
    System.objects.bulk_create([row.existing for row in new], batch_size=BATCH)
    update_rows([row.existing for row in old], (*_OF_A_SYSTEM, "decision"))
    _link(rows)
    _decide(actor, [row.decision for row in rows if row.decision], before)
    bulk_record(actor=actor, action="registers.system.added", rows=[(row.existing, *row.told) for row in new])
    changed = [(row.existing, *row.told) for row in old if row.told[1]]
    bulk_record(actor=actor, action="registers.system.changed", rows=changed)
    for row in rows:
        send = partial(system_changed.send_robust, sender=System)
        transaction.on_commit(partial(send, organization_id=here().organization_id, system_id=row.existing.pk))
    return [row.existing for row in rows]


def _set(target: Any, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(target, name, value)


def _link(rows: Iterable[Taken]) -> None:
    naming = [row for row in rows if row.services is not None]
    present = SystemService.objects.filter(system__in=[row.existing.pk for row in naming])
    links = {(link.system_id, link.service_id): link.pk for link in present}
    wanted = {(row.existing.pk, service.pk) for row in naming for service in row.services or ()}
    SystemService.objects.filter(pk__in=[key for pair, key in links.items() if pair not in wanted]).delete()
    SystemService.objects.bulk_create(
        [SystemService(system_id=system, service_id=service) for system, service in sorted(wanted - links.keys())],
        batch_size=BATCH,
    )


def _decide(actor: Actor, decisions: list[ScopeDecision], before: dict[Any, str]) -> None:
    ScopeDecision.objects.bulk_create(decisions, batch_size=BATCH)
    bulk_record(
        actor=actor, action="registers.system.decided",
        rows=[
            (each.system, {"decision": before[each.system_id]}, _after(each)) for each in decisions
        ],
    )  # fmt: skip
    if decisions:
        send = partial(scope_decided.send_robust, sender=ScopeDecision)
        ids = [each.system_id for each in decisions]
        transaction.on_commit(partial(send, organization_id=here().organization_id, system_ids=ids))


def _after(decision: ScopeDecision) -> dict[str, Any]:
    told = {"decision": decision.decision, "justification": decision.justification}
    return told | ({"effective_on": decision.effective_on} if decision.effective_on else {})


@transaction.atomic
def take_flows(*, actor: Actor, rows: Sequence[Taken]) -> list[Flow]:
    """Add and change data flows."""
    new, old = [row for row in rows if row.existing is None], [row for row in rows if row.existing is not None]
    for row, ref in zip(new, allot("FLW", len(new)) if new else (), strict=True):
        row.existing = Flow(ref=ref, **row.fields)
    locked = Flow.objects.select_for_update().in_bulk([row.existing.pk for row in old])
    for row in old:
        row.existing = locked[row.existing.pk]
        _set(row.existing, row.fields)
    Flow.objects.bulk_create([row.existing for row in new], batch_size=BATCH)
    fields = ("source", "target", "data_classes", "description", "direction", "encrypted")
    update_rows([row.existing for row in old], fields)
    bulk_record(actor=actor, action="registers.flow.added", rows=[(row.existing, *row.told) for row in new])
    bulk_record(actor=actor, action="registers.flow.changed", rows=[(row.existing, *row.told) for row in old])
    send = partial(landscape_changed.send_robust, sender=Flow)
    transaction.on_commit(partial(send, organization_id=here().organization_id))
    return [row.existing for row in rows]


def decision_of(actor: Actor, decision: str, justification: str, effective_on: Any) -> ScopeDecision:
    """A decision that a row carries, unsaved."""
    return ScopeDecision(
        decision=Decision(decision), justification=justification, decided_by=actor.label[:254], effective_on=effective_on
    )
