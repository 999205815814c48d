"""Who owned a control, by date: whoever did while a list of its work was growing answers for what the list shows. Handing it on
does not change whose work that is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from compliance.programmes.selectors import open_programmes, periods_of
from compliance.tenancy.rooms import here
from compliance.web.words import day as in_words

from .models import Control, ControlVersion

#: What held, with the moment at which it ended; None where it still holds.
Until = tuple[datetime | None, Any]
#: Of a control: its id, its reference, and who owns it now.
Owned = tuple[UUID, str, UUID | None]


def owners_since(controls: Iterable[Owned], first: datetime) -> dict[UUID, str]:
    """By member, how they came to answer for some controls since a moment, as it follows "you". One query."""
    owned = list(controls)
    kept: dict[UUID, list[tuple[datetime, Any]]] = {control: [] for control, _, _ in owned}
    versions = ControlVersion.objects.filter(control__in=list(kept)).order_by("number")
    for control, since, owner in versions.values_list("control_id", "valid_from", "stated__owner"):
        kept[control].append((since, owner))
    found: dict[UUID, str] = {}
    for control, ref, _ in owned:
        for until, owner in within(kept[control], first):
            name_owner(found, owner, ref, until)
    return found | {owner: f"own {ref}" for _, ref, owner in owned if owner}


def answerable_for(control: Control) -> dict[UUID, str]:
    """By member, why they answered for what a control's population shows: since the first day of the observation periods under
    way, or ever where there is none. Two queries."""
    first = min((start for start, _ in periods_of(open_programmes())), default=None)
    starts = datetime.combine(first, time(), ZoneInfo(here().timezone)) if first else datetime.min.replace(tzinfo=UTC)
    return owners_since([(control.pk, control.ref, control.owner_id)], starts)


def within(kept: Sequence[tuple[datetime, Any]], first: datetime) -> list[Until]:
    """What held at some moment from `first` on, of what held since given moments, each until the next."""
    ends = [*(since for since, _ in kept[1:]), None][: len(kept)]
    return [(until, what) for (_, what), until in zip(kept, ends, strict=True) if until is None or until > first]


def name_owner(found: dict[UUID, str], owner: Any, ref: str, until: datetime | None) -> None:
    """Put an owner, as a kept statement names one, among those who answered."""
    if owner:
        ended = f" until {in_words(until.date())}, after the list's first day" if until else ""
        found[UUID(owner["id"])] = f"owned {ref}{ended}"
