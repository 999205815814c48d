"""When a party's reviews fall due, and what becomes of one that nobody does."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from compliance.parties.cadence import open_due, recordable, schedule

FIRST = date(2026, 1, 31)


def states(on: date, recorded: dict[date, str] | None = None, months: int = 3) -> list[tuple[date, str]]:
    return [(due.due_on, due.state) for due in schedule(FIRST, months, recorded or {}, on)]


def test_the_first_is_to_come_until_its_day_and_overdue_after() -> None:
    assert states(date(2026, 1, 1)) == [(FIRST, "to_come")]
    assert states(FIRST) == [(FIRST, "to_come")]
    assert states(date(2026, 2, 1)) == [(FIRST, "overdue")]


def test_what_is_open_when_the_next_falls_due_is_skipped() -> None:
    assert states(date(2026, 4, 30)) == [(FIRST, "skipped"), (date(2026, 4, 30), "to_come")]
    assert states(date(2026, 5, 1)) == [(FIRST, "skipped"), (date(2026, 4, 30), "overdue")]


def test_a_recorded_one_is_done_and_the_next_follows_from_the_calendar() -> None:
    assert states(date(2026, 2, 3), {FIRST: "satisfactory"}) == [(FIRST, "done"), (date(2026, 4, 30), "to_come")]


def test_done_ahead_of_its_day_moves_on_to_the_next() -> None:
    assert states(date(2026, 1, 10), {FIRST: "satisfactory"})[-1] == (date(2026, 4, 30), "to_come")


def test_without_a_cadence_nothing_is_due() -> None:
    assert schedule(None, None, {}, FIRST) == []
    assert open_due([]) is None


def test_rows_of_an_earlier_cadence_stay() -> None:
    kept = schedule(date(2026, 6, 1), 12, {FIRST: "skipped"}, date(2026, 5, 1))
    assert [(each.due_on, each.state) for each in kept] == [(FIRST, "skipped"), (date(2026, 6, 1), "to_come")]


@given(st.integers(0, 2000), st.integers(1, 24))
def test_one_is_always_open_and_all_before_it_are_settled(days: int, months: int) -> None:
    dues = schedule(FIRST, months, {}, FIRST + timedelta(days=days))
    assert [due.state for due in dues[:-1]] == ["skipped"] * (len(dues) - 1)
    assert open_due(dues) == dues[-1]
    assert [due.due_on for due in dues] == sorted({due.due_on for due in dues})


@given(st.integers(0, 900), st.integers(0, 300))
def test_a_skipped_one_stays_skipped_as_time_goes_on(days: int, later: int) -> None:
    on = FIRST + timedelta(days=days)
    then = dict(states(on))
    after = dict(states(on + timedelta(days=later)))
    assert all(after[day] == "skipped" for day, state in then.items() if state == "skipped")


def test_one_review_answers_one_cadence() -> None:
    done = schedule(FIRST, 3, {FIRST: "satisfactory"}, FIRST)
    assert recordable(done, FIRST) is None
    following = recordable(done, FIRST + timedelta(days=1))
    assert following is not None
    assert following.due_on == date(2026, 4, 30)
    assert recordable(schedule(FIRST, 3, {}, date(2026, 1, 1)), date(2026, 1, 1)) is not None
