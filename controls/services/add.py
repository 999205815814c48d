"""Writing a control of one's own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.news import announce
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..events import control_changed
from ..models import Control
from .change import EDITABLE, check_stated, told
from .keeping import keep_versions


@transaction.atomic
def add_control(*, actor: Actor, ref: str, title: str, statement: str, **fields: Any) -> Control:
    """Write a control; `fields` are others of `change.EDITABLE`. Design is not assessed, and no population confirmed.

    Raises ValidationError by field, also where the reference is taken.
    """
    unknown = sorted(set(fields) - set(EDITABLE))
    if unknown:
        raise ValidationError(dict.fromkeys(unknown, "A control has no such field to set."))
    control = Control(ref=ref.strip().upper(), title=title.strip(), statement=statement.strip(), **fields)
    check_stated(control)
    if Control.objects.filter(ref=control.ref).exists():
        raise ValidationError({"ref": f"{control.ref} is taken. Choose another reference."})
    control.save()
    keep_versions(actor=actor, controls=[control])
    stated = {name: value for name in ("ref", *EDITABLE) if (value := getattr(control, name))}
    record(actor=actor, action="controls.control.added", target=control, after=told(stated))
    announce(control_changed, control_id=control.pk)
    return control
