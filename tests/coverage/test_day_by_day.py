"""Coverage against a model that knows no blocks and no arithmetic of months: it walks the calendar one day at a time."""

import calendar
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.intervals.cadence import Cadence
from evidence.coverage.counting import Item, Shown, Terms, Way, count

DAY = timedelta(days=1)
START = date(2027, 10, 1)  # so that a period of up to 460 days meets 29 February 2028, and the clocks twice
MONTHS = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3, Cadence.SEMI_ANNUAL: 6, Cadence.ANNUAL: 12}
DAYS = {Cadence.DAILY: 1, Cadence.WEEKLY: 7}
GRACE = {
    Cadence.DAILY: 1, Cadence.WEEKLY: 3, Cadence.MONTHLY: 7, Cadence.QUARTERLY: 15, Cadence.SEMI_ANNUAL: 30, Cadence.ANNUAL: 30,
}  # fmt: skip
PCI = {
    Cadence.DAILY: 1, Cadence.WEEKLY: 7, Cadence.MONTHLY: 31, Cadence.QUARTERLY: 92, Cadence.SEMI_ANNUAL: 184, Cadence.ANNUAL: 366,
}  # fmt: skip
cadences = st.sampled_from([*MONTHS, *DAYS])
starts = st.integers(0, 120).map(lambda number: START + number * DAY)
lengths = st.integers(0, 460)


def begins(day: date, start: date, cadence: Cadence) -> bool:
    """Whether an interval begins on a day."""
    if cadence in DAYS:
        return (day - start).days % DAYS[cadence] == 0
    passed = (day.year - start.year) * 12 + day.month - start.month
    if passed % MONTHS[cadence]:
        return False
    last = calendar.monthrange(day.year, day.month)[1]
    return day.day == start.day or (start.day > last and day.day == last)


class Walked:
    """One interval as the walk found it."""

    def __init__(self) -> None:
        self.length = 0
        self.inside: list[date] = []
        self.filled_on: date | None = None
        self.expected = False


def walk(start: date, end: date, cadence: Cadence, inside: set[date], performed: list[date], refused: set[date], on: date) -> list[str]:
    found: list[Walked] = []
    day = start
    while day <= end or not begins(day, start, cadence):
        if begins(day, start, cadence):
            found.append(Walked())
        found[-1].length += 1
        if day in inside and day <= end:
            found[-1].inside.append(day)
        day += DAY
    found = [each for each in found if each.inside]
    for each in found:
        each.expected = len(found) == 1 or len(each.inside) >= each.length / 2
    asked = [each for each in found if each.expected]
    grace = GRACE[cadence]
    day = start
    while day <= on:
        for _ in range(performed.count(day)):
            here = [each for each in asked if each.inside[0] <= day <= each.inside[-1] and each.filled_on is None]
            over = [each for each in asked if each.inside[-1] < day]
            if here:
                here[0].filled_on = day
            elif over and over[-1].filled_on is None and (day - over[-1].inside[-1]).days <= grace:
                over[-1].filled_on = day
        day += DAY
    return [state(each, grace, refused, on) for each in found]


def state(each: Walked, grace: int, refused: set[date], on: date) -> str:
    first, last = each.inside[0], each.inside[-1]
    if not each.expected:
        return "not_expected"
    if each.filled_on:
        return "filled" if each.filled_on <= last else "late"
    if on < first:
        return "to_come"
    if (on - last).days > grace:
        return "missed"
    seen = [day for day in refused if first <= day <= on]
    return "unknown" if seen else "open"


@st.composite
def situations(draw: st.DrawFn) -> tuple:
    start = draw(starts)
    end = start + draw(lengths) * DAY
    days = st.dates(start, end)
    cuts = sorted(draw(st.lists(days, max_size=4)))
    stretches = [(first, last) for first, last in zip(cuts[::2], cuts[1::2], strict=False)] or [(start, end)]
    apart = [stretches[0]]
    for first, last in stretches[1:]:
        if first > apart[-1][1] + DAY:
            apart.append((first, last))
    around = st.dates(start, end + 45 * DAY)
    performed = sorted(draw(st.lists(around, max_size=25)))
    refused = draw(st.sets(around, max_size=4))
    return start, end, tuple(apart), performed, refused, draw(around)


def within(stretches: tuple) -> set[date]:
    return {first + number * DAY for first, last in stretches for number in range((last - first).days + 1)}


@settings(max_examples=400, deadline=None)
@given(situation=situations(), cadence=cadences)
def test_blocks_are_what_a_walk_through_the_days_finds(situation: tuple, cadence: Cadence) -> None:
    start, end, stretches, performed, refused, on = situation
    terms = Terms(Way.BLOCKS, (start, end), cadence, stretches)
    found = count(terms, Shown([Item(day, number) for number, day in enumerate(performed)], (), sorted(refused)), on=on)
    assert [each.state.value for each in found] == walk(start, end, cadence, within(stretches), performed, refused, on)


@settings(max_examples=300, deadline=None)
@given(situation=situations(), cadence=cadences)
def test_evidence_fills_one_interval_each_and_is_the_evidence_of_that_day(situation: tuple, cadence: Cadence) -> None:
    start, end, stretches, performed, refused, on = situation
    items = [Item(day, number) for number, day in enumerate(performed)]
    found = count(Terms(Way.BLOCKS, (start, end), cadence, stretches), Shown(items, (), sorted(refused)), on=on)
    keys = [each.key for each in found if each.key is not None]
    assert len(set(keys)) == len(keys)
    assert all((each.key is None) == (each.performed is None) for each in found)
    assert all(items[each.key].day == each.performed for each in found if each.key is not None)


@settings(max_examples=300, deadline=None)
@given(situation=situations(), cadence=cadences)
def test_pci_loses_the_days_that_a_walk_finds_too_long_after_the_last(situation: tuple, cadence: Cadence) -> None:
    start, end, stretches, performed, refused, on = situation
    lost: set[date] = set()
    for first, last in stretches:
        since, day = 0, first
        while day <= min(on, last):
            if since > PCI[cadence]:
                lost.add(day)
            if day in performed:
                since = 0
            since += 1
            day += DAY
    terms = Terms(Way.GAPS, (start, end), cadence, stretches)
    found = count(terms, Shown([Item(day) for day in performed], (), sorted(refused)), on=on)
    missed = [each for each in found if each.state == "missed"]
    counted = {each.closes + number * DAY for each in missed for number in range(1, (each.block.last - each.closes).days + 1)}
    assert counted == lost
    days = [day for each in found for day in (each.block.first, each.block.last)]
    assert days == sorted(days)
    assert within(stretches) == {each.block.first + number * DAY for each in found for number in range(each.block.days)}


@settings(max_examples=200, deadline=None)
@given(situation=situations(), cadence=cadences)
def test_what_was_missed_stays_missed_whatever_is_performed_later(situation: tuple, cadence: Cadence) -> None:
    start, end, stretches, performed, refused, on = situation
    terms = Terms(Way.BLOCKS, (start, end), cadence, stretches)
    shown = Shown([Item(day) for day in performed], (), sorted(refused))
    before = [each.block for each in count(terms, shown, on=on) if each.state == "missed"]
    after = {each.block: each.state.value for each in count(terms, shown, on=on + 60 * DAY)}
    assert all(after[block] == "missed" for block in before)
