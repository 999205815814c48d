"""Severity, rank and their reasons for every gap that stands, and the count that each control carries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.trail.actors import SYSTEM
from compliance.trail.services import record
from controls.services.standing import write_standings

from ..bearing import Bearing
from ..causes import Cause, Found
from ..models import Gap, GapControl, GapState
from ..ranking import rank
from ..wanted import Wanted
from ..weights import Severity

_WRITTEN = [
    "title", "cause", "remedy", "facts_at", "state", "closed_at", "closing_note", "reopened_at", "reopened_times", "severity",
    "points", "rank", "reasons", "criteria", "area", "control", "owner", "due_date", "due_set_by_hand",
]
_DUE_DAYS = {"critical": 14, "significant": 30, "minor": 90}


def order_gaps(pairs: list[tuple[Gap, Wanted]], bearing: Bearing) -> None:
    """Rank all gaps that stand, 1 first, and write what changed of each."""
    left = Gap.objects.exclude(state=GapState.CLOSED).exclude(pk__in=[gap.pk for gap, _ in pairs])
    ranked = []
    for gap, wanted in pairs:
        judged = rank(cause_of(gap, wanted, bearing))
        _write_severity(gap, str(judged.severity.value))
        gap.points, gap.reasons = judged.points, list(judged.reasons)
        ranked.append((_key(gap, judged.key), gap))
    ranked += [((-Severity(gap.effective_severity).weight, -gap.points, 0, False, gap.opened_at.timestamp(), gap.ref), gap) for gap in left]
    ranked.sort(key=lambda pair: pair[0])
    for position, (_, gap) in enumerate(ranked, start=1):
        gap.rank = position
    Gap.objects.bulk_update([gap for _, gap in ranked], _WRITTEN, batch_size=200)
    tell_controls()


def _key(gap: Gap, key: tuple[Any, ...]) -> tuple[Any, ...]:
    """A person's override moves the gap among the others; the computed severity stays in sight beside it."""
    return (-Severity(gap.effective_severity).weight, *key[1:])


def _write_severity(gap: Gap, severity: str) -> None:
    if gap.severity != severity:
        if gap.points:  # not at its opening
            record(actor=SYSTEM, action="gaps.gap.reweighed", target=gap, before={"severity": gap.severity}, after={"severity": severity})
        gap.severity = severity
        if not gap.due_set_by_hand:
            start = (gap.reopened_at or gap.opened_at).date()
            gap.due_date = start + timedelta(days=_DUE_DAYS[severity])


def cause_of(gap: Gap, wanted: Wanted, bearing: Bearing) -> Cause:
    """A gap's cause in the plain values that severity and rank are computed from."""
    control = gap.control
    refs = _criteria(wanted, bearing)
    gap.criteria, gap.area = refs, _area(refs)
    sampled = wanted.found is Found.DEVIATION
    return Cause(
        found=wanted.found, ref=gap.ref, subject=wanted.check.title if wanted.check else wanted.title,
        control=control.ref if control else "", key=control.key if control else False, criteria=tuple(refs),
        only_control_of=tuple(bearing.only[control.pk]) if control else (),
        none_operates_for=tuple(bearing.fallen[control.pk]) if control else (),
        technical=wanted.check.severity if wanted.check else None, share=wanted.share if sampled else 0.0,
        sample_size=sample_size(wanted.population) if sampled else 0, intervals_beyond=wanted.intervals_beyond,
        curable=wanted.found not in {Found.DEVIATION, Found.MISSED}, lost_days=_lost_days(wanted, bearing),
        today=today(here().timezone), period_end=bearing.period_end(), opened_at=gap.opened_at,
    )


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
    day: date = today(here().timezone)
    return max(0, (day - max(start, wanted.since.date())).days)


def _criteria(wanted: Wanted, bearing: Bearing) -> list[str]:
    if wanted.check is not None:
        return list(wanted.check.criteria)
    refs = [ref for id in wanted.control_ids for ref in bearing.refs_of[id]]
    return sorted(set(refs))[:12]


def _area(refs: list[str]) -> str:
    """The series of the first criterion: CC6 of CC6.1."""
    return refs[0].split(".")[0] if refs else ""


def tell_controls() -> None:
    """Write each control's open gaps into its standing."""
    rows = (
        GapControl.objects.exclude(gap__state=GapState.CLOSED).order_by("gap__rank")
        .values_list("control_id", "gap_id", "gap__ref", "gap__severity", "gap__severity_override")
    )
    carried: dict[UUID, list[tuple[UUID, str, str]]] = defaultdict(list)
    for control_id, gap_id, ref, severity, override in rows:
        carried[control_id].append((gap_id, ref, override or severity))
    values: dict[UUID, Mapping[str, Any]] = {
        control_id: {"open_gaps": len(gaps), "worst_gap": gaps[0][2], "top_gap_ref": gaps[0][1], "top_gap_id": gaps[0][0]}
        for control_id, gaps in carried.items()
    }
    nothing = {"open_gaps": 0, "worst_gap": "", "top_gap_ref": "", "top_gap_id": None}
    from controls.models import Standing

    for control_id in Standing.objects.exclude(open_gaps=0).exclude(control_id__in=list(values)).values_list("control_id", flat=True):
        values[control_id] = nothing
    write_standings(values)
