"""Severity, rank and their reasons for every gap that stands, and the count that each control carries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.tenancy.writing import update_rows
from compliance.trail.actors import SYSTEM
from compliance.trail.services import record
from compliance.web.words import day
from controls.models import Standing
from controls.services.standing import write_standings
from evidence.checks import catalogue
from evidence.checks.base import Severity as Technical

from ..areas import stem
from ..bearing import Bearing
from ..causes import Cause, Found
from ..models import Gap, GapControl, GapState
from ..ranking import rank
from ..standing_cause import Wanted
from ..wanted import CHECK_FAILS
from ..weights import Severity

_WRITTEN = (
    "title", "cause", "remedy", "facts_at", "state", "closed_at", "closing_note", "reopened_at", "reopened_times",
    "severity", "points", "rank", "reasons", "criteria", "area", "control_id", "owner_id", "due_date", "due_set_by_hand",
)  # fmt: skip
DUE_DAYS = {"critical": 14, "significant": 30, "minor": 90}
_TECHNICAL = {
    technical: place
    for place, technical in enumerate((Technical.LOW, Technical.MEDIUM, Technical.HIGH, Technical.CRITICAL), 1)
}


def snapshot(gap: Gap) -> tuple[Any, ...]:
    """What a reconcile may change of a gap, to tell afterwards whether it did."""
    return tuple(getattr(gap, name) for name in _WRITTEN)


def order_gaps(pairs: list[tuple[Gap, Wanted]], bearing: Bearing, before: Mapping[UUID, tuple[Any, ...]]) -> None:
    """Judge the gaps whose cause stands, rank all that are not closed, 1 first, and write those that changed."""
    for gap, wanted in pairs:
        judged = rank(cause_of(gap, wanted, bearing))
        _write_severity(gap, str(judged.severity.value))
        gap.points, gap.reasons = judged.points, [*judged.reasons, *_of_retired(gap, bearing)]
    left = Gap.objects.exclude(state=GapState.CLOSED).exclude(pk__in=[gap.pk for gap, _ in pairs])
    standing = [gap for gap, _ in pairs]
    ranks = {gap.pk: gap.rank for gap in left}
    _number([*standing, *left])
    _write([gap for gap in standing if snapshot(gap) != before.get(gap.pk)])
    update_rows([gap for gap in left if gap.rank != ranks[gap.pk]], ["rank"])
    tell_controls()


def _of_retired(gap: Gap, bearing: Bearing) -> list[str]:
    """Why a gap stands though its control is not in use any more."""
    if gap.control is None or gap.control.pk not in bearing.retired_on:
        return []
    retired = day(bearing.retired_on[gap.control.pk])
    return [f"It began while {gap.control.ref} was in use. That was retired on {retired}, which undoes nothing."]


def rank_again() -> None:
    """Number the gaps anew by what is stored of them: after a person has moved one."""
    gaps = list(Gap.objects.exclude(state=GapState.CLOSED))
    ranks = {gap.pk: gap.rank for gap in gaps}
    _number(gaps)
    update_rows([gap for gap in gaps if gap.rank != ranks[gap.pk]], ["rank"])
    tell_controls()


def _number(gaps: Iterable[Gap]) -> None:
    for position, gap in enumerate(sorted(gaps, key=_place), start=1):
        gap.rank = position


def _place(gap: Gap) -> tuple[Any, ...]:
    """`ranking.Rank.key` of a stored gap. A person's override moves it; the computed severity stays beside it. What is
    accepted comes after all that is open, so that the last rank of the open ones is their number."""
    check = catalogue.get(gap.subject) if gap.rule == CHECK_FAILS else None
    technical = _TECHNICAL.get(check.severity, 0) if check is not None else 0
    accepted = gap.state == GapState.ACCEPTED
    return accepted, -Severity(gap.effective_severity).weight, -gap.points, -technical, gap.opened_at.timestamp(), gap.ref


def _write(gaps: list[Gap]) -> None:
    names = [name.removesuffix("_id") for name in _WRITTEN]
    update_rows(gaps, names)


def _write_severity(gap: Gap, severity: str) -> None:
    if gap.severity == severity:
        return
    if gap.points:  # not at its opening
        record(
            actor=SYSTEM,
            action="gaps.gap.reweighed",
            target=gap,
            before={"severity": gap.severity},
            after={"severity": severity},
        )
    gap.severity = severity
    if not gap.due_set_by_hand:
        gap.due_date = usual_due_date(gap)


def usual_due_date(gap: Gap) -> date:
    """By when a gap of its severity should be put right, counted from when it was opened or opened again."""
    return (gap.reopened_at or gap.opened_at).date() + timedelta(days=DUE_DAYS[gap.effective_severity])


def cause_of(gap: Gap, wanted: Wanted, bearing: Bearing) -> Cause:
    """A gap's cause in the plain values that severity and rank are computed from."""
    control = gap.control
    refs = _criteria(wanted, bearing)
    gap.criteria, gap.area = refs, _area(refs, bearing)
    sampled = wanted.found is Found.DEVIATION
    return Cause(
        found=wanted.found, ref=gap.ref, subject=wanted.check.title if wanted.check else wanted.title,
        control=control.ref if control else "", key=control.key if control else False, criteria=tuple(refs),
        only_control_of=tuple(bearing.only.get(control.pk, ())) if control else (),
        none_operates_for=tuple(bearing.fallen.get(control.pk, ())) if control else (),
        technical=wanted.check.severity if wanted.check else None, share=wanted.share if sampled else 0.0,
        sample_size=sample_size(wanted.population) if sampled else 0, intervals_beyond=wanted.intervals_beyond,
        curable=wanted.found not in {Found.DEVIATION, Found.MISSED}, lost_days=_lost_days(wanted, bearing),
        today=today(here().timezone), period_end=bearing.period_end(), opened_at=gap.opened_at,
    )  # fmt: skip


