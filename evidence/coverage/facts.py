"""What coverage is counted from, read once for a room: a handful of queries, whatever the number of requirements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from compliance.intervals.cadence import Cadence
from compliance.intervals.changing import Turn, turns_of
from compliance.intervals.spans import common
from compliance.programmes.models import Programme
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from controls.models import Compensation, Implementation
from controls.operating import Operating
from controls.reach import scope_stretches

from ..cadence import local_day
from ..cadences import cadence_of, stated_cadences
from ..checks.base import Reason
from ..intervals import State
from ..models import EvidenceLink, EvidenceRequirement, Source, StatedCadence, Version, is_list
from ..selectors import returned_versions
from .counting import Counted, Item, Later, Reading, Shown, Stretch, Terms
from .looks import Refusal, ended_connections, kept_until, kinds_with_history, refusals, seen_again, seen_more_than_once
from .several import Line, count_together, once
from .terms import Period, Tolerances, period_of

#: How far before a period something may lie that still bears on it: a cadence of two years before an as-of date.
_BEFORE = timedelta(days=2 * 366)


class Evidence(NamedTuple):
    """The version that fills an interval. `since`: the first day that it speaks of, where a person brought it."""

    version: UUID
    artefact: UUID
    ref: str
    number: int
    since: date | None = None


@dataclass(frozen=True)
class _Kept:
    """What an artefact shows. `key`: of a collected one, its connection and its fact kind. `since`: the day of its first version,
    whatever came of that: to return one takes nothing back of what is asked."""

    title: str
    key: str
    since: date
    items: list[Item]
    readings: list[Reading]

    @property
    def connection(self) -> str:
        return self.key.partition(":")[0]

    @property
    def kind(self) -> str:
        return self.key.partition(":")[2]


@dataclass(frozen=True)
class Seen:
    """An interval with what can still be done about it.

    `until` is the last day on which something can still fill it, `date.max` where its source keeps it for good; None where
    nothing is open or nothing can. `mitigated_by` names the control that stood in for it and operated.
    """

    counted: Counted
    until: date | None = None
    mitigated_by: str = ""

    @property
    def lost(self) -> bool:
        """Missed, and neither a late performance nor a back-fill can fill it. A dated record of something that was
        performed in its days still would: whoever has one brings it."""
        return self.counted.state == State.MISSED and self.until is None


class Facts:
    """Everything that is known of what requirements show, for one look at one or many of them.

    `requirements`: those that are asked about; without them all of the room. Those of controls that were retired before the
    period, and those that followed events or said nothing throughout it, have no intervals.
    """

    def __init__(
        self, periods: Iterable[Period], requirements: Sequence[EvidenceRequirement] | None = None, *, on: date | None = None
    ) -> None:
        self.zone = ZoneInfo(here().timezone)
        self.on = on or today(here().timezone)
        self._first = min((period.first for period in periods), default=self.on)
        self._since = datetime.combine(self._first - _BEFORE, time(), self.zone)
        self._compensations = _compensations()
        asked = ever_countable() if requirements is None else self._with_compensating(requirements)
        some = None if requirements is None else list(asked)
        self.operating = Operating(None if some is None else {each.control_id for each in some})
        self._said = stated_cadences(None if some is None else [each.pk for each in some])
        self.requirements = {each.pk: each for each in some or asked if self._is_counted(each)}
        self._of_control: dict[UUID, list[EvidenceRequirement]] = defaultdict(list)
        for each in self.requirements.values():
            self._of_control[each.control_id].append(each)
        kinds = None if requirements is None else {kind for each in self.requirements.values() for kind in each.fact_kinds}
        self._refusals = refusals(self.zone, self._since, kinds)
        self._shown = self._read_shown(narrow=requirements is not None)
        self._ended = ended_connections(self.zone)
        self._tolerances = Tolerances()
        self._stretches: dict[Stretch, dict[UUID, list[Stretch]]] = {}
        self._seen: dict[tuple[UUID, UUID, Stretch], list[Counted]] = {}

    def _is_counted(self, requirement: EvidenceRequirement) -> bool:
        """Whether its control is in use, or was on a day that is asked about."""
        if requirement.control.implementation != Implementation.RETIRED:
            return True
        retired = self.operating.retired_on(requirement.control)
        return retired is not None and retired > self._first

    def _with_compensating(self, requirements: Sequence[EvidenceRequirement]) -> list[EvidenceRequirement]:
        """Those asked about, and those of the controls that stand in for theirs."""
        standing_in = {by for each in requirements for by, *_ in self._compensations.get(each.control_id, ())}
        more = list(ever_countable().filter(control__in=standing_in)) if standing_in else []
        asked = {each.pk for each in requirements}
        return [*requirements, *(each for each in more if each.pk not in asked)]

    def intervals(self, programme: Programme, requirement: EvidenceRequirement, period: Period | None = None) -> list[Seen]:
        """The intervals of one requirement in a programme, or over another period than its own. Empty where it has none."""
        period = period or period_of(programme)
        if period is None:
            return []
        return [self._judged(programme, requirement, each, period) for each in self._counted(programme, requirement, period)]

    def refused_in(self, requirement: EvidenceRequirement, first: date, last: date, lacks: str = "") -> Refusal | None:
        """Why the collector could not look in these days, as it last said; where one list `lacks`, of that list's connection."""
        days = [
            (day, refusal)
            for kind in requirement.fact_kinds
            for days_of in self._refusals.get(kind, {}).values()
            for day, refusal in days_of.items() if first <= day <= last and (not lacks or lacks.startswith(f"{refusal.connection}: "))
        ]  # fmt: skip
        return max(days, key=lambda each: each[0])[1] if days else None

    def _counted(self, programme: Programme, requirement: EvidenceRequirement, period: Period) -> list[Counted]:
        key = (programme.pk, requirement.pk, period.span)
        if key not in self._seen:
            terms = self._terms(programme, requirement, period)
            found = count_together(terms, *self._shown_by(requirement), on=self.on)
            if not terms.later and terms.cadence != cadence_of(requirement.cadence):  # another is stated, and not counted here yet
                found = [replace(each, cadence=terms.cadence) for each in found]
            self._seen[key] = found
        return self._seen[key]

    def _terms(self, programme: Programme, requirement: EvidenceRequirement, period: Period) -> Terms:
        first, *later = self.turns(requirement, period)
        before, after = self._tolerances.of(programme, first.cadence)
        turned = tuple(Later(turn.first, turn.cadence, self._tolerances.of(programme, turn.cadence)[1]) for turn in later)
        days = self._days_of(requirement, period)
        return Terms(period.way, period.span, first.cadence, days, after=after, before=before, later=turned)

    def turns(self, requirement: EvidenceRequirement, period: Period) -> tuple[Turn, ...]:
        """Which cadence counts from which day of a period on: one, where it did not change."""
        said = self._said.get(requirement.pk)
        return turns_of(period.span, said) if said else (Turn(period.first, cadence_of(requirement.cadence)),)

    def _days_of(self, requirement: EvidenceRequirement, period: Period) -> tuple[Stretch, ...]:
        """The days of a period on which its control operated and was in scope."""
        if period.span not in self._stretches:
            self._stretches[period.span] = scope_stretches(period.span)
        days = self._stretches[period.span].get(requirement.control_id, [period.span])
        return common(days, *self.operating.stretches(requirement.control, period.span))

    def _shown_by(self, requirement: EvidenceRequirement) -> tuple[Shown, list[Line]]:
        """What people brought for a requirement, and each list that is collected for it or linked to it, with when that could
        not be read."""
        kept = self._shown.get(requirement.pk, [])
        beside = [each for each in kept if not is_list(each.key)]
        refused = {
            (connection, kind): days
            for kind in requirement.fact_kinds for connection, days in self._refusals.get(kind, {}).items()
        }  # fmt: skip
        lines = []
        for each in kept:
            if is_list(each.key):
                why = refused.pop((each.connection, each.kind), {})
                shown = Shown(each.items, each.readings, sorted(why))
                since = min([each.since, *_asked_for(why)])
                needed = each.kind in requirement.fact_kinds
                lines.append(Line(each.title, shown, since, self._ended.get(each.connection), needed))
        lines += self._never_read(refused)
        shown_beside = Shown(once(item for each in beside for item in each.items), [one for each in beside for one in each.readings])
        return shown_beside, lines

    def _never_read(self, refused: dict[tuple[str, str], dict[date, Refusal]]) -> list[Line]:
        """The lists that were asked for and never had, from the first day on which they were."""
        return [
            Line(f"{why[min(why)].connection}: {kind}", Shown(refused=sorted(why)), min(asked), self._ended.get(connection))
            for (connection, kind), why in refused.items() if (asked := _asked_for(why))
        ]  # fmt: skip

    def _judged(self, programme: Programme, requirement: EvidenceRequirement, each: Counted, period: Period) -> Seen:
        if each.state in (State.FILLED, State.LATE, State.TO_COME, State.NOT_EXPECTED):
            return Seen(each)
        kept = kept_until(requirement.fact_kinds, each.block.last)
        until = max((day for day in (each.closes, kept) if day and day >= self.on), default=None)
        if each.state != State.MISSED or until is not None:
            return Seen(each, until)
        return Seen(each, None, self._stood_in(programme, requirement, each, period))

    def _stood_in(self, programme: Programme, requirement: EvidenceRequirement, each: Counted, period: Period) -> str:
        """The control that stood in for another over a whole interval and operated: every interval of its own that meets
        this one is filled, and there is one."""
        for by, ref, starts, ends in self._compensations.get(requirement.control_id, ()):
            if starts > each.block.first or (ends is not None and ends < each.block.last):
                continue
            met = [
                other.state
                for own in self._of_control.get(by, ()) for other in self._counted(programme, own, period)
                if other.block.first <= each.block.last and other.block.last >= each.block.first and other.block.expected
            ]  # fmt: skip
            if met and all(state in (State.FILLED, State.LATE) for state in met):
                return ref
        return ""

    def _read_shown(self, *, narrow: bool) -> dict[UUID, list[_Kept]]:
        links = EvidenceLink.objects.order_by("id")
        if narrow:
            links = links.filter(requirement__in=list(self.requirements))
        pairs = list(links.values_list("requirement_id", "artefact_id"))
        by_artefact = self._versions([artefact for _, artefact in pairs] if narrow else None)
        found: dict[UUID, list[_Kept]] = defaultdict(list)
        for requirement, artefact in pairs:
            if requirement in self.requirements and artefact in by_artefact:
                found[requirement].append(by_artefact[artefact])
        return found

    def _versions(self, artefacts: Sequence[UUID] | None) -> dict[UUID, _Kept]:
        """By artefact: the days of its versions, and what a back-fill read. Returned versions
        and readings that broke off fill nothing; a correction of the same day is no second performance."""
        returned, broken = set(returned_versions()), ExpressionWrapper(Q(provenance__has_key="incomplete"), BooleanField())
        rows = Version.objects.annotate(broken=broken).order_by("artefact_id", "number")
        rows = rows.filter(Q(effective_end__gte=self._since) | Q(pk__in=seen_more_than_once()))
        if artefacts is not None:
            rows = rows.filter(artefact__in=artefacts)
        fields = (
            "artefact_id", "artefact__source", "artefact__collected_key", "artefact__ref", "artefact__title", "effective_start",
            "effective_end", "pk", "number", "broken",
        )  # fmt: skip
        days: dict[UUID, dict[date, Evidence]] = defaultdict(dict)
        kept: dict[UUID, list[Reading]] = {}
        called: dict[UUID, tuple[str, str, date]] = {}
        followed: dict[UUID, datetime] = {}
        for artefact, source, key, ref, title, start, end, pk, number, broken_off in rows.values_list(*fields).iterator(chunk_size=5000):
            day = local_day(end, self.zone)
            called[artefact] = (title, key, min(called[artefact][2], day) if artefact in called else day)
            readings = kept.setdefault(artefact, [])
            if broken_off or pk in returned:
                continue
            since = local_day(start, self.zone) if source == Source.PERSON else None
            evidence = Evidence(pk, artefact, ref, number, since)
            days[artefact][day] = evidence
            if key.partition(":")[2] in kinds_with_history():
                followed[pk] = start
                if reading := self._reading(start, end, evidence):
                    readings.append(reading)
        self._add_looks(days, followed, kept)
        return {
            artefact: _Kept(
                *called[artefact], [Item(day, evidence) for day, evidence in sorted(days[artefact].items())], readings
            )
            for artefact, readings in kept.items()
        }

    def _add_looks(
        self, days: dict[UUID, dict[date, Evidence]], followed: dict[UUID, datetime], readings: dict[UUID, list[Reading]]
    ) -> None:
        """The days on which the very bytes of a version were seen again. What was received of such a day counts before it.
        A list that is followed was read on from the look before: up to the last of them nothing lies unread."""
        versions = {each.version: each for found in days.values() for each in found.values()}
        for pk, looks in seen_again(versions.keys()):
            evidence = versions[pk]
            for at in looks:
                days[evidence.artefact].setdefault(local_day(at, self.zone), evidence)
            if pk in followed and (reading := self._reading(followed[pk], looks[-1], evidence)):
                readings[evidence.artefact].append(reading)

    def _reading(self, start: datetime, end: datetime, evidence: Evidence) -> Reading | None:
        """The whole local days that a span holds; None where it holds none."""
        begins, ends = start.astimezone(self.zone), end.astimezone(self.zone)
        midnight = datetime.combine(begins.date(), time(), self.zone)  # which some clocks pass over, where a day begins at one
        first = begins.date() if start <= midnight.astimezone(UTC) else begins.date() + timedelta(days=1)
        last = ends.date() if ends.time() >= time(23, 59, 59) else ends.date() - timedelta(days=1)
        return Reading(first, last, evidence) if first <= last else None


