"""Readiness reads coverage as of today: rows that were counted for another day, or not at all, are counted anew."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from audits.readiness.figures import rebuild_figures
from audits.readiness.programme import Controls, readiness
from evidence.coverage.models import Coverage
from evidence.coverage.services import refresh_coverage
from tests.factories.evidence import make_requirement

from .conftest import show


@pytest.fixture
def of_october(review, august):
    """The third quarter can be filled until 15 October; that is the day for which it was counted."""
    august.move_to(datetime(2026, 10, 15, 12, tzinfo=UTC))
    show(review, date(2026, 2, 10), date(2026, 5, 10))
    refresh_coverage()
    return review


def told() -> dict[str, Any]:
    (counted,) = rebuild_figures().figures["programmes"]
    (row,) = [each for each in counted["requirements"] if each["ref"] == "CC6.1"]
    return {"coverage": counted["coverage"], "missed": [each for each in row["reasons"] if "of the period missed" in each]}


def test_what_was_counted_for_today_is_read(of_october):
    assert told() == {"coverage": {"of": 1, "whole": 1, "lost": 0}, "missed": []}


def test_an_interval_that_midnight_turned_is_missed_before_anybody_counted_again(of_october, august):
    august.move_to(datetime(2026, 10, 16, 0, 5, tzinfo=UTC))
    assert told() == {"coverage": {"of": 1, "whole": 0, "lost": 1}, "missed": ["AC-07: 1 interval of the period missed."]}
    assert Coverage.objects.get().on == date(2026, 10, 15)  # a page and a job keep nothing of it


def test_one_row_of_another_day_is_enough_to_count_all(of_october, control, mei, august):
    august.move_to(datetime(2026, 10, 16, 0, 5, tzinfo=UTC))
    make_requirement(mei.actor, control, cadence="annual", key="annual")
    refresh_coverage()
    Coverage.objects.filter(requirement=of_october).update(on=date(2026, 10, 15), missed=0, lost=0, open=2, worst="open")
    assert told()["coverage"] == {"of": 2, "whole": 1, "lost": 1}


def test_a_programme_that_nobody_counted_yet_is_not_taken_for_whole(of_october, august):
    august.move_to(datetime(2026, 10, 20, 12, tzinfo=UTC))
    Coverage.objects.all().delete()
    assert told()["coverage"] == {"of": 1, "whole": 0, "lost": 1}


def test_a_closed_programme_keeps_its_misses(of_october, programme, august):
    august.move_to(datetime(2026, 10, 20, 12, tzinfo=UTC))
    programme.closed_at = datetime(2026, 10, 18, tzinfo=UTC)
    programme.save()
    refresh_coverage()  # its rows go: it is not under way
    assert readiness(programme, Controls())["coverage"] == {"of": 1, "whole": 0, "lost": 1}
