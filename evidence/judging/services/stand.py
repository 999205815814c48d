"""The standing of every control: what evidence says of it, in one row that pages can read without climbing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F

from compliance.programmes.models import Programme
from compliance.programmes.selectors import open_programmes
from compliance.tenancy.rooms import here
from controls.models import Control, Implementation
from controls.reviews.selectors import attested_at
from controls.services.standing import write_standings
from evidence.auditable import what_is_missing
from evidence.cadence import local_day
from evidence.coverage.counting import Way
from evidence.coverage.facts import Facts, Seen
from evidence.coverage.services import refresh_coverage
from evidence.coverage.strips import runs_of
from evidence.coverage.terms import Period, period_of
from evidence.models import Acceptance, EvidenceLink, EvidenceRequirement, Freshness, Source, Version

from ..selectors import outcomes_by_check
from .lapse import let_lapse
from .looking import evidence_looked_at

_WORST_FRESHNESS = [
    Freshness.MISSING, Freshness.STALE, Freshness.DUE_SOON, Freshness.CURRENT, Freshness.NOT_YET_DUE, Freshness.EVENT_DRIVEN,
]
Span = tuple[date, date]
_WORST_OUTCOME = ["fail", "unknown", "excepted", "pass", "not_applicable"]


def refresh_standings() -> int:
    """Compute and write the standing of every control of the room; returns how many changed."""
    let_lapse()
    wanted: dict[UUID, list[EvidenceRequirement]] = defaultdict(list)
    for requirement in EvidenceRequirement.objects.order_by("ref"):
        wanted[requirement.control_id].append(requirement)
    outcomes = outcomes_by_check()
    approved, looked_at, attested = _approved(), evidence_looked_at(), attested_at()
    periods = [known for each in open_programmes() if (known := period_of(each))]
    facts = Facts(periods) if periods else None
    refresh_coverage(facts)
    measure = _measure()
    period = measure[1].span if measure else None
    values = {
        control.pk: _standing(control, wanted[control.pk], outcomes, approved, period)
        | {"coverage": _coverage(wanted[control.pk], facts, measure) if facts and measure else {}}
        | {"last_review_at": _latest(looked_at.get(control.pk), attested.get(control.pk), control.design_at)}
        for control in Control.objects.exclude(implementation=Implementation.RETIRED)
    }
    return write_standings(values)


def _latest(*moments: datetime | None) -> datetime | None:
    """The latest of those at which a person looked at a control; None where nobody has."""
    return max(filter(None, moments), default=None)


def _standing(
    control: Control, requirements: list[EvidenceRequirement], outcomes: dict[str, list[str]],
    approved: dict[UUID, list[Span]], period: Span | None,
) -> dict[str, Any]:
    found = [outcome for requirement in requirements for check in requirement.checks for outcome in outcomes.get(check, [])]
    missing = what_is_missing(control, requirements)
    operation = _operation(found, requirements, approved, period)
    ends = [requirement.effective_end for requirement in requirements if requirement.effective_end]
    return {
        "evidence": _worst(requirements), "evidence_counts": dict(Counter(r.freshness for r in requirements)),
        "operation": operation, "operation_counts": dict(Counter(found)), "missing": missing,
        "unapproved": sum(_waits(requirement, approved) for requirement in requirements),
        "last_evidence_at": max(ends, default=None),
        "assessed": _assessed(control, operation, missing),
        "checks": len({check for requirement in requirements for check in requirement.checks}),
    }


def _waits(requirement: EvidenceRequirement, approved: dict[UUID, list[Span]]) -> bool:
    """Fresh evidence of a person that nobody else has approved yet; what a collector brings is judged by its checks."""
    fresh = requirement.freshness in {Freshness.CURRENT, Freshness.DUE_SOON}
    return fresh and requirement.source == Source.PERSON and requirement.pk not in approved


def _worst(requirements: list[EvidenceRequirement]) -> str:
    present = {requirement.freshness for requirement in requirements}
    return next((state.value for state in _WORST_FRESHNESS if state in present), Freshness.MISSING.value)


def _operation(
    found: list[str], requirements: list[EvidenceRequirement], approved: dict[UUID, list[Span]], period: Span | None
) -> str:
    """Pass, fail, unknown; else not observed. Evidence from a person operates once another has approved it."""
    for outcome in _WORST_OUTCOME[:4]:
        if outcome in found:
            return outcome
    shown = any(_shows(requirement, approved.get(requirement.pk, ()), period) for requirement in requirements)
    return "pass" if shown else "not_observed"


def _shows(requirement: EvidenceRequirement, approved: Iterable[Span], period: Span | None) -> bool:
    """Whether approved evidence shows the control at work: while it is fresh, or, where it follows events and so has
    no freshness (definitions, Evidence), when its span meets the observation period."""
    if requirement.freshness == Freshness.EVENT_DRIVEN:
        return any(period is None or (first <= period[1] and last >= period[0]) for first, last in approved)
    return requirement.freshness in {Freshness.CURRENT, Freshness.DUE_SOON} and bool(approved)


def _assessed(control: Control, operation: str, missing: list[str]) -> bool:
    """All three answers are there: it exists (a person said), it operates (a check or approved evidence that is not
    unknown), its evidence survives sampling (it is not sampled, or its population is named and collected)."""
    exists = control.implementation != Implementation.PLANNED
    return exists and operation not in {"unknown", "not_observed"} and "population" not in missing


def _approved() -> dict[UUID, list[Span]]:
    """By requirement, the local days that the newest versions of its approved evidence speak of."""
    zone = ZoneInfo(here().timezone)
    newest = Version.objects.filter(artefact__acceptance=Acceptance.APPROVED, number=F("artefact__latest_number")).order_by()
    spans = {
        artefact_id: (local_day(start, zone), local_day(end, zone))
        for artefact_id, start, end in newest.values_list("artefact_id", "effective_start", "effective_end")
    }
    by_requirement: dict[UUID, list[Span]] = defaultdict(list)
    linked = EvidenceLink.objects.filter(artefact__acceptance=Acceptance.APPROVED)
    for requirement_id, artefact_id in linked.values_list("requirement_id", "artefact_id"):
        if artefact_id in spans:
            by_requirement[requirement_id].append(spans[artefact_id])
    return by_requirement


def _measure() -> tuple[Programme, Period] | None:
    """What a control's strip speaks of: of the programmes under way with a period, the one that began first."""
    known = [(each, period) for each in open_programmes() if (period := period_of(each)) and period.way != Way.ONE_DAY]
    return min(known, key=lambda pair: pair[1].span, default=None)


def _coverage(requirements: list[EvidenceRequirement], facts: Facts, measure: tuple[Programme, Period]) -> dict[str, Any]:
    """The control's period: sums over all its requirements, and the strip of the one with the most holes."""
    programme, period = measure
    asked = [facts.requirements[each.pk] for each in requirements if each.pk in facts.requirements]
    strips = [strip for each in asked if (strip := facts.intervals(programme, each, period))]
    if not strips:
        return {}
    sums = Counter(each.counted.state.value for strip in strips for each in strip)
    worst = max(strips, key=lambda strip: (_holes(strip), -len(strip)))
    return {
        "sums": dict(sums), "without_hole": sum(_holes(strip) == 0 for strip in strips), "of": len(strips),
        "strip": [run.kept()[:4] for run in runs_of(worst)],
    }  # fmt: skip


def _holes(strip: list[Seen]) -> int:
    return sum(each.counted.is_hole for each in strip)
