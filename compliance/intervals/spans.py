"""Days in a row, both included, and what two sets of them share. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

Days = tuple[date, date]


def common(some: Iterable[Days], *others: Days) -> tuple[Days, ...]:
    """The days that lie in one of `some` and in one of `others`, in order."""
    found = [(max(first, begins), min(last, ends)) for first, last in some for begins, ends in others]
    return tuple(sorted((first, last) for first, last in found if first <= last))
