"""Several files of one performance are one performance: they fill one interval, and not the one before as late."""

from __future__ import annotations

from datetime import date

from evidence.coverage.selectors import intervals_of

from .conftest import show, version_of

QUARTER = date(2026, 4, 1)


def states(requirement) -> str:
    return " ".join(each.counted.state.value for each in intervals_of(requirement))


def test_two_files_of_one_day_and_one_span_fill_one_quarter(review):
    """A review of 2 April as a workbook and as a record: nobody looked in the first quarter."""
    for version in show(review, date(2026, 4, 2), date(2026, 4, 2)):
        assert version.effective_end.date() == date(2026, 4, 2)
    assert states(review).split()[:2] == ["missed", "filled"]


def test_two_of_one_day_that_speak_of_other_spans_are_two(review):
    first, second = show(review, date(2026, 4, 10), date(2026, 4, 10))
    version_of(first.artefact, date(2026, 4, 11), start=date(2026, 1, 1))
    version_of(second.artefact, date(2026, 4, 11), start=date(2026, 4, 1))
    assert states(review).split()[:2] == ["late", "filled"]
