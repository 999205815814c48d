"""Runs as the strip chart draws them, and the days on which nothing is expected at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from compliance.web.addresses import address_of
from compliance.web.charts.coverage import Interval
from compliance.web.charts.scale import Scale
from compliance.web.words import day

from .strips import Run
from .words import sentence

_DAY = timedelta(days=1)


def scale_of(period: tuple[date, date], strips: Iterable[Sequence[Run]]) -> Scale:
    """One line for all strips: the period, and what lies before an as-of date."""
    firsts = [runs[0].first for runs in strips if runs]
    return Scale(min([period[0], *firsts]), period[1])


def drawn(runs: Sequence[Run], scale: Scale, slug: str, requirement_id: object) -> list[Interval]:
    """Each run with its words and where it leads: to the evidence that fills it, else to the requirement's own account of it."""
    page = address_of("evidence:requirement", slug, requirement_id)
    found: list[Interval] = []
    free = scale.first
    for run in runs:
        if free < run.first:
            found.append(_idle(free, run.first - _DAY))
        url = address_of("evidence:artefact", slug, run.artefact) if run.artefact else f"{page}#i-{run.first.isoformat()}"
        found.append(Interval(run.first, min(run.last, scale.last), run.state, sentence(run), url))
        free = run.last + _DAY
    if free <= scale.last:
        found.append(_idle(free, scale.last))
    return found


def _idle(first: date, last: date) -> Interval:
    return Interval(first, last, "not_in_scope", f"{day(first)} to {day(last)}: nothing is expected, out of scope or not in operation")
