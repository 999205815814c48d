"""Controls of a file, with what they are mapped to: each added or changed as if by hand, all in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.frameworks.models import Requirement
from compliance.trail.actors import Actor

from ..models import Control
from .add import add_control
from .change import change_control
from .mapping import map_control


@dataclass
class Taken:
    """A control of the file: the fields that it sets, and the part that it meets of each requirement (empty: all of it)."""

    ref: str
    control: Control | None
    fields: dict[str, Any] = field(default_factory=dict)
    parts: dict[UUID, str] = field(default_factory=dict)


@transaction.atomic
def take_controls(*, actor: Actor, rows: Sequence[Taken]) -> list[Control]:
    """Add, change and map. Raises ValidationError that names the control where one is refused; then nothing is written."""
    requirements = Requirement.objects.in_bulk({pk for row in rows for pk in row.parts})
    taken = []
    for row in rows:
        try:
            control = _stated(actor, row)
            for pk, part in row.parts.items():
                map_control(actor=actor, control=control, requirement=requirements[pk], part=part)
        except ValidationError as error:
            raise ValidationError(f"{row.ref}: {' '.join(error.messages)}") from error
        taken.append(control)
    return taken


def _stated(actor: Actor, row: Taken) -> Control:
    if row.control is None:
        return add_control(actor=actor, ref=row.ref, **row.fields)
    return change_control(actor=actor, control=row.control, **row.fields) if row.fields else row.control
