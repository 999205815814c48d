"""Saying where a control applies: the services that it is for and the systems that it operates on."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.registers.models import Service, System
from compliance.tenancy.news import announce
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..events import control_changed
from ..models import Control, ControlService, ControlSystem
from ..reach import services_of, systems_of
from .keeping import keep_versions, stated


@transaction.atomic
def apply_control(
    *, actor: Actor, control: Control, systems: Collection[System], services: Collection[Service], reason: str = ""
) -> Control:
    """Name the services that a control applies to (none: all of them) and the systems that it operates on.

    They take the place of those named before. Raises ValidationError where the control names a system which serves none of
    the services: it would apply nowhere.
    """
    control = Control.objects.select_for_update(of=("self",)).select_related("owner").get(pk=control.pk)
    old_systems, old_services = list(systems_of(control)), list(services_of(control))
    _refuse_what_applies_nowhere(systems, services)
    if _keys(old_systems) == _keys(systems) and _keys(old_services) == _keys(services):
        return control
    before = stated(control, _named(old_systems), _named(old_services))
    ControlSystem.objects.filter(control=control).exclude(system__in=systems).delete()
    ControlService.objects.filter(control=control).exclude(service__in=services).delete()
    ControlSystem.objects.bulk_create(
        [ControlSystem(control=control, system=each) for each in systems if each.pk not in _keys(old_systems)]
    )
    ControlService.objects.bulk_create(
        [ControlService(control=control, service=each) for each in services if each.pk not in _keys(old_services)]
    )
    keep_versions(actor=actor, controls=[control], before={control.pk: before}, reason=reason.strip())
    why = {"reason": reason.strip()} if reason.strip() else {}
    record(
        actor=actor, action="controls.control.applied", target=control,
        before={"systems": _refs(old_systems), "services": _refs(old_services)},
        after={"systems": _refs(systems), "services": _refs(services)} | why,
    )  # fmt: skip
    announce(control_changed, control_id=control.pk)
    return control


def _refuse_what_applies_nowhere(systems: Collection[System], services: Collection[Service]) -> None:
    """A system that names no service serves them all, so only one that names others alone contradicts."""
    if not systems or not services:
        return
    wanted = _keys(services)
    links = System.objects.filter(pk__in=_keys(systems), service_links__isnull=False)
    serves: dict[str, set[Any]] = {}
    for ref, service_id in links.values_list("ref", "service_links__service_id"):
        serves.setdefault(ref, set()).add(service_id)
    apart = sorted(ref for ref, served in serves.items() if served.isdisjoint(wanted))
    if apart:
        raise ValidationError({"systems": f"{', '.join(apart)} serves none of the services that are named."})


def _keys(rows: Collection[Any]) -> set[Any]:
    return {each.pk for each in rows}


def _refs(rows: Collection[Any]) -> list[str]:
    return sorted(each.ref for each in rows)


def _named(rows: Collection[Any]) -> list[dict[str, str]]:
    return [{"id": str(each.pk), "ref": each.ref, "name": each.name} for each in rows]
