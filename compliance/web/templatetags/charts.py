"""`{% load charts %}`: drawings made by the server, for pages and, with `on_paper=True`, for documents."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django import template
from django.utils.safestring import SafeString

from compliance.web.charts import bars, coverage, phases
from compliance.web.charts import horizon as horizons
from compliance.web.charts import lamps as lamp_rows
from compliance.web.charts import spark as sparks
from compliance.web.charts.scale import Scale

register = template.Library()


@register.simple_tag
def strip(
    intervals: Sequence[coverage.Interval],
    scale: Scale,
    name: str,
    today: dt.date | None = None,
    on_paper: bool = False,
) -> SafeString:
    """`<td class="strip">{% strip row.intervals scale row.name today %}</td>`."""
    return coverage.strip(intervals, scale, name=name, today=today, on_paper=on_paper)


@register.simple_tag
def linked_strip(
    intervals: Sequence[coverage.Interval], scale: Scale, name: str, today: dt.date | None = None, on_paper: bool = False
) -> SafeString:
    """`<td class="strip">{% linked_strip row.intervals scale row.name today %}</td>`, each interval a link."""
    return coverage.linked_strip(intervals, scale, name=name, today=today, on_paper=on_paper)


@register.simple_tag
def small_strip(intervals: Sequence[coverage.Interval], scale: Scale, on_paper: bool = False) -> SafeString:
    """`{% small_strip row.intervals scale %}` in a cell of the matrix."""
    return coverage.small_strip(intervals, scale, on_paper=on_paper)


@register.simple_tag
def strip_key() -> SafeString:
    """`{% strip_key %}` the key of the shapes."""
    return coverage.key()


@register.simple_tag
def review_key() -> SafeString:
    """`{% review_key %}` the key of the shapes, as a control's reviews name them."""
    return coverage.key(coverage.REVIEW_WORDS, "Each box is one review")


@register.simple_tag
def ruler(scale: Scale, today: dt.date | None = None) -> SafeString:
    """`<th class="strip">{% ruler scale today %}</th>` over a column of strips."""
    return horizons.ruler(scale, today=today)


@register.simple_tag
def horizon(period: Scale, today: dt.date, fieldwork: Scale | None = None, on_paper: bool = False) -> SafeString:
    """`{% horizon period today fieldwork %}` the drawing; `components/horizon.html` puts the words around it."""
    return horizons.horizon(period=period, today=today, fieldwork=fieldwork, on_paper=on_paper)


@register.simple_tag
def phase_strip(phase: Scale, scale: Scale, done_to: dt.date | None = None, today: dt.date | None = None) -> SafeString:
    """`<td class="strip">{% phase_strip phase scale done_to today %}</td>` in a `.gantt` table."""
    return phases.phase_strip(phase, scale, done_to=done_to, today=today)


@register.simple_tag
def stackbar(parts: Sequence[bars.Part], whole: str = "", on_paper: bool = False) -> SafeString:
    """`{% stackbar parts "61 requirements" %}` over the table that has the same numbers."""
    return bars.stackbar(parts, whole=whole, on_paper=on_paper)


@register.simple_tag
def minibar(parts: Sequence[bars.Part], of: int, on_paper: bool = False) -> SafeString:
    """`{% minibar row.parts largest %}` in a cell beside the numbers."""
    return bars.minibar(parts, of=of, on_paper=on_paper)


@register.simple_tag
def lamps(rows: Iterable[tuple[str, Iterable[lamp_rows.Lamp]]], on_paper: bool = False) -> SafeString:
    """`{% lamps series %}` one mark per control, each a link."""
    return lamp_rows.lamps(rows, on_paper=on_paper)


@register.simple_tag
def spark(values: Sequence[int], label: str) -> SafeString:
    """`{% spark weeks "Open gaps, 12 weeks, from 41 to 31" %}`."""
    return sparks.spark(values, label=label)
