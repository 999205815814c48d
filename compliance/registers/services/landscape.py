"""Services that customers get, data flows between entries of the register, and the organisation's own data classes."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from compliance.tenancy.references import next_reference
from compliance.tenancy.rooms import here
from compliance.tenancy.settable import settable
from compliance.trail.actors import Actor
from compliance.trail.services import changes, record

from ..events import landscape_changed
from ..models import DATA_CLASSES, DataClass, Flow, Service
from .scope import check_classes

SERVICE_FIELDS = ("name", "description", "owner", "active")
FLOW_FIELDS = ("source", "target", "data_classes", "description", "direction", "encrypted")


@transaction.atomic
def add_service(*, actor: Actor, **fields: Any) -> Service:
    """Enter a service. Raises ValidationError, by field, for what does not hold together."""
    service = Service(**settable(fields, SERVICE_FIELDS, "a field that can be set"))
    _check_service(service)
    service.ref = next_reference("SVC")
    service.save(force_insert=True)
    record(actor=actor, action="registers.service.added", target=service, after=_readable(fields))
    _tell()
    return service


@transaction.atomic
def change_service(*, actor: Actor, service: Service, **fields: Any) -> Service:
    """Change what is known of a service, or end it: `active` false. Nothing is written where nothing differs."""
    before, after = changes(service, settable(fields, SERVICE_FIELDS, "a field that can be set"))
    if not after:
        return service
    for name, value in after.items():
        setattr(service, name, value)
    _check_service(service)
    service.save(update_fields=list(after))
    record(
        actor=actor, action="registers.service.changed", target=service, before=_readable(before), after=_readable(after)
    )
    _tell()
    return service


@transaction.atomic
def add_flow(*, actor: Actor, **fields: Any) -> Flow:
    """Enter a data flow. Raises ValidationError, by field, for what does not hold together."""
    flow = Flow(**settable(fields, FLOW_FIELDS, "a field that can be set"))
    _check_flow(flow, ())
    flow.ref = next_reference("FLW")
    flow.save(force_insert=True)
    record(actor=actor, action="registers.flow.added", target=flow, label=name_of(flow), after=_readable(fields))
    _tell()
    return flow


@transaction.atomic
def change_flow(*, actor: Actor, flow: Flow, **fields: Any) -> Flow:
    """Change a data flow. Nothing is written where nothing differs."""
    held = tuple(flow.data_classes)
    before, after = changes(flow, settable(fields, FLOW_FIELDS, "a field that can be set"))
    if not after:
        return flow
    for name, value in after.items():
        setattr(flow, name, value)
    _check_flow(flow, held)
    flow.save(update_fields=list(after))
    record(
        actor=actor, action="registers.flow.changed", target=flow, label=name_of(flow), before=_readable(before),
        after=_readable(after),
    )  # fmt: skip
    _tell()
    return flow


@transaction.atomic
def remove_flow(*, actor: Actor, flow: Flow) -> None:
    """Take a flow out that is no more. The trail keeps what it was."""
    was = {name: getattr(flow, name) for name in FLOW_FIELDS}
    record(actor=actor, action="registers.flow.removed", target=flow, label=name_of(flow), before=_readable(was))
    flow.delete()
    _tell()


@transaction.atomic
def add_data_class(*, actor: Actor, name: str) -> DataClass:
    """Add a data class of the organisation's own. Its code comes of its name and stays. Raises ValidationError."""
    code = slugify(name)[:40].replace("-", "_")
    if not code:
        raise ValidationError({"name": "Give it a name with letters in it."})
    if code in dict(DATA_CLASSES) or DataClass.objects.filter(code=code).exists():
        raise ValidationError({"name": "There is a data class of this name already."})
    made = DataClass(code=code, name=name.strip())
    made.clean_fields(exclude=["organization"])
    made.save(force_insert=True)
    record(actor=actor, action="registers.data_class.added", target=made, after={"code": code, "name": made.name})
    return made


def name_of(flow: Flow) -> str:
    """A flow as a person says it."""
    return f"{flow.ref} {flow.source.name} to {flow.target.name}"


def _readable(fields: dict[str, Any]) -> dict[str, Any]:
    """For the trail: people and systems by name."""
    return {name: str(value) if name in ("owner", "source", "target") and value else value for name, value in fields.items()}


def _check_service(service: Service) -> None:
    service.clean_fields(exclude=["organization", "ref", "owner"])
    twin = Service.objects.filter(name__iexact=service.name).exclude(pk=service.pk).first()
    if twin:
        raise ValidationError({"name": f"{twin.ref} has this name already."})


def _check_flow(flow: Flow, held: tuple[str, ...]) -> None:
    if flow.source_id == flow.target_id:
        raise ValidationError({"target": "A flow goes from one entry of the register to another."})
    flow.clean_fields(exclude=["organization", "ref", "source", "target"])
    check_classes(flow.data_classes, held)


def _tell() -> None:
    send = partial(landscape_changed.send_robust, sender=Service)
    transaction.on_commit(partial(send, organization_id=here().organization_id))
