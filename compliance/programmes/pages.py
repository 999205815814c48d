"""What the page of a programme shows, worked out from its rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from compliance.web.charts.scale import Scale

from .kinds import CATEGORIES
from .models import Phase, Programme
from .phasing import PhaseState, phase_state, shortcomings
from .reading import series_of
from .selectors import phases

#: How a phase's place in time is shown: the look of components/states, and its word.
_LOOKS = {
    PhaseState.TO_COME: ("to_come", "To come"),
    PhaseState.RUNNING: ("running", "Running"),
    PhaseState.OVER: ("not_applicable", "Dates are over"),
}  # fmt: skip


def page_of(programme: Programme, today: date) -> dict[str, Any]:
    """Everything that `programmes/programme.html` needs. Four queries, whatever the framework's size."""
    planned = list(phases(programme))
    series = series_of(programme)
    scale = _scale(programme, planned)
    return {
        "programme_shown": programme, "today": today, "scale": scale,
        "phases": [_phase(phase, today) for phase in planned],
        "shortcomings": shortcomings(
            planned, fieldwork_start=programme.fieldwork_start, begun_on=programme.created_at.date()
        ),
        "series": series, "asked": sum(each.asked for each in series),
        "left_out": sum(each.left_out for each in series), "in_scope": sum(each.in_scope for each in series),
        "categories": [label for key, label in CATEGORIES if key in programme.categories],
        **_horizon(programme, today),
    }  # fmt: skip


def _phase(phase: Phase, today: date) -> dict[str, Any]:
    state = phase_state(phase, today)
    look, word = _LOOKS[state]
    passed = min(today, phase.ends_on) if today >= phase.starts_on else None
    return {
        "name": phase.get_kind_display(), "at": Scale(phase.starts_on, phase.ends_on), "look": look, "word": word,
        "passed": passed,
    }  # fmt: skip


def _scale(programme: Programme, planned: list[Phase]) -> Scale | None:
    """From the first day of any phase to the last, the period included."""
    days = [day for phase in planned for day in (phase.starts_on, phase.ends_on)]
    if not days:
        return None
    days += [day for day in (programme.period_start, programme.period_end) if day]
    return Scale(min(days), max(days))


def _horizon(programme: Programme, today: date) -> dict[str, Any]:
    """The ruler under the title: only a period can be drawn."""
    if not (programme.period_start and programme.period_end):
        return {}
    period = Scale(programme.period_start, programme.period_end)
    starts = programme.fieldwork_start
    return {
        "period": period,
        "fieldwork": Scale(starts, max(starts, programme.fieldwork_end or starts)) if starts else None,
        "day_number": (today - period.first).days + 1 if period.holds(today) else None,
        "days_left": (starts - today).days if starts and starts >= today else None,
    }
