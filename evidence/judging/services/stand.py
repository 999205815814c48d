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
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from controls.models import Control, Implementation
from controls.reach import ALWAYS, Bounds, scope_bounds
from controls.reviews.selectors import attested_at
from controls.services.standing import write_standings
from evidence.auditable import what_is_missing
from evidence.cadence import local_day, parse
from evidence.intervals import Interval, State, blocks, fill, grace_of
from evidence.models import Acceptance, EvidenceLink, EvidenceRequirement, Freshness, Source, Version

from ..models import CheckState
from .looking import evidence_looked_at

_WORST_FRESHNESS = [
    Freshness.MISSING, Freshness.STALE, Freshness.DUE_SOON, Freshness.CURRENT, Freshness.NOT_YET_DUE, Freshness.EVENT_DRIVEN,
]
Span = tuple[date, date]
_WORST_OUTCOME = ["fail", "unknown", "excepted", "pass", "not_applicable"]


def refresh_standings() -> int:
    """Compute and write the standing of every control of the room; returns how many changed."""
    wanted: dict[UUID, list[EvidenceRequirement]] = defaultdict(list)
    for requirement in EvidenceRequirement.objects.order_by("ref"):
        wanted[requirement.control_id].append(requirement)
    outcomes = _outcomes_by_check()
    performed, approved = _performed(), _approved()
    period, looked_at, attested = _period(), evidence_looked_at(), attested_at()
    scopes = scope_bounds(period) if period else {}
    values = {
        control.pk: _standing(
            control, wanted[control.pk], outcomes, performed, approved, period, scopes.get(control.pk, ALWAYS)
        )
        | {"last_review_at": _latest(looked_at.get(control.pk), attested.get(control.pk), control.design_at)}
        for control in Control.objects.exclude(implementation=Implementation.RETIRED)
    }
    return write_standings(values)


def _latest(*moments: datetime | None) -> datetime | None:
    """The latest of those at which a person looked at a control; None where nobody has."""
    return max(filter(None, moments), default=None)


def _standing(
    control: Control, requirements: list[EvidenceRequirement], outcomes: dict[str, list[str]],
    performed: dict[UUID, list[date]], approved: dict[UUID, list[Span]], period: Span | None, scope: Bounds | None,
) -> dict[str, Any]:
    found = [outcome for requirement in requirements for check in requirement.checks for outcome in outcomes.get(check, [])]
    missing = what_is_missing(control, requirements)
    operation = _operation(found, requirements, approved, period)
    ends = [requirement.effective_end for requirement in requirements if requirement.effective_end]
    return {
        "evidence": _worst(requirements), "evidence_counts": dict(Counter(r.freshness for r in requirements)),
        "operation": operation, "operation_counts": dict(Counter(found)), "missing": missing,
        "unapproved": sum(_waits(requirement, approved) for requirement in requirements),
        "coverage": _coverage(control, requirements, performed, period, scope) if period and scope else {},
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


def _outcomes_by_check() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for check_id, outcome in CheckState.objects.filter(connection__active=True).values_list("check_id", "outcome"):
        found[check_id].append(outcome)
    return found


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


def _performed() -> dict[UUID, list[date]]:
    """By requirement, the local days of which its linked evidence speaks. Returned versions count for nothing."""
    zone = ZoneInfo(here().timezone)
    days: dict[UUID, set[date]] = defaultdict(set)
    versions = Version.objects.exclude(decisions__acceptance=Acceptance.RETURNED).order_by()
    for artefact_id, end in versions.values_list("artefact_id", "effective_end").iterator(chunk_size=5000):
        days[artefact_id].add(local_day(end, zone))
    by_requirement: dict[UUID, list[date]] = defaultdict(list)
    for requirement_id, artefact_id in EvidenceLink.objects.values_list("requirement_id", "artefact_id"):
        by_requirement[requirement_id].extend(days.get(artefact_id, ()))
    return by_requirement


def _period() -> tuple[date, date] | None:
    """The observation period that coverage speaks of: the running programme with a period that started first."""
    programme = (
        Programme.objects.filter(closed_at__isnull=True, period_start__isnull=False, period_end__isnull=False)
        .order_by("period_start").first()
    )
    if programme is None or programme.period_start is None or programme.period_end is None:
        return None
    return programme.period_start, programme.period_end


def _coverage(
    control: Control, requirements: list[EvidenceRequirement], performed: dict[UUID, list[date]], period: Span,
    scope: Bounds,
) -> dict[str, Any]:
    """The control's period: sums over all its requirements, and the strip of the one with the most holes."""
    on = today(here().timezone)
    strips = []
    for requirement in requirements:
        cadence = parse(requirement.cadence)
        listed = blocks(period=period, cadence=cadence, control=(control.starts_on, None), scope=scope)
        if listed:
            strips.append(fill(listed, performed.get(requirement.pk, ()), grace=grace_of(cadence), on=on))
    if not strips:
        return {}
    sums = Counter(interval.state.value for strip in strips for interval in strip)
    worst = max(strips, key=lambda strip: (_holes(strip), -len(strip)))
    return {"sums": dict(sums), "without_hole": sum(_holes(strip) == 0 for strip in strips), "of": len(strips), "strip": _runs(worst)}


def _holes(strip: list[Interval]) -> int:
    return sum(interval.state in {State.MISSED, State.UNKNOWN} for interval in strip)


def _runs(strip: list[Interval]) -> list[list[Any]]:
    """[first, last, state, how many]: neighbours in one state are one run, so that a year of days stays small."""
    runs: list[list[Any]] = []
    merge = len(strip) > 60
    for interval in strip:
        if merge and runs and runs[-1][2] == interval.state.value:
            runs[-1][1] = interval.block.last.isoformat()
            runs[-1][3] += 1
        else:
            runs.append([interval.block.first.isoformat(), interval.block.last.isoformat(), interval.state.value, 1])
    return runs

