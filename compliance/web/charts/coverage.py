"""Coverage of the period: a strip of expected intervals per requirement, each with its own shape.

Missed is taller than filled, boxed and crossed; late is low; unknown is hatched: no state is told by colour alone.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString

from compliance.web.charts import palette
from compliance.web.charts.scale import Scale
from compliance.web.charts.shapes import drawing, line, number, rect, titled

HEIGHT = 24
_GAP = 0.6  # units left free at each end of an interval, so that neighbours can be counted


class Interval(NamedTuple):
    """One expected interval, both days included.

    `state`: filled, late, missed, unknown, exception, open, to_come, not_in_scope, not_expected, or event (something
    that happened on a day).
    `words` says what is known of it: dates, state, the artefact. `url` leads to its evidence or to what to do about it.
    """

    first: dt.date
    last: dt.date
    state: str
    words: str
    url: str = ""


Shape = Callable[[float, float], str]


def _filled(x: float, width: float) -> str:
    return rect("s-pass", x, 6, width, 12, fill=palette.FILLED)


def _late(x: float, width: float) -> str:
    return rect("i-late", x, 13, width, 5, fill=palette.LATE)


def _missed(x: float, width: float) -> str:
    box = rect("i-missed", x, 4, width, 16, fill=palette.FAIL_WASH, stroke=palette.FAIL)
    arm = min(width / 2 - 0.8, 7)
    if arm < 1.5:
        return box
    middle = x + width / 2
    cross = (
        f'<path class="i-x" stroke="{palette.FAIL}" d="M{number(middle - arm)} 7 {number(middle + arm)} 17'
        f'M{number(middle + arm)} 7 {number(middle - arm)} 17"/>'
    )
    return box + cross


def _unknown(x: float, width: float) -> str:
    ground = rect("i-unknown", x, 5, width, 14, fill=palette.UNKNOWN_WASH, stroke=palette.UNKNOWN, dashes="1.5 1.5")
    return ground + rect("i-dots", x, 5, width, 14, fill="url(#dots)")


def _exception(x: float, width: float) -> str:
    """Somebody answered, and said that it was not done as it should be: a filled box with a stroke through it."""
    box = rect("i-missed", x, 6, width, 12, fill=palette.FAIL_WASH, stroke=palette.FAIL)
    path = f"M{number(x + 0.8)} 17L{number(x + width - 0.8)} 7"
    return box + f'<path class="i-x" stroke="{palette.FAIL}" d="{path}"/>' if width > 3 else box


def _open(x: float, width: float) -> str:
    return rect("i-open", x, 6.5, width, 11, fill=palette.SHEET, stroke=palette.DUE, dashes="3 2")


def _to_come(x: float, width: float) -> str:
    return rect("i-tocome", x, 6.5, width, 11, fill=palette.SHEET, stroke=palette.LINE_CONTROL)


def _not_in_scope(x: float, width: float) -> str:
    return rect("i-out", x, 6, width, 12, fill="url(#hatch)")


def _event(x: float, width: float) -> str:
    return rect("s-ink", x, 5, min(width, 3), 14, fill=palette.INK)


SHAPES: dict[str, Shape] = {
    "filled": _filled,
    "late": _late,
    "missed": _missed,
    "unknown": _unknown,
    "exception": _exception,
    "open": _open,
    "to_come": _to_come,
    "not_in_scope": _not_in_scope,
    "not_expected": _not_in_scope,
    "event": _event,
}
# A cross would be torn apart in a strip of 84 px: there the missed box stands taller and empty.
_SMALL: dict[str, Shape] = SHAPES | {
    "missed": lambda x, width: rect("i-missed", x, 2, width, 20, fill=palette.FAIL_WASH, stroke=palette.FAIL)
}
_WORDS = {
    "filled": "Filled",
    "late": "Filled late",
    "missed": "Missed",
    "unknown": "Unknown",
    "open": "Open now",
    "to_come": "To come",
    "not_in_scope": "Nothing expected",
}


def strip(
    intervals: Sequence[Interval], scale: Scale, *, name: str, today: dt.date | None = None, on_paper: bool = False
) -> SafeString:
    """One requirement's period, for a table cell of class `strip`; `name` is its reference and title.

    Arrow keys walk along it where a `.reading` line stands on the page.
    """
    drawn = [titled(each.words, "iv", _box(each, scale)) for each in intervals]
    now = [line("g-today", scale.x(today), 0, HEIGHT, stroke=palette.INK)] if today and scale.holds(today) else []
    rail = (
        [f'<path class="g-line" stroke="{palette.LINE}" d="M0 12H{number(scale.width)}"/>']
        if _events(intervals)
        else []
    )
    label = f"{name}: {sums(intervals)}"
    return drawing(
        "strip-svg",
        scale.width,
        HEIGHT,
        [*month_lines(scale), *rail, *drawn, *now],
        label=label,
        attributes=format_html(' data-strip="{}"', name),
        on_paper=on_paper,
    )


def linked_strip(
    intervals: Sequence[Interval], scale: Scale, *, name: str, today: dt.date | None = None, on_paper: bool = False
) -> SafeString:
    """The same strip, each interval a link for the pointer; the keyboard has the same links in the table of `name`'s page.

    A picture cannot hold links, so this one is a group that is called what the picture would be.
    """
    drawn = (
        format_html('<a href="{}" tabindex="-1">{}</a>', each.url, SafeString(titled(each.words, "iv", _box(each, scale))))
        if each.url else titled(each.words, "iv", _box(each, scale))
        for each in intervals
    )  # fmt: skip
    now = [line("g-today", scale.x(today), 0, HEIGHT, stroke=palette.INK)] if today and scale.holds(today) else []
    return drawing(
        "strip-svg", scale.width, HEIGHT, [*month_lines(scale), *drawn, *now], label=f"{name}: {sums(intervals)}",
        on_paper=on_paper, role="group",
    )  # fmt: skip


def small_strip(intervals: Sequence[Interval], scale: Scale, *, on_paper: bool = False) -> SafeString:
    """The same year in a cell of a matrix: shapes only, its sums as label."""
    boxes = (_box(each, scale, _SMALL) for each in intervals)
    return drawing("strip12", scale.width, HEIGHT, boxes, label=sums(intervals), on_paper=on_paper)


def sums(intervals: Iterable[Interval]) -> str:
    """`46 expected to date, 44 filled, 1 late, 1 missed, 0 unknown, 7 to come`."""
    counted = Counter(each.state for each in intervals)
    if counted["event"]:
        return f"{counted['event']} on event"
    past = sum(counted[state] for state in ("filled", "late", "missed", "unknown", "exception"))
    exceptions = f"{counted['exception']} with an exception, " if counted["exception"] else ""
    return (
        f"{past} expected to date, {counted['filled']} filled, {counted['late']} late, {counted['missed']} missed, "
        f"{exceptions}{counted['unknown']} unknown, {counted['open'] + counted['to_come']} to come"
    )


def month_lines(scale: Scale, height: float = HEIGHT) -> list[str]:
    """A faint line where each month begins, a stronger one where a quarter does."""
    return [_month_line(scale, month, height) for month in scale.months() if month > scale.first]


def _month_line(scale: Scale, month: dt.date, height: float) -> str:
    quarter = month.month % 3 == 1
    css, stroke = ("g-strong", palette.LINE_STRONG) if quarter else ("g-line", palette.LINE)
    return line(css, scale.x(month), 0, height, stroke=stroke)


#: The shapes of a control's reviews, in their own words.
REVIEW_WORDS = {
    "filled": "Attested", "late": "Attested late", "exception": "Exception", "missed": "Skipped", "open": "To be answered",
    "to_come": "To come",
}  # fmt: skip


def key(words: Mapping[str, str] = _WORDS, heading: str = "Each box is one expected interval") -> SafeString:
    """The key that belongs above or under the strips: each shape with its word."""
    samples = "".join(
        f'<span><svg class="swatch" viewBox="0 0 22 24" preserveAspectRatio="none" aria-hidden="true">'
        f"{SHAPES[state](1, 20)}</svg>{word}</span>"
        for state, word in words.items()
    )
    return format_html('<div class="key"><b>{}</b>{}</div>', heading, SafeString(samples))


def _box(interval: Interval, scale: Scale, shapes: dict[str, Shape] | None = None) -> str:
    left = scale.x(interval.first)
    width = scale.x(interval.last + dt.timedelta(days=1)) - left
    gap = min(_GAP, width / 4)
    return (shapes or SHAPES)[interval.state](left + gap, width - 2 * gap)


def _events(intervals: Iterable[Interval]) -> bool:
    return any(each.state == "event" for each in intervals)
