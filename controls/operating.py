"""Since when a control operated, and until when, as it stood on each day: what was stated then counts, not what is now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from compliance.intervals.spans import Days, common
from compliance.registers.spans import ONE_DAY, Span
from compliance.tenancy.rooms import here

from .models import Control, ControlVersion, Implementation
from .reach import joined


@dataclass(frozen=True)
class Stood:
    """What a control said of its operation from the end of a day on. `starts`: the first day on which it was expected to
    operate by what it said; None where it was retired and said none."""

    since: date
    starts: date | None
    retired: bool


class Operating:
    """On which days controls operated, of those whose start was moved or that were retired; of all, or of some. One query.

    A day counts where the start in force at its end had come, or where the present one says so, so that a start that is moved
    later takes back nothing. A control without a start was expected on the day, as whatever it stood: to say one for the first
    time takes back none of the days since it was made. None counts on which it stood as retired at the end of the day. The
    start that the first version says it says of the days before it too: of them nothing else was ever stated.
    """

    def __init__(self, controls: Collection[UUID] | None = None) -> None:
        zone = ZoneInfo(here().timezone)
        moved = Q(changed__contains=["starts_on"]) | Q(stated__implementation=Implementation.RETIRED)
        bearing = ControlVersion.objects.filter(moved)
        if controls is not None:
            bearing = bearing.filter(control__in=list(controls))
        versions = ControlVersion.objects.filter(control__in=bearing.order_by().values("control")).order_by("control_id", "number")
        names = ("control_id", "valid_from", "stated__starts_on", "stated__implementation")
        found: dict[UUID, dict[date, Stood]] = defaultdict(dict)
        for control, valid_from, starts, implementation in versions.values_list(*names):
            day = valid_from.astimezone(zone).date()
            retired = implementation == Implementation.RETIRED
            claimed = date.fromisoformat(starts) if starts else None if retired else day
            found[control][day] = Stood(day, claimed, retired)
        self._stood = {control: list(days.values()) for control, days in found.items()}

    def retired_on(self, control: Control) -> date | None:
        """The day on which a control that is retired now was; None where it is in use, or nothing is kept of it."""
        stood = self._stood.get(control.pk, [])
        if control.implementation != Implementation.RETIRED or not stood or not stood[-1].retired:
            return None
        since = stood[-1].since
        for each in reversed(stood):
            if not each.retired:
                break
            since = each.since
        return since

    def stretches(self, control: Control, period: Days) -> tuple[Days, ...]:
        """The days in a row of a period on which a control operated, in order and apart."""
        first, last = period
        present = (max(control.starts_on or first, first), last)
        stood = self._stood.get(control.pk)
        if stood is None:
            return (present,) if present[0] <= last and control.implementation != Implementation.RETIRED else ()
        spans = [(each, following.since - ONE_DAY) for each, following in pairwise(stood)] + [(stood[-1], last)]
        claimed = [
            (each.starts if each is stood[0] else max(each.starts, each.since), ends)
            for each, ends in spans if each.starts and not each.retired
        ]  # fmt: skip
        out = [(each.since, ends) for each, ends in spans if each.retired]
        if control.implementation == Implementation.RETIRED and not stood[-1].retired:
            return ()  # nothing is kept of when
        return tuple(_without(_joined(common([present, *claimed], period)), out))


def retired_days(controls: Iterable[Control]) -> dict[UUID, date]:
    """By control of some that is retired, the day on which it was. One query, and none where all of them are in use."""
    retired = {each.pk: each for each in controls if each.implementation == Implementation.RETIRED}
    if not retired:
        return {}
    operating = Operating(set(retired))
    return {pk: day for pk, each in retired.items() if (day := operating.retired_on(each))}


def _joined(days: Iterable[Days]) -> list[Days]:
    return joined(Span(first, last) for first, last in days)


def _without(spans: list[Days], out: list[Days]) -> list[Days]:
    for first, last in out:
        spans = [
            part
            for begins, ends in spans
            for part in ((begins, min(ends, first - ONE_DAY)), (max(begins, last + ONE_DAY), ends))
            if part[0] <= part[1]
        ]
    return spans
