"""Incidents and changes: written down, and put right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.registers.models import System
from compliance.tenancy.references import next_reference
from compliance.tenancy.settable import settable, trimmed
from compliance.trail.actors import Actor
from compliance.trail.services import changes, record

from ..models import Change, ChangeSystem, Incident, IncidentSystem

Entry = TypeVar("Entry", Incident, Change)
INCIDENT = (
    "title", "nature", "started_on", "ended_on", "extent", "disposition", "from_controls", "broke_commitments", "commitments"
)  # fmt: skip
CHANGE = ("kind", "title", "text", "happened_on")


@transaction.atomic
def record_incident(*, actor: Actor, systems: Iterable[System] = (), **fields: Any) -> Incident:
    """Write an incident down, undecided as to its disclosure. Raises ValidationError, by field."""
    return _record(actor, Incident(**_known(fields, INCIDENT)), "INC", systems, fields)


@transaction.atomic
def record_change(*, actor: Actor, systems: Iterable[System] = (), **fields: Any) -> Change:
    """Write a business change down, undecided as to its disclosure. Raises ValidationError, by field."""
    return _record(actor, Change(**_known(fields, CHANGE)), "CHG", systems, fields)


@transaction.atomic
def change_incident(*, actor: Actor, incident: Incident, systems: Iterable[System] | None = None, **fields: Any) -> Incident:
    """Put an incident right. Nothing is written where nothing differs."""
    return _change(actor, incident, _known(fields, INCIDENT), systems)


@transaction.atomic
def change_change(*, actor: Actor, change: Change, systems: Iterable[System] | None = None, **fields: Any) -> Change:
    """Put a change right. Nothing is written where nothing differs."""
    return _change(actor, change, _known(fields, CHANGE), systems)


def _record(actor: Actor, entry: Entry, prefix: str, systems: Iterable[System], fields: dict[str, Any]) -> Entry:
    _check(entry)
    entry.ref = next_reference(prefix)
    entry.save(force_insert=True)
    touched = _touch(entry, list(systems))
    record(actor=actor, action=f"ledger.{entry._meta.model_name}.recorded", target=entry, after={**fields, "systems": touched})
    return entry


def _change(actor: Actor, entry: Entry, fields: dict[str, Any], systems: Iterable[System] | None) -> Entry:
    before, after = changes(entry, fields)
    for name, value in after.items():
        setattr(entry, name, value)
    _check(entry)
    if after:
        entry.save(update_fields=list(after))
    if systems is not None:
        had = [each.system.ref for each in entry.touched.select_related("system").order_by("system__ref")]
        now_touched = _touch(entry, list(systems))
        if had != now_touched:
            before["systems"], after["systems"] = had, now_touched
    if after:
        record(actor=actor, action=f"ledger.{entry._meta.model_name}.changed", target=entry, before=before, after=after)
    return entry


def _touch(entry: Incident | Change, systems: list[System]) -> list[str]:
    """Say which systems it touched; answers their references in order."""
    entry.touched.exclude(system__in=systems).delete()
    present = set(entry.touched.values_list("system_id", flat=True))
    for system in systems:
        if system.pk in present:
            continue
        if isinstance(entry, Incident):
            IncidentSystem.objects.create(incident=entry, system=system)
        else:
            ChangeSystem.objects.create(change=entry, system=system)
    return sorted(system.ref for system in systems)


def _check(entry: Incident | Change) -> None:
    faults: dict[str, Any] = {}
    try:
        entry.clean_fields(exclude=["organization", "ref"])
    except ValidationError as error:
        faults = error.message_dict
    if isinstance(entry, Incident) and "started_on" not in faults and entry.ended_on and entry.ended_on < entry.started_on:
        faults["ended_on"] = ["Choose the day it began or a later one."]
    if faults:
        raise ValidationError(faults)


def _known(fields: dict[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    return trimmed(settable(fields, known, "a field of the ledger"))
