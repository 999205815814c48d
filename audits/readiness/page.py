"""What the dashboard shows, worked out from the figures and a few rows. Five queries, however much there is."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from compliance.programmes.models import Phase, Programme
from compliance.programmes.phasing import PhaseState, phase_state
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import here
from compliance.web.charts.bars import Part
from compliance.web.charts.scale import Scale
from evidence.selectors import ORDER
from gaps.models import Gap

from .forms import BUCKETS
from .models import FiguresDay
from .selectors import Reading, Standing, next_gaps, programme_of, week_of_entries
from .week import lines_of
from .wording import age, days_left, due_state, since_a_week_ago, who_and_when

_NEXT = 4
_TONES = {"ready": "pass", "partly": "due", "missing": "missing", "unknown": "unknown", "not_yet_due": "line", "not_assessed": "well"}
_SEVERITIES = {"critical": "fail", "significant": "stale", "minor": "line"}
_PHASES = {
    PhaseState.TO_COME: ("to_come", "To come"), PhaseState.RUNNING: ("running", "Running"),
    PhaseState.OVER: ("not_applicable", "Dates are over"),
}  # fmt: skip


def page_of(reading: Standing, day: date, *, reads_trail: bool) -> dict[str, Any]:
    """Everything that `readiness/dashboard.html` needs. `reads_trail`: whether the reader may open the trail."""
    assert reading.programme is not None
    assert reading.computed_at is not None
    programme = programme_of(reading)
    worst = [_gap(gap, day) for gap in next_gaps(_NEXT)]
    first, then = (worst[0] if worst else None), worst[1:]
    return {
        "reading": reading, "chosen": reading.programme, "today": day, "age": age(reading.computed_at, now()),
        "beside": reading.figures["controls"]["total"] - reading.programme["controls"],
        "buckets": _buckets(reading.programme), "parts": _parts(reading.programme),
        "on_track": reading.programme["ready"] + reading.programme["buckets"]["not_yet_due"],
        "change": _change(reading.programme, reading.before), "hurt": first, "then": then,
        "areas": _areas(reading), "largest": max((row["open"] for row in reading.figures["gaps"]["by_area"]), default=0),
        "gaps": _gap_sums(reading), "evidence": [(state.value, reading.figures["evidence"][state.value]) for state in ORDER],
        "week": lines_of(week_of_entries(), reads_trail=reads_trail),
        **_period(programme, day),
    }  # fmt: skip


def _buckets(chosen: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [(str(state), word, chosen["buckets"][state]) for state, word in BUCKETS.items()]


def _parts(chosen: dict[str, Any]) -> list[Part]:
    return [Part(_TONES[state], number, word.split(":")[0].lower()) for state, word, number in _buckets(chosen)]


def _change(chosen: dict[str, Any], before: FiguresDay | None) -> str:
    earlier = next((each for each in before.figures.get("programmes", []) if each["id"] == chosen["id"]), None) if before else None
    return since_a_week_ago(chosen, earlier, before.day if before else None)


def _gap(gap: Gap, day: date) -> dict[str, Any]:
    return {
        "gap": gap, "left": days_left(gap.due_date, day), "state": due_state(gap.due_date, day),
        "sentence": who_and_when(gap, day),
    }  # fmt: skip


def _gap_sums(reading: Reading) -> dict[str, int]:
    counts = {severity: reading.figures["gaps"][severity] for severity in _SEVERITIES}
    return {**counts, "open": sum(counts.values())}


def _areas(reading: Reading) -> list[dict[str, Any]]:
    """Open gaps by area, each with its title and the parts of its bar. An area that none names has no address."""
    rows = reading.figures["gaps"]["by_area"]
    titles = (reading.programme or {}).get("titles", {})
    address = reverse("gaps:list", args=[here().slug])
    return [
        {
            **row, "title": titles.get(row["area"], ""), "url": f"{address}?area={row['area']}" if row["area"] != "Other" else "",
            "parts": [Part(tone, row[severity]) for severity, tone in _SEVERITIES.items()],
        }
        for row in rows
    ]  # fmt: skip


def _period(programme: Programme | None, day: date) -> dict[str, Any]:
    """The horizon and the phases; only what has dates is drawn."""
    if programme is None:
        return {}
    starts = programme.fieldwork_start
    phases = sorted(programme.phases.all(), key=lambda phase: phase.position)
    shown: dict[str, Any] = {
        "row": programme, "phases": [_phase(phase, day) for phase in phases], "scale": _scale(programme, phases),
        "fieldwork": Scale(starts, max(starts, programme.fieldwork_end or starts)) if starts else None,
        "days_left": (starts - day).days if starts and starts >= day else None,
    }  # fmt: skip
    if programme.period_start and programme.period_end:
        period = Scale(programme.period_start, programme.period_end)
        shown |= {"period": period, "day_number": (day - period.first).days + 1 if period.holds(day) else None}
    return shown


def _phase(phase: Phase, day: date) -> dict[str, Any]:
    look, word = _PHASES[phase_state(phase, day)]
    return {
        "name": phase.get_kind_display(), "at": Scale(phase.starts_on, phase.ends_on), "look": look, "word": word,
        "passed": min(day, phase.ends_on) if day >= phase.starts_on else None,
    }  # fmt: skip


def _scale(programme: Programme, phases: list[Phase]) -> Scale | None:
    if not phases:
        return None
    days = [day for phase in phases for day in (phase.starts_on, phase.ends_on)]
    days += [day for day in (programme.period_start, programme.period_end) if day]
    return Scale(min(days), max(days))
