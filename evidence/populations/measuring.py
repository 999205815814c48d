"""What a list of items says of itself: cells that could not be read, items dated outside the period. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from .catalogue import Template
from .given import instant
from .items import Item, is_unknown
from .spans import Period


def unread_cells(items: Iterable[Item], template: Template) -> int:
    """Cells of required attributes that could not be read, or that the source left empty."""
    required = [each.name for each in template.attributes if each.required]
    return sum(1 for item in items for name in required if _is_missing(item.cells.get(name)))


def _is_missing(cell: Any) -> bool:
    return cell is None or cell == "" or is_unknown(cell)


def outside(items: Iterable[Item], template: Template, period: Period) -> int:
    """Items whose date lies outside the period. Of one without a readable date nothing is said here."""
    if not template.dated_by:
        return 0
    return sum(1 for item in items if _lies_outside(item.cells.get(template.dated_by), template, period))


def _lies_outside(cell: Any, template: Template, period: Period) -> bool:
    day = day_in(cell, period)
    if day is None or period.holds_day(day):
        return False
    return not (template.goes_on and day < period.first)


def day_in(cell: Any, period: Period) -> date | None:
    """The calendar day of a cell in the period's zone."""
    if not isinstance(cell, str):
        return None
    try:
        return date.fromisoformat(cell)
    except ValueError:
        at = instant(cell)
        return at.astimezone(period.zone).date() if at else None
