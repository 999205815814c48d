"""Since when a control operated, and until when, as it stood on each day: what was stated then counts, not what is now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from compliance.intervals.spans import Days
from compliance.tenancy.rooms import here

from .models import Control, ControlVersion, Implementation
from .stood import Away, Stood, days_away, days_counted, without


class Operating:
    """On which days controls operated, of those whose start was moved or that were retired; of all, or of some. One query.

    What an evening said, no later word takes back: neither another start nor a first one, of the days since the control was
    made, nor a retirement of the days before it. What the first version says it says of the days before it too: of them
    nothing else was ever stated. How days are counted: `controls/stood.py`.
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
        made: dict[UUID, date] = {}
        for control, valid_from, starts, implementation in versions.values_list(*names):
            day = valid_from.astimezone(zone).date()
            first = made.setdefault(control, day)
            claimed = date.fromisoformat(starts) if starts else first
            found[control][day] = Stood(day, claimed, implementation == Implementation.RETIRED)
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

    def away(self, control: Control, period: Days) -> tuple[Away, ...]:
        """The retirements that it was taken up again from and whose days in a period count all the same, each whole."""
        stood = self._stood.get(control.pk)
        return days_away(stood, period) if stood else ()

    def in_use(self, control: Control, period: Days) -> tuple[Days, ...]:
        """Of `stretches` those on which it did not stand as retired."""
        away = [(each.first, each.last) for each in self.away(control, period)]
        return tuple(without(list(self.stretches(control, period)), away))

    def stretches(self, control: Control, period: Days) -> tuple[Days, ...]:
        """The days in a row of a period on which a control operated or has to be taken as if it had, in order and apart."""
        first, last = period
        present = max(control.starts_on or first, first)
        stood = self._stood.get(control.pk)
        retired = control.implementation == Implementation.RETIRED
        if stood is None:
            return ((present, last),) if present <= last and not retired else ()
        if retired and not stood[-1].retired:
            return ()  # nothing is kept of when
        return days_counted(stood, present, period)


def retired_days(controls: Iterable[Control]) -> dict[UUID, date]:
    """By control of some that is retired, the day on which it was. One query, and none where all of them are in use."""
    retired = {each.pk: each for each in controls if each.implementation == Implementation.RETIRED}
    if not retired:
        return {}
    operating = Operating(set(retired))
    return {pk: day for pk, each in retired.items() if (day := operating.retired_on(each))}
