"""What a control must show: adding and changing evidence requirements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.clock import now
from compliance.tenancy.news import announce
from compliance.tenancy.references import allot
from compliance.trail.actors import Actor
from compliance.trail.services import bulk_record, changes, record
from controls.models import Control

from ..checks import catalogue
from ..events import requirements_changed
from ..models import EvidenceRequirement
from ..thresholds import faults
from .freshness import refresh_requirements
from .state_cadence import state_cadence


@transaction.atomic
def add_requirements(*, actor: Actor, wanted: Iterable[tuple[Control, dict[str, Any]]]) -> list[EvidenceRequirement]:
    """Add evidence requirements to controls in one go. The fact kinds follow from the checks that judge them.

    Where no first due date is given, the first is due one cadence from now.
    """
    pairs = list(wanted)
    refs = allot("EVR", len(pairs)) if pairs else []
    rows = []
    for ref, (control, fields) in zip(refs, pairs, strict=True):
        checks = list(fields.get("checks", []))
        row = EvidenceRequirement(ref=ref, control=control, **{**fields, "checks": checks})
        row.fact_kinds = catalogue.fact_kinds(checks)
        row.first_due = row.first_due or first_due(row.cadence)
        row.owner_id = row.owner_id or control.owner_id
        rows.append(row)
    EvidenceRequirement.objects.bulk_create(rows, batch_size=500)
    asked: dict[UUID, list[str]] = defaultdict(list)
    for row in rows:
        asked[row.control_id].append(row.ref)
    bulk_record(
        actor=actor, action="evidence.requirement.added",
        rows=[(control, {}, {"requirements": asked[pk]}) for pk, control in {each.pk: each for each, _ in pairs}.items()],
    )  # fmt: skip
    refresh_requirements(actor=actor, requirement_ids=[row.pk for row in rows])
    announce(requirements_changed)
    return rows


@transaction.atomic
def change_requirement(
    *, actor: Actor, requirement: EvidenceRequirement, cadence_since: date | None = None, cadence_reason: str = "", **new: Any
) -> EvidenceRequirement:
    """Change a requirement's fields; raises ValidationError with the field that is wrong.

    Another cadence is stated from `cadence_since` on, a local day, today where nothing is said: what was asked before stays
    asked of the days before (docs/decisions/0052). An earlier day is a correction and needs `cadence_reason`.
    """
    before, after = changes(requirement, new)
    said = state_cadence(actor, requirement, after.get("cadence"), cadence_since, cadence_reason.strip())
    if not after:
        return requirement
    for name, value in after.items():
        setattr(requirement, name, value)
    unknown = catalogue.unknown_ids(requirement.checks)
    if unknown:
        raise ValidationError({"checks": f"No check is called {', '.join(unknown)}."})
    if wrong := faults(requirement.thresholds):
        raise ValidationError({"thresholds": wrong})
    requirement.fact_kinds = catalogue.fact_kinds(requirement.checks)
    requirement.full_clean(exclude=["organization"])
    requirement.save()
    if said is not None:
        said.save()
        after |= {"cadence_since": said.since} | ({"cadence_reason": said.reason} if said.reason else {})
    record(actor=actor, action="evidence.requirement.changed", target=requirement, before=before, after=after)
    refresh_requirements(actor=actor, requirement_ids=[requirement.pk])
    announce(requirements_changed)
    return requirement


_DAYS = {"continuous": 1, "daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "semi_annual": 184, "annual": 366, "two_years": 731}


def first_due(cadence: str) -> date | None:
    """One cadence from today; none for what follows events."""
    days = _DAYS.get(cadence)
    return None if days is None else (now() + timedelta(days=days)).date()
