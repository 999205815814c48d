"""How files of evidence are named, so that a folder of them sorts by control, by what it shows and by time. Pure.

A convention is a pattern of `{control}`, `{key}` and of what tells one file from the next: `{date}` for a point in
time, `{from}` and `{to}` for a period, `{item}` for one thing of a sample, `{system}` where each system has its own.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

PARTS = frozenset({"control", "key", "date", "from", "to", "item", "system"})
_PATTERN = re.compile(r"(?:[A-Za-z0-9_-]|\{[a-z]+\})+")
_ENDINGS = {
    "xlsx": "xlsx", "csv": "csv", "json": "json", "screenshot": "png", "picture": "png", "ticket": "pdf", "pdf": "pdf",
}  # fmt: skip
_MONTHS = {"monthly": 1, "quarterly": 3, "semi_annual": 6, "annual": 12, "two_years": 24, "on_event": 3}


def usual(span: str) -> str:
    """The convention where a requirement has none of its own."""
    return "{control}_{key}_{date}" if span == "point" else "{control}_{key}_{from}_{to}"


def faults(pattern: str) -> list[str]:
    """What keeps a pattern from giving names that sort and differ; none where it does."""
    named = re.findall(r"\{([a-z]*)\}", pattern)
    found = [f"unknown part {{{part}}}" for part in named if part not in PARTS]
    if not _PATTERN.fullmatch(pattern):
        found.append("it may hold letters, digits, hyphens, underscores and the parts in braces")
    if not pattern.startswith("{control}_{key}"):
        found.append("it begins with {control}_{key}, so that files sort by control")
    if not {"date", "to"} & set(named):
        found.append("it names no time: {date}, or {from} and {to}")
    return found


def example(pattern: str, *, control: str, key: str, format: str, cadence: str, today: date) -> str:
    """A name by the pattern, with an ending for the format: of `today`, or of the last whole interval before it."""
    span = _interval(cadence, today) if "{from}" in pattern or "{to}" in pattern else (today, today)
    return f"{filled(pattern, control=control, key=key, span=span)}.{ending(format)}"


def filled(pattern: str, *, control: str, key: str, span: tuple[date, date], item: str = "0042", system: str = "system") -> str:
    """A name by the pattern, without its ending: `{date}` is the last day of the span."""
    first, last = (day.isoformat() for day in span)
    values = {"control": control, "key": key, "date": last, "from": first, "to": last, "item": item, "system": system}
    return re.sub(r"\{([a-z]+)\}", lambda part: values.get(part[1], part[0]), pattern)


def ending(format: str) -> str:
    """The ending of a file in a format that is named in words; the first that it names, else PDF."""
    words = re.findall(r"[a-z]+", format.lower())
    return next((_ENDINGS[word] for word in words if word in _ENDINGS), "pdf")


def _interval(cadence: str, today: date) -> tuple[date, date]:
    if cadence in {"continuous", "daily"}:
        return today - timedelta(days=1), today - timedelta(days=1)
    if cadence == "weekly":
        monday = today - timedelta(days=today.weekday() + 7)
        return monday, monday + timedelta(days=6)
    months = _MONTHS.get(cadence, 1)
    number = (today.year * 12 + today.month - 1) // months * months
    return _first_of(number - months), _first_of(number) - timedelta(days=1)


def _first_of(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)
