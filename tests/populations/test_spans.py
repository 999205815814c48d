"""From when to when a list is complete: what was not looked at is a hole, and confirms nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.populations.spans import Period, Reach, Watch, all_of, days_next, reach_of

#: What is tried is small; on a busy machine it takes its time.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31), UTC)
DAY = timedelta(days=1)


def at(day: int, month: int = 3, hour: int = 2) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_days_begin_and_end_in_the_zone_that_was_asked():
    lisbon = Period(date(2026, 3, 28), date(2026, 3, 29), ZoneInfo("Europe/Lisbon"))
    assert lisbon.starts == datetime(2026, 3, 28, tzinfo=UTC)
    assert lisbon.ends == datetime(2026, 3, 29, 23, tzinfo=UTC)  # summer time began on the 29th
    assert not lisbon.holds(lisbon.ends)


def test_a_list_that_is_followed_covers_as_far_back_as_its_first_look_reached():
    reach = reach_of(Watch("changes", [at(20), at(1, 4)], DAY, back=timedelta(days=400)), MARCH)
    assert reach.covers(MARCH)


def test_a_first_look_that_did_not_reach_back_leaves_the_beginning_out():
    reach = reach_of(Watch("log", [at(20, 6), at(1, 7)], DAY, back=timedelta(days=90)), MARCH)
    assert not reach.covers(MARCH)
    assert reach.starts == at(22)


def test_what_the_source_no_longer_kept_is_a_hole():
    watch = Watch("log", [at(1, 2), at(1, 4)], DAY, back=timedelta(days=90), lost=((at(3), at(5)),))
    reach = reach_of(watch, MARCH)
    assert [(hole.starts, hole.ends) for hole in reach.holes] == [(at(3), at(5))]
    assert not reach.covers(MARCH)


def test_a_state_that_was_seen_every_day_covers_the_month():
    looks = [at(28, 2), *(at(day) for day in range(1, 32)), at(1, 4)]
    assert reach_of(Watch("users", looks, DAY), MARCH).covers(MARCH)


def test_two_looks_more_than_two_cadences_apart_leave_the_time_between_unseen():
    looks = [at(28, 2), *(at(day) for day in range(1, 32) if not 10 < day < 14), at(1, 4)]
    reach = reach_of(Watch("users", looks, DAY), MARCH)
    assert [(hole.starts, hole.ends) for hole in reach.holes] == [(at(10), at(14))]


def test_the_last_day_is_only_covered_by_a_look_after_it():
    looks = [at(28, 2), *(at(day) for day in range(1, 32))]
    reach = reach_of(Watch("users", looks, DAY), MARCH)
    assert not reach.covers(MARCH)
    assert reach.ends == at(31)


def test_never_looked_at_covers_nothing_and_says_so():
    reach = reach_of(Watch("users", [], DAY), MARCH)
    assert (reach.starts, reach.ends, reach.holes[0].why) == (None, None, "users was never read.")


def test_several_lists_cover_what_each_of_them_does():
    first = Reach(at(1), at(20))
    assert all_of([first, Reach(at(5), at(25))]) == Reach(at(5), at(20))
    assert all_of([first, Reach(at(21), at(25))]).starts is None
    assert all_of([first, Reach(None, None)]).ends is None


@UNHURRIED
@given(st.lists(st.integers(0, 40 * 24), min_size=1, max_size=40), st.integers(1, 48))
def test_a_state_is_covered_exactly_where_no_hour_is_far_from_its_looks(hours: list[int], every: int) -> None:
    """Hour by hour: an hour is seen when the looks around it are at most two cadences apart."""
    start = MARCH.starts - timedelta(days=4)
    looks = sorted({start + timedelta(hours=hour) for hour in hours})
    reach = reach_of(Watch("users", looks, timedelta(hours=every)), MARCH)

    def seen(hour: datetime) -> bool:
        before = [each for each in looks if each <= hour]
        after = [each for each in looks if each > hour]
        return bool(before and after) and after[0] - before[-1] <= timedelta(hours=2 * every)

    span = (MARCH.starts + timedelta(hours=n) for n in range(31 * 24))
    assert reach.covers(MARCH) == all(seen(hour) for hour in span)


@pytest.mark.parametrize(("told_until", "on", "next"), [
    (None, date(2026, 12, 1), (date(2026, 9, 1), date(2026, 11, 30))), (None, date(2026, 5, 31), (date(2026, 2, 28), date(2026, 5, 30))),
    (None, date(2026, 3, 1), (date(2025, 12, 1), date(2026, 2, 28))),
    (date(2026, 5, 31), date(2026, 12, 1), (date(2026, 6, 1), date(2026, 8, 31))),
    (date(2026, 10, 31), date(2026, 12, 1), (date(2026, 11, 1), date(2026, 11, 30))),
    (date(2026, 11, 30), date(2026, 12, 1), (date(2026, 12, 1), date(2026, 11, 30))),
])  # fmt: skip
def test_the_list_that_comes_next_leaves_no_day_out_on_whatever_day_it_is_asked_for(told_until, on, next):
    assert days_next(told_until, 3, on) == next
