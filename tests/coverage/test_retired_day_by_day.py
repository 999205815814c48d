"""Starts that move and retirements that end, against a model that walks the days one by one, and what no sequence of them may do."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from compliance.intervals.blocks import cuts
from compliance.intervals.cadence import Cadence
from controls.stood import Stood, days_away, days_counted
from evidence.coverage.counting import Counted, Item, Shown, Terms, Way, count

from .test_day_by_day import DAY, START, within

LENGTH = 130
END = START + LENGTH * DAY
MADE = START - 60 * DAY
around = st.dates(MADE, END + 60 * DAY)
History = list[tuple[date, date | None, bool]]


@st.composite
def histories(draw: st.DrawFn, first: date = MADE, last: date = END + 60 * DAY, most: int = 7) -> History:
    """What was said, on which day: the start (none: none is said), and whether it is retired."""
    days = sorted(draw(st.lists(st.dates(first, last), min_size=1, max_size=most)))
    return [(day, draw(st.none() | around), draw(st.booleans())) for day in days]


def stood_of(history: History) -> list[Stood]:
    """As it is read from versions: of each day what its evening said."""
    found = {day: Stood(day, starts or history[0][0], retired) for day, starts, retired in history}
    return list(found.values())


def present_of(history: History, period: tuple[date, date]) -> date:
    return max(history[-1][1] or period[0], period[0])


def counted(history: History, period: tuple[date, date] = (START, END)) -> set[date]:
    return within(days_counted(stood_of(history), present_of(history, period), period))


def walk(history: History, period: tuple[date, date]) -> set[date]:
    """Day by day: each evening claims the days since the start that it says; a day of retirement is left out unless the control
    was in use on an evening of the period before it, and on one after it."""
    stood, (first, last) = stood_of(history), period
    reaches = first if first < last else first - timedelta(days=366)
    evenings: dict[date, Stood] = {}
    day = min(reaches, stood[0].since)
    while day <= max(last, stood[-1].since):
        evenings[day] = max((each for each in stood if each.since <= day), key=lambda each: each.since, default=stood[0])
        day += DAY
    claimed = {day for day in evenings if day >= present_of(history, period)}
    in_force = stood[0].starts
    for evening, each in evenings.items():
        claimed |= {day for day in evenings if each.starts <= day <= evening}
        in_force = in_force if each.retired else each.starts
        if each.retired and in_force <= evening:
            claimed.add(evening)
    used = [day for day, each in evenings.items() if not each.retired]
    left_out = {
        day for day, each in evenings.items()
        if each.retired and not (any(reaches <= one < day for one in used) and any(one > day for one in used))
    }  # fmt: skip
    return {day for day in claimed - left_out if first <= day <= last}


@settings(max_examples=80, deadline=None)
@given(history=histories(), one_day=st.none() | st.dates(START, END))
def test_the_days_that_count_are_those_that_a_walk_finds(history: History, one_day: date | None) -> None:
    period = (one_day, one_day) if one_day else (START, END)
    assert counted(history, period) == walk(history, period)


@settings(max_examples=80, deadline=None)
@given(history=histories())
def test_what_is_said_to_count_does(history: History) -> None:
    """Each retirement that a page says to count lies between two uses, and its days since the start in force before count."""
    stood = stood_of(history)
    for away in days_away(stood, (START, END)):
        before = [each for each in stood if each.since < away.first][-1]
        after = next(each for each in stood if each.since == away.taken_up_on)
        assert not before.retired
        assert not after.retired
        days = {day for day in within(((away.first, away.last),)) if START <= day <= END and day >= before.starts}
        assert days <= counted(history)


@settings(max_examples=80, deadline=None)
@given(history=histories(), data=st.data())
def test_retiring_and_taking_up_again_is_as_if_nothing_had_been(history: History, data: st.DataObject) -> None:
    """No later than the evening before the period it was made; a retirement between two uses that says no other start."""
    plain = [(min(day, START - DAY) if not number else day, starts, False) for number, (day, starts, _) in enumerate(history)]
    days = sorted(data.draw(st.sets(st.dates(START + DAY, END), min_size=2, max_size=6)))
    taken = {day for day, *_ in plain}
    with_it = list(plain)
    for retired, taken_up in zip(days[::2], days[1::2], strict=False):
        assume(not any(retired <= day <= taken_up for day in taken))
        starts = [each[1] for each in plain if each[0] < retired][-1]
        with_it += [(retired, starts, True), (taken_up, starts, False)]
    assert counted(sorted(with_it, key=lambda each: each[0])) == counted(plain)


@st.composite
def histories_from(draw: st.DrawFn) -> tuple[History, date, History]:
    """What was said before a day, and with what was said from it on."""
    day = draw(st.dates(START, END + 40 * DAY))
    early = draw(histories(last=day - DAY))
    return early, day, [*early, *draw(histories(day, END + 60 * DAY))]


@settings(max_examples=120, deadline=None)
@given(situation=histories_from())
def test_no_day_that_counted_before_a_change_falls_away(situation: tuple[History, date, History]) -> None:
    """But for the days before the control was made, of which the first start speaks too (0052)."""
    early, day, all_of_it = situation
    before = {each for each in counted(early) if early[0][0] <= each < day}
    assert before <= counted(all_of_it)


def holes(way: Way, cadence: Cadence, history: History, performed: list[date], on: date) -> list[Counted]:
    days = days_counted(stood_of(history), present_of(history, (START, END)), (START, END))
    terms = Terms(way, (START, END), cadence, days)
    return count(terms, Shown([Item(each, each) for each in performed if each <= on], ()), on=on)


@settings(max_examples=120, deadline=None)
@given(
    situation=histories_from(), cadence=st.sampled_from([Cadence.WEEKLY, Cadence.MONTHLY, Cadence.QUARTERLY]),
    performed=st.lists(st.dates(START, END), max_size=8).map(sorted), days=st.integers(0, 150),
)  # fmt: skip
def test_no_sequence_makes_a_closed_hole_disappear(situation: tuple, cadence: Cadence, performed: list[date], days: int) -> None:
    """An interval that a retirement had cut short is one with its rest again when that ends: then it is missed once all of it
    is over, unless something was performed in the rest. Of a remnant that was asked only as the only one nothing is said."""
    early, day, all_of_it = situation
    assume(early[0][0] < START)  # made before the period: nothing is said of days before
    asked = {each.first: each for each in cuts(period=(START, END), cadence=cadence, stretches=_days(early))}
    after = holes(Way.BLOCKS, cadence, all_of_it, performed, max(END, day) + timedelta(days=30 + days))
    for hole in holes(Way.BLOCKS, cadence, early, performed, day):
        if hole.state != "missed" or not asked[hole.block.first].at_least_half or hole.block.last >= day:
            continue
        now = next(each for each in after if each.block.first <= hole.block.first <= each.block.last)
        rest = now.performed is not None and now.performed not in hole.block and now.performed <= now.closes
        assert now.state == "missed" or rest


def _days(history: History) -> tuple[tuple[date, date], ...]:
    return days_counted(stood_of(history), present_of(history, (START, END)), (START, END))


@settings(max_examples=80, deadline=None)
@given(
    situation=histories_from(), cadence=st.sampled_from([Cadence.WEEKLY, Cadence.MONTHLY]),
    performed=st.lists(st.dates(START, END), max_size=8).map(sorted), days=st.integers(0, 90),
)  # fmt: skip
def test_nor_does_any_where_pci_counts(situation: tuple, cadence: Cadence, performed: list[date], days: int) -> None:
    """The days that were too long after the last performance stay so."""
    early, day, all_of_it = situation
    assume(early[0][0] < START)

    def lost(history: History, on: date) -> set[date]:
        missed = [each for each in holes(Way.GAPS, cadence, history, performed, on) if each.state == "missed"]
        found = {each.closes + n * DAY for each in missed for n in range(1, (each.block.last - each.closes).days + 1)}
        return {each for each in found if each < day}

    assert lost(early, day) <= lost(all_of_it, day + timedelta(days=days))
