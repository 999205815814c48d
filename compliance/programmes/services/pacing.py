"""How long things take in this organisation."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import PaceSetting
from ..timing import DEFAULTS

#: The most that a length may be, in its unit; longer than any period that is audited.
MOST = 730


@transaction.atomic
def set_pace(*, actor: Actor, lengths: Mapping[str, tuple[int, int]]) -> None:
    """Set lengths by key, each as (least, usual); one that equals the default is no longer the organisation's own.

    Raises ValidationError, by key, for a length that is unknown, too long, or usual under its least.
    """
    defaults = {each.key: (each.least, each.usual) for each in DEFAULTS}
    faults = {key: fault for key, pair in lengths.items() if (fault := _fault(key, pair, defaults))}
    if faults:
        raise ValidationError(faults)
    own = {each.key: (each.least, each.usual) for each in PaceSetting.objects.all()}
    before = {key: own.get(key, defaults[key]) for key in lengths}
    differing = {key: pair for key, pair in lengths.items() if before[key] != pair}
    for key, (least, usual) in differing.items():
        if (least, usual) == defaults[key]:
            PaceSetting.objects.filter(key=key).delete()
        else:
            PaceSetting.objects.update_or_create(key=key, defaults={"least": least, "usual": usual})
    if differing:
        record(
            actor=actor, action="programmes.pace.changed", target=Organization.objects.get(pk=here().organization_id),
            before={key: list(before[key]) for key in differing}, after={key: list(pair) for key, pair in differing.items()},
        )  # fmt: skip


def _fault(key: str, pair: tuple[int, int], defaults: Mapping[str, tuple[int, int]]) -> str:
    if key not in defaults:
        return "There is no such length."
    least, usual = pair
    if least < 1 or usual > MOST:
        return f"Give from 1 to {MOST}."
    return "The usual length is at least the least." if usual < least else ""
