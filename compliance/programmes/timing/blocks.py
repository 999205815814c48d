"""The intervals of a window, and the last day on which one can begin and still be whole. Calendar days throughout."""

from __future__ import annotations

from datetime import date, timedelta

from compliance.tenancy.months import months_after

from .pace import Length

DAY = timedelta(days=1)
_MONTHS = {"monthly": 1, "quarterly": 3, "semi_annual": 6, "annual": 12, "two_years": 24}
_DAYS = {"daily": 1, "weekly": 7}


def whole_blocks(frequency: str, first: date, last: date) -> list[date]:
    """The first days of the intervals that fit whole into a window, counted from its first day (definitions,
    Intervals): from the 15th a monthly interval ends on the 14th."""
    begins: list[date] = []
    number = 0
    while _begin(frequency, first, number + 1) - DAY <= last:
        begins.append(_begin(frequency, first, number))
        number += 1
    return begins


def latest_start(length: Length, first: date, last: date, *, usual: bool = False, agreed: bool = True) -> date:
    """The last day on which a control may begin to operate and still show enough within the window.

    Intervals: so many whole ones, or the window's first day where fewer fit. Days: so many up to the last. Times: its
    performance within the window is enough, so the last day; two performances need half the window. Weeks of a look
    back that nobody agreed (`agreed` false) are counted from its last day, so that a later one never asks more.
    """
    wanted = length.usual if usual else length.least
    frequency = length.key.rpartition(".")[2]
    if length.unit == "intervals" and frequency == "weekly" and not agreed:
        return max(first, last - timedelta(days=7 * wanted) + DAY)
    if length.unit == "intervals":
        begins = whole_blocks(frequency, first, last)
        return begins[-wanted] if 0 < wanted <= len(begins) else (first if wanted else last)
    if length.unit == "days":
        return max(first, last - timedelta(days=wanted) + DAY)
    return last if wanted <= 1 else first + (last - first) // 2


def _begin(frequency: str, first: date, number: int) -> date:
    if frequency in _MONTHS:
        return months_after(first, _MONTHS[frequency] * number)
    return first + timedelta(days=_DAYS[frequency] * number)
