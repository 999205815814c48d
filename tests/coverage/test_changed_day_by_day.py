"""Cadences that change within a period, against a model that walks the calendar one day at a time, and what no change may do."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.intervals.cadence import Cadence
from compliance.intervals.changing import Change, Turn, stated, turns_of
from evidence.coverage.counting import Counted, Item, Later, Shown, Terms, Way, count

from .test_day_by_day import DAY, GRACE, PCI, begins, situations, state, within

EVENT = Cadence.ON_EVENT
#: From the shortest to the longest.
ORDER = [Cadence.DAILY, Cadence.WEEKLY, Cadence.MONTHLY, Cadence.QUARTERLY, Cadence.SEMI_ANNUAL, Cadence.ANNUAL, EVENT]
asked = st.sampled_from(ORDER)


def said_on(day: date, changes: list[Change]) -> Cadence:
    """What was stated on a day: each statement overrules all before it from its own day on."""
    found = changes[0].before
    for change in changes:
        if day >= change.since:
            found = change.after
    return found


def in_force(start: date, end: date, changes: list[Change]) -> dict[date, Cadence]:
    """By day, which cadence counts."""
    found: dict[date, Cadence] = {}
    current, coming, shorter = said_on(start, changes), None, None
    day = start
    while day <= end:
        if coming and begins(day, start, shorter):
            current, coming = coming, None
        said = said_on(day, changes)
        if day > start and said != said_on(day - DAY, changes):
            coming = None
            if current == EVENT:
                current = said
            elif said != current:
                coming, shorter = said, min(said, current, key=ORDER.index)
        found[day] = current
        day += DAY
    return found


class Walked:
    """One block of one turn: its days that count, and those of the whole block."""

    def __init__(self, cadence: Cadence) -> None:
        self.cadence, self.length, self.filled_on, self.expected, self.takes = cadence, 0, None, False, False
        self.inside: list[date] = []

    @property
    def share(self) -> Fraction:
        return Fraction(len(self.inside), self.length)


def blocks_of(start: date, end: date, cadence: Cadence, counts: set[date]) -> list[Walked]:
    """The blocks of a period counted by one cadence that hold one of the days that count."""
    found: list[Walked] = []
    day = start
    while cadence != EVENT and (day <= end or not begins(day, start, cadence)):
        if begins(day, start, cadence):
            found.append(Walked(cadence))
        found[-1].length += 1
        if day in counts and day <= end:
            found[-1].inside.append(day)
        day += DAY
    return [each for each in found if each.inside]


def walk(start, end, force, inside, performed, refused, on) -> list[tuple[date, date, str]]:
    turns = [day for day in force if day == start or force[day] != force[day - DAY]]
    found: list[Walked] = []
    owed = Fraction(0)
    for first in turns:
        cadence = force[first]
        last = min((day for day in turns if day > first), default=end + DAY) - DAY
        own = blocks_of(start, end, cadence, {day for day in inside if first <= day <= last})
        held = blocks_of(start, end, cadence, {day for day in inside if first <= day})
        whole_firsts = firsts_of(start, end, cadence)
        for each, uncut in zip(own, held, strict=False):
            before = max(day for day in whole_firsts if day <= each.inside[0]) < first
            half = Fraction(1, 2)
            each.takes = (not found and len(held) == 1) or uncut.share >= half or (before and owed + uncut.share >= half)
            cut = each.inside != uncut.inside
            each.expected = each.takes and (not cut or each.share >= half or owed + each.share >= half)
            if (before or cut) and each.share < half:
                owed += each.share - (1 if each.expected else 0)
            found.append(each)
    takers = [each for each in found if each.takes]
    day = start
    while day <= on:
        for _ in range(performed.count(day)):
            here = [each for each in takers if each.inside[0] <= day <= each.inside[-1] and each.filled_on is None]
            over = [each for each in takers if each.inside[-1] < day]
            if here:
                here[0].filled_on = day
            elif over and over[-1].filled_on is None and (day - over[-1].inside[-1]).days <= GRACE[over[-1].cadence]:
                over[-1].filled_on = day
        day += DAY
    return [(each.inside[0], each.inside[-1], state(each, GRACE[each.cadence], refused, on)) for each in found]


def firsts_of(start: date, end: date, cadence: Cadence) -> list[date]:
    if cadence == EVENT:
        return []
    return [start + n * DAY for n in range((end - start).days + 1) if begins(start + n * DAY, start, cadence)]


@st.composite
def histories(draw: st.DrawFn, first: date, last: date, most: int = 6) -> list[Change]:
    """Changes as they were made, the later ones of later days."""
    days = sorted(draw(st.lists(st.dates(first, last), min_size=1, max_size=most)))
    current, found = draw(asked), []
    for day in days:
        new = draw(asked)
        found.append(Change(current, new, day))
        current = new
    return found


@st.composite
def changed(draw: st.DrawFn) -> tuple:
    start, end, stretches, performed, refused, on = draw(situations())
    return start, end, stretches, performed, refused, on, draw(histories(start - 30 * DAY, end + 10 * DAY))


def terms_of(way: Way, start: date, end: date, stretches: tuple, changes: list[Change]) -> Terms:
    first, *later = turns_of((start, end), stated(changes))
    return Terms(way, (start, end), first.cadence, stretches, later=tuple(Later(each.first, each.cadence) for each in later))


def counted(way: Way, situation: tuple, changes: list[Change], on: date) -> list[Counted]:
    start, end, stretches, performed, refused = situation
    shown = Shown([Item(day, number) for number, day in enumerate(performed)], (), sorted(refused))
    return count(terms_of(way, start, end, stretches, changes), shown, on=on)


@settings(max_examples=100, deadline=None)
@given(situation=changed())
def test_which_cadence_counts_is_what_a_walk_finds(situation: tuple) -> None:
    start, end, *_, changes = situation
    force = in_force(start, end, changes)
    expected = [Turn(day, force[day]) for day in force if day == start or force[day] != force[day - DAY]]
    assert list(turns_of((start, end), stated(changes))) == expected


@settings(max_examples=100, deadline=None)
@given(situation=changed())
def test_blocks_are_what_a_walk_through_the_days_finds(situation: tuple) -> None:
    start, end, stretches, performed, refused, on, changes = situation
    found = counted(Way.BLOCKS, situation[:5], changes, on)
    walked = walk(start, end, in_force(start, end, changes), within(stretches), performed, refused, on)
    assert [(each.block.first, each.block.last, each.state.value) for each in found] == walked


@settings(max_examples=100, deadline=None)
@given(situation=changed())
def test_evidence_fills_one_interval_each(situation: tuple) -> None:
    *rest, on, changes = situation
    for way in (Way.BLOCKS, Way.GAPS):
        keys = [each.key for each in counted(way, tuple(rest), changes, on) if each.key is not None]
        assert len(set(keys)) == len(keys)


@settings(max_examples=100, deadline=None)
@given(situation=changed())
def test_pci_loses_the_days_that_a_walk_finds_too_long_after_the_last(situation: tuple) -> None:
    start, end, stretches, performed, refused, on, changes = situation
    force = in_force(start, end, changes)
    lost = pci_lost(stretches, force, performed, on)
    found = counted(Way.GAPS, situation[:5], changes, on)
    missed = [each for each in found if each.state == "missed"]
    assert {each.closes + n * DAY for each in missed for n in range(1, (each.block.last - each.closes).days + 1)} == lost
    held = {each.block.first + n * DAY for each in found for n in range(each.block.days)}
    assert held == {day for day in within(stretches) if force[day] != EVENT}
    assert sum(each.block.days for each in found) == len(held)


def pci_lost(stretches: tuple, force: dict[date, Cadence], performed: list[date], on: date) -> set[date]:
    lost: set[date] = set()
    for first, last in stretches:
        since, day, running = 0, first, False
        while day <= min(on, last):
            running = running or force[day] != EVENT or day in performed
            if running:
                if force[day] != EVENT and since > PCI[force[day]]:
                    lost.add(day)
                if day in performed:
                    since = 0
                since += 1
            day += DAY
    return lost


@st.composite
def changed_from(draw: st.DrawFn) -> tuple:
    """A situation, a day of its period, and what was stated up to it and from it on."""
    start, end, stretches, performed, refused, on, changes = draw(changed())
    day = draw(st.dates(start, end + 40 * DAY))
    early = [each for each in changes if each.since <= day] or [Change(changes[0].before, changes[0].before, start)]
    later = draw(histories(day, end + 45 * DAY))
    return (start, end, stretches, performed, refused), day, early, [*early, *later]


@settings(max_examples=150, deadline=None)
@given(situation=changed_from(), days=st.integers(0, 90))
def test_no_change_takes_back_a_hole_that_was_closed_before_it(situation: tuple, days: int) -> None:
    given_, day, early, all_of_them = situation
    holes = [each.block for each in counted(Way.BLOCKS, given_, early, day) if each.state == "missed"]
    after = {each.block: each.state for each in counted(Way.BLOCKS, given_, all_of_them, day + timedelta(days=days))}
    assert all(after.get(block) == "missed" for block in holes)


@settings(max_examples=120, deadline=None)
@given(situation=changed_from(), days=st.integers(0, 90))
def test_nor_does_it_where_pci_counts(situation: tuple, days: int) -> None:
    given_, day, early, all_of_them = situation

    def lost(changes: list[Change], on: date) -> set[date]:
        missed = [each for each in counted(Way.GAPS, given_, changes, on) if each.state == "missed"]
        found = {each.closes + n * DAY for each in missed for n in range(1, (each.block.last - each.closes).days + 1)}
        return {each for each in found if each < day}

    assert lost(early, day) <= lost(all_of_them, day + timedelta(days=days))


@settings(max_examples=100, deadline=None)
@given(situation=changed())
def test_many_changes_never_make_what_was_stated_fall_away(situation: tuple) -> None:
    """The parts of intervals that were stated, added up, are expected but for less than half a one."""
    start, end, *_, changes = situation
    found = count(terms_of(Way.BLOCKS, start, end, ((start, end),), changes), Shown(), on=start)
    force = in_force(start, end, changes)
    parts = Fraction(0)
    for cadence in set(force.values()) - {EVENT}:
        for block in blocks_of(start, end, cadence, {day for day in force if force[day] == cadence}):
            parts += block.share
    assert sum(each.block.expected for each in found) > parts - 1  # half a one of changes, half of the period's own end
