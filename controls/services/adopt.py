"""Adopting the starter control set: controls with their mappings, owners named by role or one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from compliance.frameworks.catalogue import requirement_id
from compliance.frameworks.models import Framework, Requirement
from compliance.people.models import Membership
from compliance.tenancy.ids import NIL
from compliance.trail.actors import Actor
from compliance.trail.services import bulk_record

from ..models import Control
from ..models import Mapping as ControlMapping
from ..starter.reading import StarterControl, StarterSet, read_starter_set
from .keeping import keep_versions


@dataclass(frozen=True)
class Terms:
    """How one control is adopted: who owns it, since when it operates (None: not said), and how things stand."""

    owner: Membership | None = None
    starts_on: date | None = None
    implementation: str = "planned"


@transaction.atomic
def adopt_controls(
    *, actor: Actor, owners: Mapping[str, Membership] | None = None, starts_on: date | None = None,
    only: Collection[str] | None = None, implementation: str = "planned", terms: Mapping[str, Terms] | None = None,
    name: str = "soc2-iso27001",
) -> tuple[StarterSet, list[Control]]:
    """Make those controls of the starter set that the room does not have yet; `owners` names people by owner role.

    `terms` says it control by control instead, by reference, for those that it has. Returns the set and the new
    controls. Adopting twice adds nothing. A bounded number of queries, however many controls.
    """
    starter = read_starter_set(name)
    there = set(Control.objects.values_list("ref", flat=True))
    chosen = [row for row in starter.controls if row.ref not in there and (only is None or row.ref in only)]
    usual, own = owners or {}, terms or {}
    controls = [
        _control(row, own.get(row.ref) or Terms(usual.get(row.owner_role), starts_on, implementation)) for row in chosen
    ]
    Control.objects.bulk_create(controls, batch_size=200)
    _map(chosen, controls)
    keep_versions(actor=actor, controls=controls, reason="Adopted from the starter set.")
    bulk_record(
        actor=actor, action="controls.control.adopted", rows=[(each, {}, _adopted(each)) for each in controls]
    )
    return starter, controls


def _adopted(control: Control) -> dict[str, Any]:
    stated = {
        "starter": control.starter_key, "owner": control.owner.name if control.owner else None,
        "starts_on": control.starts_on, "implementation": control.implementation,
    }  # fmt: skip
    return {name: value for name, value in stated.items() if value}


def _control(row: StarterControl, terms: Terms) -> Control:
    plain: dict[str, Any] = {
        name: getattr(row, name)
        for name in (
            "ref", "title", "statement", "area", "owner_role", "frequency", "nature", "kind", "key", "tested_by_sample",
            "population",
        )
    }
    tests = [{"type": test.type, "text": test.text} for test in row.test_procedures]
    return Control(
        **plain, test_procedures=tests, owner=terms.owner, starts_on=terms.starts_on, implementation=terms.implementation,
        starter_key=row.ref,
    )  # fmt: skip


def _map(rows: list[StarterControl], controls: list[Control]) -> None:
    """Map to the shipped requirements that are loaded; ids are the same in every installation (decisions, 11)."""
    versions = dict(Framework.objects.filter(organization_id=NIL).values_list("key", "version"))
    loaded = set(Requirement.objects.filter(organization_id=NIL).values_list("pk", flat=True))
    wanted = [
        ControlMapping(control=control, requirement_id=id, part=mapped.part)
        for row, control in zip(rows, controls, strict=True)
        for mapped in row.requirements
        if mapped.framework in versions and (id := requirement_id(mapped.framework, versions[mapped.framework], mapped.ref)) in loaded
    ]
    ControlMapping.objects.bulk_create(wanted, batch_size=500)
