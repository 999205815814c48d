"""The strip of a period for each service in use: covered, uncovered, or still to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from compliance.web.charts.coverage import Interval
from compliance.web.charts.scale import Scale

from .coverage import DAY, Coverage, Span, subtract
from .dossiers import Dossier


@dataclass(frozen=True)
class Row:
    """One service's period, and its days in figures."""

    service: str
    intervals: list[Interval]
    covered: int
    uncovered: int


@dataclass(frozen=True)
class Strip:
    """The drawing of a party's coverage of a period."""

    scale: Scale
    rows: list[Row]
    so_far: Coverage | None


def strip_of(dossier: Dossier) -> Strip | None:
    """What its papers cover of the dossier's period; None without a period or a service in use."""
    if dossier.period is None or not dossier.used.services:
        return None
    period = dossier.period
    whole = dossier.covered(period)
    rows = [_row(service, period, spans, dossier.on) for service, spans in whole.uncovered_of.items()]
    past = Span(period.first, min(period.last, dossier.on)) if dossier.on >= period.first else None
    return Strip(Scale(period.first, period.last), rows, dossier.covered(past) if past else None)


def _row(service: str, period: Span, uncovered: tuple[Span, ...], on: date) -> Row:
    boxes = [Interval(span.first, span.last, "filled", f"{span}: covered") for span in subtract(period, uncovered)]
    for span in uncovered:
        boxes += _open(span, on)
    past = [box for box in boxes if box.state == "missed"]
    covered = [box for box in boxes if box.state == "filled"]
    return Row(service, sorted(boxes), *(sum((box.last - box.first).days + 1 for box in each) for each in (covered, past)))


def _open(span: Span, on: date) -> Iterator[Interval]:
    """Days that no paper covers: those gone by, and those still to come."""
    if span.first <= on:
        gone = Span(span.first, min(span.last, on))
        yield Interval(gone.first, gone.last, "missed", f"{gone}: not covered")
    if span.last > on:
        coming = Span(max(span.first, on + DAY), span.last)
        yield Interval(coming.first, coming.last, "to_come", f"{coming}: to come")
