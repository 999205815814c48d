"""The observation periods under way, for rooms below that measure against one."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.parties.coverage import Span
from compliance.parties.periods import Period

from .selectors import open_programmes


def periods_under_way() -> Iterator[Period]:
    """Every period of a programme that is not closed."""
    for programme in open_programmes():
        if programme.period_start and programme.period_end:
            yield Period(programme.name, Span(programme.period_start, programme.period_end))
