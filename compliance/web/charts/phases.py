"""The phases of a programme on the period's scale: one strip per row of a table that has names, dates and states."""

import datetime as dt

from django.utils.safestring import SafeString

from compliance.web.charts import palette
from compliance.web.charts.coverage import month_lines
from compliance.web.charts.scale import Scale
from compliance.web.charts.shapes import drawing, line, rect

_HEIGHT = 22


def phase_strip(phase: Scale, scale: Scale, *, done_to: dt.date | None, today: dt.date | None = None) -> SafeString:
    """From its start to its end, solid as far as it is done (`done_to`, that day included), a thin line for the rest.

    Silent: name, dates and state stand in the same row.
    """
    left, right = scale.x(phase.first), scale.x(phase.last + dt.timedelta(days=1))
    reached = scale.x(done_to + dt.timedelta(days=1)) if done_to else left
    shapes = month_lines(scale, _HEIGHT)
    if right > reached:
        begins = max(left, reached)
        shapes.append(rect("s-line", begins, 10, right - begins, 2, fill=palette.LINE_STRONG))
    if reached > left:
        shapes.append(rect("s-ink", left, 7, reached - left, 8, fill=palette.INK))
    if today and scale.holds(today):
        shapes.append(line("g-today", scale.x(today), 0, _HEIGHT, stroke=palette.INK))
    return drawing("phase-svg", scale.width, _HEIGHT, shapes)
