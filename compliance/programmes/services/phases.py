"""The planned dates of a programme's phases."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import Phase, PhaseKind, Programme
from ..phasing import Span
from .news import tell


@transaction.atomic
def change_phases(*, actor: Actor, programme: Programme, spans: Mapping[PhaseKind, Span]) -> None:
    """Set the dates of the phases. Raises ValidationError, by phase, where one would end before it starts."""
    faults = {
        kind.value: f"{kind.label} would end before it starts." for kind, span in spans.items() if span.days < 1
    }
    if faults:
        raise ValidationError(faults)
    before = {phase.kind: f"{phase.starts_on} to {phase.ends_on}" for phase in programme.phases.all()}
    after = {kind.value: f"{span.starts_on} to {span.ends_on}" for kind, span in spans.items()}
    differing = [kind for kind in after if before.get(kind) != after[kind]]
    if not differing:
        return
    write_phases(programme, spans)
    record(
        actor=actor, action="programmes.phases.changed", target=programme,
        before={kind: before.get(kind) for kind in differing}, after={kind: after[kind] for kind in differing},
    )  # fmt: skip
    tell(programme)


def write_phases(programme: Programme, spans: Mapping[PhaseKind, Span]) -> None:
    """Write the rows, in the order of the kinds."""
    for position, kind in enumerate(PhaseKind):
        if kind in spans:
            Phase.objects.update_or_create(
                programme=programme, kind=kind,
                defaults={
                    "position": position, "starts_on": spans[kind].starts_on, "ends_on": spans[kind].ends_on,
                },
            )  # fmt: skip