def sample_size(population: int) -> int:
    """Items that an auditor would usually draw from events of a period (audit practice, 4.4: by population size)."""
    if population <= 5:
        return population
    if population <= 50:
        return 5
    return -(-population // 10) if population <= 250 else 25


def _lost_days(wanted: Wanted, bearing: Bearing) -> int:
    """Days of the period so far on which a setting was seen to fail: they cannot be earned again."""
    start = bearing.period_start()
    if wanted.found is not Found.FAIL or wanted.since is None or start is None:
        return 0
    on: date = today(here().timezone)
    return max(0, (on - max(start, wanted.since.date())).days)


def _criteria(wanted: Wanted, bearing: Bearing) -> list[str]:
    """What it touches, at most twelve: of the check's own criteria those that are asked; else those of the controls."""
    own = list(wanted.check.criteria) if wanted.check is not None else []
    through = [ref for id in wanted.control_ids for ref in bearing.refs_of.get(id, ())]
    return (bearing.in_scope(own) or bearing.in_order(through) or bearing.in_order(own))[:12]


def _area(refs: list[str], bearing: Bearing) -> str:
    """The area of the first criterion."""
    return (bearing.area.get(refs[0]) or stem(refs[0]))[:60] if refs else ""


def tell_controls() -> None:
    """Write each control's gaps that are not closed into its standing, the gravest first: accepting one hides nothing."""
    rows = (
        GapControl.objects.exclude(gap__state=GapState.CLOSED)
        .order_by("gap__rank")
        .values_list("control_id", "gap_id", "gap__ref", "gap__severity", "gap__severity_override")
    )
    carried: dict[UUID, list[tuple[UUID, str, str]]] = defaultdict(list)
    for control_id, gap_id, ref, severity, override in rows:
        carried[control_id].append((gap_id, ref, override or severity))
    for gaps in carried.values():
        gaps.sort(key=lambda gap: -Severity(gap[2]).weight)  # stable: in the order of ranks within a severity
    values: dict[UUID, Mapping[str, Any]] = {
        control_id: {
            "open_gaps": len(gaps),
            "worst_gap": gaps[0][2],
            "top_gap_ref": gaps[0][1],
            "top_gap_id": gaps[0][0],
        }
        for control_id, gaps in carried.items()
    }
    nothing = {"open_gaps": 0, "worst_gap": "", "top_gap_ref": "", "top_gap_id": None}
    for control_id in (
        Standing.objects.exclude(open_gaps=0).exclude(control_id__in=list(values)).values_list("control_id", flat=True)
    ):
        values[control_id] = nothing
    write_standings(values)