def _asked_for(refused: dict[date, Refusal]) -> list[date]:
    """The days on which a list was asked for in vain. What a vendor's plan does not hold is left to its checks, which are
    unknown."""
    return [day for day, why in refused.items() if why.reason != Reason.NOT_LICENSED]


def ever_countable() -> QuerySet[EvidenceRequirement]:
    """What is expected at intervals, or was before its cadence changed; of retired controls too."""
    changed = StatedCadence.objects.filter(requirement=OuterRef("pk"))
    found = EvidenceRequirement.objects.filter(~Q(cadence__in=["", Cadence.ON_EVENT]) | Exists(changed))
    return found.select_related("control__owner", "owner").order_by("ref")


def countable() -> QuerySet[EvidenceRequirement]:
    """What is expected at intervals: of controls in use, with a cadence that is not an event."""
    found = EvidenceRequirement.objects.exclude(cadence__in=["", Cadence.ON_EVENT]).exclude(control__implementation=Implementation.RETIRED)
    return found.select_related("control__owner", "owner").order_by("ref")


def _compensations() -> dict[UUID, list[tuple[UUID, str, date, date | None]]]:
    """By control, what stood in for it: the other control, its reference, from when to when."""
    found: dict[UUID, list[tuple[UUID, str, date, date | None]]] = defaultdict(list)
    rows = Compensation.objects.order_by("id").values_list("control_id", "by_id", "by__ref", "starts_on", "ends_on")
    for control, by, ref, starts, ends in rows:
        found[control].append((by, ref, starts, ends))
    return found
