"""Completeness: by criterion and control, what is there, what is missing, and what will not survive sampling and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from compliance.frameworks.models import Requirement
from compliance.programmes.models import Programme
from compliance.programmes.selectors import requirements_in_scope
from compliance.tenancy.rooms import here
from compliance.web.words import day
from controls.conditions import controls_ever_asked
from controls.models import Control, Implementation, Mapping
from controls.operating import Operating
from controls.reach import applies_to
from controls.stood import Away
from evidence.cadence import local_day
from evidence.coverage.models import Coverage
from evidence.coverage.selectors import coverage_now
from evidence.coverage.strips import read
from evidence.coverage.terms import Period, period_of
from evidence.coverage.words import how_often, label_of
from evidence.judging.selectors import outcomes_by_check
from evidence.models import Acceptance, EvidenceLink, EvidenceRequirement, Freshness, Source, Version
from evidence.populations.speaking import populations_beside

#: What keeps a thing from surviving a sample, by a word that a list can be narrowed by.
WHYS = {
    "no_evidence": "Nothing shows it", "no_population": "No population", "unconfirmed": "Population unconfirmed",
    "untestable": "Cannot be tested as written", "snapshot": "A snapshot instead of a period", "undated": "Undated",
    "outside": "Of no day of the period", "unknown": "Unknown", "hole": "A hole in the period", "stale": "Stale",
    "unapproved": "Not approved", "returned": "Returned",
}  # fmt: skip
_STANDS = {"missing": "No control", "fail": "Not whole", "not_yet_due": "Not all due yet", "pass": "Whole"}
_NAMED = 4
#: A day is all the period that one piece of these speaks of.
_DAILY = ("continuous", "daily")


@dataclass(frozen=True)
class Reason:
    """Why something will not survive a sample: one of WHYS, and a sentence."""

    why: str
    says: str


@dataclass
class Shown:
    """One evidence requirement: what shows it, and what is wrong with that."""

    requirement: EvidenceRequirement
    newest: Version | None
    artefacts: int
    coverage: Coverage | None
    reasons: list[Reason] = field(default_factory=list)

    @property
    def there(self) -> str:
        """What is there, in a sentence."""
        if self.newest is None:
            return "Nothing."
        said = f"{self.newest.artefact.ref} v{self.newest.number}"
        if ends := seen_until(self.newest):
            said += f", of {day(local_day(ends, ZoneInfo(here().timezone)))}"
        if self.artefacts > 1:
            said += f", and {self.artefacts - 1} more"
        counted = self.coverage
        if counted is None or not counted.expected:
            return f"{said}."
        turned = f" {self.how_often}." if self.how_often != self.requirement.get_cadence_display() else ""
        return f"{said}. {counted.filled + counted.late} of {counted.expected} intervals filled.{turned}"

    @property
    def how_often(self) -> str:
        """`Monthly, annual since 1 Jul 2026` where that turned within the period."""
        runs = [read(kept) for kept in self.coverage.strip] if self.coverage else []
        return how_often(runs, self.requirement)


@dataclass
class Told:
    """One control with its evidence requirements. `retired_on`: of one that was retired, of which only what was expected of
    the period until then is told. `away`: retirements that it was taken up again from, whose days of the period count."""

    control: Control
    criteria: list[str]
    shown: list[Shown]
    own: list[Reason]
    retired_on: date | None = None
    away: tuple[Away, ...] = ()

    @cached_property
    def reasons(self) -> list[Reason]:
        return [*self.own, *(Reason(each.why, f"{one.requirement.ref}: {each.says}") for one in self.shown for each in one.reasons)]

    @property
    def stood(self) -> str:
        """When it was retired, or stood so for a while, as words behind its title; empty where neither."""
        said = [f"retired on {day(self.retired_on)}"] if self.retired_on else []
        return ", ".join([*said, *(f"stood as retired from {each}, which counts" for each in self.away)])

    @property
    def survives(self) -> bool:
        return not self.reasons

    @property
    def waits(self) -> bool:
        """Whether something that is asked is not there and not due yet: nothing to say against it, and nothing for it."""
        return any(one.newest is None and not one.reasons for one in self.shown)

    @property
    def stands(self) -> str:
        """`yes`, `no` or `not yet due`: whether it survives. What is not there yet has not survived anything."""
        return "no" if not self.survives else "not yet due" if self.waits else "yes"

    @property
    def whys(self) -> list[str]:
        return list(dict.fromkeys(each.why for each in self.reasons))


@dataclass
class Criterion:
    """One requirement of the programme with the controls that meet it, and those that did until they were retired."""

    requirement: Requirement
    controls: list[Told]
    retired: list[Told] = field(default_factory=list)

    @property
    def asked(self) -> int:
        return sum(len(each.shown) for each in self.controls)

    @property
    def there(self) -> int:
        """Evidence requirements that something shows."""
        return sum(one.newest is not None for each in self.controls for one in each.shown)

    @property
    def failing(self) -> list[Told]:
        return [each for each in (*self.controls, *self.retired) if not each.survives]

    @property
    def state(self) -> str:
        """`missing` (no control), `fail` (not whole), `not_yet_due` (nothing is wrong, and not all is there), `pass` (whole)."""
        if not self.controls:
            return "missing"
        if self.failing:
            return "fail"
        return "not_yet_due" if any(each.waits for each in self.controls) else "pass"

    @property
    def word(self) -> str:
        return _STANDS[self.state]


@dataclass
class Completeness:
    """A programme: its criteria, and its controls in the order of their references."""

    programme: Programme
    criteria: list[Criterion]
    controls: list[Told]

    @property
    def failing(self) -> list[Told]:
        return [each for each in self.controls if not each.survives]

    @property
    def bare(self) -> int:
        return sum(not each.controls for each in self.criteria)

    @property
    def whole(self) -> int:
        return sum(each.state == "pass" for each in self.criteria)

    @property
    def waiting(self) -> int:
        """Criteria of which nothing is wrong and not all is there, since it is not due yet."""
        return sum(each.state == "not_yet_due" for each in self.criteria)

    @property
    def by_why(self) -> list[tuple[str, str, int]]:
        """How many controls each reason keeps from surviving."""
        counts = {why: sum(why in each.whys for each in self.failing) for why in WHYS}
        return [(why, WHYS[why], number) for why, number in counts.items() if number]


def completeness(programme: Programme) -> Completeness:
    """Read once for a programme: a dozen queries, whatever it holds."""
    period = period_of(programme)
    refs: dict[UUID, list[str]] = defaultdict(list)
    ids: dict[UUID, list[UUID]] = defaultdict(list)
    in_scope = list(requirements_in_scope(programme))
    mappings = Mapping.objects.filter(applies_to(programme, "control"), requirement__in=in_scope).order_by("requirement__position")
    for control_id, requirement_id, ref in mappings.values_list("control_id", "requirement_id", "requirement__ref"):
        refs[control_id].append(ref)
        ids[requirement_id].append(control_id)
    shown, beside = _shown(programme, period), populations_beside(period.span) if period else {}
    controls = list(controls_ever_asked(programme).select_related("owner", "standing"))
    operating = Operating({each.pk for each in controls})
    away = {each.pk: operating.away(each, period.span) if period else () for each in controls}
    told = {
        control.pk: Told(
            control, refs[control.pk], shown[control.pk],
            _of_control(control, shown[control.pk], beside.get(control.pk, ())), away=away[control.pk],
        )
        for control in controls if control.implementation != Implementation.RETIRED
    } | {
        control.pk: Told(control, refs[control.pk], until, [], retired, away[control.pk])
        for control in controls
        if (retired := operating.retired_on(control)) and (until := _until_retired(shown[control.pk]))
    }  # fmt: skip
    criteria = [
        Criterion(each, [one for one in found if one.retired_on is None], [one for one in found if one.retired_on is not None])
        for each in in_scope for found in [[told[id] for id in ids[each.pk] if id in told]]
    ]  # fmt: skip
    return Completeness(programme, criteria, sorted(told.values(), key=lambda each: each.control.ref))


def _until_retired(shown: Sequence[Shown]) -> list[Shown]:
    """Of a control that was retired within the period: what was expected until then, and what of it nothing shows."""
    return [
        Shown(one.requirement, one.newest, one.artefacts, one.coverage, list(_holes_of(one)))
        for one in shown if one.coverage is not None and one.coverage.expected
    ]  # fmt: skip


def _of_control(control: Control, shown: Sequence[Shown], beside: Sequence[str]) -> list[Reason]:
    """What is wrong with the control itself, before any evidence is looked at. `beside`: the populations that are kept for
    it and of which no confirmed version speaks of the period."""
    found = []
    if control.tested_by_sample and not control.population:
        found.append(Reason("no_population", "It is tested by sample, and no list is named to draw from."))
    elif control.tested_by_sample and control.population_confirmed_at is None:
        found.append(Reason("unconfirmed", f"Nobody has confirmed that “{control.population}” is complete and accurate."))
    elif control.tested_by_sample and beside:
        found.append(Reason("unconfirmed", f"No confirmed version of {', '.join(beside)} speaks of the period."))
    if not shown:
        found.append(Reason("no_evidence", "Nothing is asked for that would show it."))
    standing = getattr(control, "standing", None)
    lacks = [word for word in (standing.missing if standing else []) if word not in ("population", "evidence requirement")]
    if lacks:
        found.append(Reason("untestable", f"It has no {', no '.join(lacks)}."))
    return found


def _shown(programme: Programme, period: Period | None) -> dict[UUID, list[Shown]]:
    """By control, what is asked and what shows it."""
    newest, artefacts = _newest()
    counted = {row.requirement_id: row for row in coverage_now(programme, period)} if period else {}
    unknown = {check for check, said in outcomes_by_check().items() if "unknown" in said}
    found: dict[UUID, list[Shown]] = defaultdict(list)
    for requirement in EvidenceRequirement.objects.select_related("owner").order_by("ref"):
        one = Shown(requirement, newest.get(requirement.pk), artefacts.get(requirement.pk, 0), counted.get(requirement.pk))
        one.reasons = list(_wrong_with(one, period, unknown))
        found[requirement.control_id].append(one)
    return found


def _newest() -> tuple[dict[UUID, Version], dict[UUID, int]]:
    """By requirement, the newest version that is not returned, and how many artefacts show it. Two queries."""
    latest = Version.objects.select_related("artefact").order_by("artefact_id", "-number").distinct("artefact_id")
    by_artefact = {version.artefact_id: version for version in latest.defer("provenance")}
    found: dict[UUID, Version] = {}
    numbers: dict[UUID, int] = defaultdict(int)
    for requirement, artefact in EvidenceLink.objects.order_by("id").values_list("requirement_id", "artefact_id"):
        version = by_artefact.get(artefact)
        if version is None:
            continue
        numbers[requirement] += 1
        if requirement not in found or _order(version) > _order(found[requirement]):
            found[requirement] = version
    return found, numbers


def _order(version: Version) -> tuple[bool, Any]:
    return version.artefact.acceptance != Acceptance.RETURNED, seen_until(version) or version.received_at


def seen_until(version: Version) -> datetime | None:
    """Up to when the newest version of an artefact speaks: what a collector has seen again since speaks of that day too."""
    if version.effective_end is None or version.artefact.source != Source.COLLECTOR:
        return version.effective_end
    return max(filter(None, [version.effective_end, version.artefact.latest_effective_end]))


def _wrong_with(one: Shown, period: Period | None, unknown: set[str]) -> Iterable[Reason]:
    """What an auditor would bounce, or could not draw from."""
    requirement, version = one.requirement, one.newest
    if version is None:
        if requirement.freshness != Freshness.NOT_YET_DUE:
            yield Reason("no_evidence", f"nothing shows {requirement.title.lower()}.")
    else:
        yield from _wrong_with_version(requirement, version, period)
    if blind := [check for check in requirement.checks if check in unknown]:
        yield Reason("unknown", f"{', '.join(blind[:_NAMED])} could not look.")
    yield from _holes_of(one)
    if version is not None and requirement.freshness == Freshness.STALE:
        yield Reason("stale", "what shows it has grown too old to count.")
    stands = version is not None and version.artefact.acceptance != Acceptance.RETURNED  # else that is said already
    if stands and requirement.freshness == Freshness.MISSING and requirement.effective_end is None:
        yield Reason("returned", "a list that it needs was returned, and no other stands in for it.")


def _holes_of(one: Shown) -> Iterable[Reason]:
    if one.coverage and one.coverage.unknown:
        yield Reason("unknown", f"a collector could not look in {_holes(one.coverage, 'unknown')}.")
    if one.coverage and one.coverage.missed:
        yield Reason("hole", f"nothing shows {_holes(one.coverage, 'missed')}.")


def _wrong_with_version(requirement: EvidenceRequirement, version: Version, period: Period | None) -> Iterable[Reason]:
    acceptance = version.artefact.acceptance
    if acceptance == Acceptance.RETURNED:
        yield Reason("returned", f"{version.artefact.ref} was returned and fills nothing.")
    elif requirement.source == Source.PERSON and acceptance != Acceptance.APPROVED:
        yield Reason("unapproved", f"{version.artefact.ref} waits for another person to approve it.")
    if version.effective_end is None:
        yield Reason("undated", f"{version.artefact.ref} says of no day that it speaks of it, so it fills nothing.")
        return
    zone = ZoneInfo(here().timezone)
    first, last = local_day(version.effective_start, zone), local_day(seen_until(version) or version.effective_end, zone)
    if requirement.span == "period" and first == last and requirement.cadence not in _DAILY:
        yield Reason("snapshot", f"{version.artefact.ref} speaks of {day(last)} alone, where a period is asked for.")
    if period is not None and period.first != period.last and (last < period.first or first > period.last):
        yield Reason("outside", f"{version.artefact.ref} speaks of no day of the period.")


def _holes(row: Coverage, state: str) -> str:
    """The holes by name: Q2 2026, March 2026 and 3 more."""
    runs = [run for kept in row.strip if (run := read(kept)).state == state]
    named = [label_of(run.first, run.last) + (f", for want of “{run.lacks}”" if run.lacks else "") for run in runs]
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return ", ".join(named[:_NAMED]) + more
