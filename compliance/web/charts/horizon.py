"""Months under the words: the ruler at the head of strips, and the horizon of a programme."""

import datetime as dt
from collections.abc import Iterator

from django.utils.html import format_html
from django.utils.safestring import SafeString

from compliance.web.charts import palette
from compliance.web.charts.scale import Scale
from compliance.web.charts.shapes import with_hatching
from compliance.web.words import day

_ROOM_FOR_TODAY = 72  # per cent; further right, the word stands to the left of its line
_ROOM_FOR_MONTH = 97  # per cent; further right, the name would be cut off


def ruler(scale: Scale, *, today: dt.date | None = None) -> SafeString:
    """Month names over a line, as the head of a column of strips on the same `scale`. Today is marked."""
    label = f"{day(scale.first)} to {day(scale.last)}" + (f"; today, {day(today)}" if today else "")
    marks = "".join([*_months(scale, 11, 22), *([_now(scale, today, 14, 30)] if today and scale.holds(today) else [])])
    return _svg(label, 30, marks)


def horizon(
    *,
    period: Scale,
    today: dt.date,
    fieldwork: Scale | None = None,
    before: int = 45,
    after: int = 45,
    on_paper: bool = False,
) -> SafeString:
    """The observation period as a thin ruler: months, what has passed, today, fieldwork. Words beside it are HTML.

    `before` and `after` are the days shown around period and fieldwork.
    """
    ends = max(period.last, fieldwork.last) if fieldwork else period.last
    scale = Scale(period.first - dt.timedelta(days=before), max(ends, today) + dt.timedelta(days=after))
    shapes = [*_months(scale, 10, 18), _span(scale, period, "s-line", palette.LINE_STRONG, 22, 2)]
    if today > period.first:
        passed = Scale(period.first, min(today - dt.timedelta(days=1), period.last))
        shapes.append(_span(scale, passed, "s-ink", palette.INK, 20, 6))
    if fieldwork:
        shapes.append(_span(scale, fieldwork, "i-out", "url(#hatch)", 18, 10))
        shapes.append(_word(scale, fieldwork.first, "Fieldwork", 39, "alt"))
    shapes += [_edge(scale, period.first), _edge(scale, period.last + dt.timedelta(days=1)), _now(scale, today, 14, 32)]
    shapes.append(_today_word(scale, today))
    label = f"Observation period {day(period.first)} to {day(period.last)}, today {day(today)}"
    if fieldwork:
        label += f", fieldwork from {day(fieldwork.first)} to {day(fieldwork.last)}"
    drawn = "".join(shapes)
    return _svg(label, 40, with_hatching(drawn) if on_paper else drawn)


def _svg(label: str, height: int, shapes: str) -> SafeString:
    return format_html(
        '<svg class="ruler" width="100%" height="{}" role="img" aria-label="{}">{}</svg>',
        height,
        label,
        SafeString(shapes),
    )


def _months(scale: Scale, baseline: int, bottom: int) -> Iterator[str]:
    for month in scale.months():
        at = scale.share(month)
        yield _tick(at, baseline - 8, bottom)
        if at < _ROOM_FOR_MONTH:
            new_year = month.month == 1
            css = "year" if new_year else ("" if month.month % 3 == 1 else "alt")
            yield _text(at, baseline, str(month.year) if new_year else f"{month:%b}", css)


def _tick(at: float, top: int, bottom: int) -> str:
    return f'<line class="g-line" stroke="{palette.LINE}" x1="{at}%" x2="{at}%" y1="{top}" y2="{bottom}"/>'


def _text(at: float, baseline: int, words: str, css: str, anchor: str = "start") -> str:
    shift = 4 if anchor == "start" else -4
    return (
        f'<text class="{css}" x="{at}%" dx="{shift}" y="{baseline}" text-anchor="{anchor}" font-size="11"'
        f' fill="{palette.INK_2}">{words}</text>'
    )


def _span(scale: Scale, part: Scale, css: str, fill: str, top: int, height: int) -> str:
    left = scale.share(part.first)
    width = round(scale.share(part.last + dt.timedelta(days=1)) - left, 2)
    return f'<rect class="{css}" x="{left}%" y="{top}" width="{width}%" height="{height}" fill="{fill}"/>'


def _edge(scale: Scale, at_day: dt.date) -> str:
    at = scale.share(at_day)
    return f'<line class="g-edge" stroke="{palette.ACCENT}" x1="{at}%" x2="{at}%" y1="14" y2="30"/>'


def _now(scale: Scale, today: dt.date, top: int, bottom: int) -> str:
    at = scale.share(today)
    return f'<line class="g-today" stroke="{palette.INK}" x1="{at}%" x2="{at}%" y1="{top}" y2="{bottom}"/>'


def _today_word(scale: Scale, today: dt.date) -> str:
    at = scale.share(today)
    return _text(at, 39, f"Today, {day(today, year=False)}", "now", "end" if at > _ROOM_FOR_TODAY else "start")


def _word(scale: Scale, at_day: dt.date, words: str, baseline: int, css: str) -> str:
    return _text(scale.share(at_day), baseline, words, css)
