"""A cadence that was changed within a period, against cases computed by hand. The calendar is that of test_hand_computed.py:
2026 is no leap year, and a year of 365 days is half over on 2 July."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import pytest

from compliance.intervals.cadence import Cadence
from compliance.intervals.changing import Change, stated, turns_of
from evidence.coverage.counting import Item, Later, Shown, Terms, Way, count

from .test_hand_computed import LETTERS, YEAR, d

NAMES = {
    "M": Cadence.MONTHLY, "Q": Cadence.QUARTERLY, "H": Cadence.SEMI_ANNUAL, "A": Cadence.ANNUAL, "W": Cadence.WEEKLY, "E": Cadence.ON_EVENT,
}  # fmt: skip


class Case(NamedTuple):
    """`changes`: `6-14 M A` is from monthly to annual since 14 June, in the order in which they were made; the rest as of
    test_hand_computed.py. `annual_after`: the days after what is done once a year that the audit firm takes."""

    sentence: str
    changes: str
    on: str
    states: str
    performed: str = ""
    firsts: str = ""
    lasts: str = ""
    filled_by: str = ""
    period: tuple[date, date] = YEAR
    days: tuple[tuple[str, str], ...] = ()
    way: Way = Way.BLOCKS
    annual_after: int | None = None


GAPS, ONE = Way.GAPS, Way.ONE_DAY
CASES = [
    # --- loosened ---
    # June stays a month to be filled; of the year 184 of 365 days remain from 1 July: half.
    Case("loosened in June, June is still to be filled", "6-14 M A", "6-20", "MMMMMOT", firsts="1-1 2-1 3-1 4-1 5-1 6-1 7-1"),
    Case("on the last day of June no otherwise", "6-30 M A", "6-30", "MMMMMOT", lasts="1-31 2-28 3-31 4-30 5-31 6-30 12-31"),
    # On 1 July July is open, so the year begins in August: 153 days, under half. June may be late until 7 July.
    Case("on the first day of July July stays a month", "7-1 M A", "7-1", "MMMMMOO-", lasts="1-31 2-28 3-31 4-30 5-31 6-30 7-31 12-31"),
    # From 8 January 24 of 31 days of a month remain; of February 7 of 28 lie in the period.
    Case("weeks become months with the next week", "1-7 W M", "1-20", "MO-", period=(d("1-1"), d("2-7")), lasts="1-7 1-31 2-7"),
    # --- tightened ---
    # 1 January to 30 June are 181 of 365 days: under half.
    Case("tightened in June, under half a year asks nothing", "6-14 A M", "6-20", "-TTTTTT", firsts="1-1 7-1 8-1 9-1 10-1 11-1 12-1"),
    # From 2 July on the year is cut on 31 July: 212 days.
    Case("tightened in July, over half a year is asked", "7-2 A M", "7-3", "OTTTTT", lasts="7-31 8-31 9-30 10-31 11-30 12-31"),
    Case("and missed thirty days after its end", "7-2 A M", "8-31", "MOTTTT"),
    # --- forth and back ---
    Case("forth and back in one month is as if nothing had been", "6-14 M A / 6-20 A M", "6-25", "MMMMMOTTTTTT"),
    # July and August are 62 of 365 days of a year.
    Case("forth and back takes no month with it that was over", "6-14 M A / 8-10 A M", "9-20", "MMMMMM-OTTT",
         firsts="1-1 2-1 3-1 4-1 5-1 6-1 7-1 9-1 10-1 11-1 12-1"),
    Case("of three changes in a month the last counts, from the next month", "6-5 M Q / 6-12 Q A / 6-20 A H", "6-25", "MMMMMOT"),
    # February as a quarter is 28 of 90 days, April 30 of 91: together 0.64 of a quarter, so the second is asked.
    Case("small remnants add up until they are asked", "1-31 M Q / 2-1 Q M / 3-31 M Q / 4-1 Q M", "4-10", "M-MOTTTTTTTT"),
    # --- before the period, and corrected ---
    Case("what was changed before the period counts for all of it", "2025-11-3 M Q", "1-1", "OTTT"),
    Case("and on its first day too", "1-1 M Q", "1-1", "OTTT"),
    Case("what is changed after it counts for none of it", "2027-1-1 M Q", "2027-1-1", "MMMMMMMMMMMO"),
    Case("corrected to have been quarterly since January", "6-14 M A / 1-1 A Q", "8-20", "MMOT"),
    Case("corrected away on its own day", "6-14 M A / 6-14 A M", "8-20", "MMMMMMMOTTTT"),
    # --- grace, and one performance for one interval ---
    # Two in July: the first is the quarter's own, the second June's, late, until 7 July.
    Case("a second performance in July is June's, by a month's grace", "6-14 M Q", "7-8", "MMMMMLFT", "7-5 7-6", filled_by="7-6 7-5"),
    Case("and on the eighth it is too late for June", "6-14 M Q", "7-8", "MMMMMMFT", "7-5 7-8", filled_by="7-5"),
    Case("one performance fills one interval of either cadence", "6-14 M Q", "7-8", "MMMMMMFT", "7-5"),
    # The year from 1 June had 214 days when it was performed on 5 June, and took it: May was missed on the 8th, and stays.
    Case("what a cut year had taken mends no month before it", "5-14 M A / 6-14 A M", "6-20", "MMMMM-TTTTTT", "6-5"),
    # 31 December and 60 days are 1 March.
    Case("the firm's tolerance is that of the annual part", "6-14 M A", "2027-2-20", "MMMMMML", "2027-2-20", annual_after=60),
    Case("without its word a year has thirty days", "6-14 M A", "2027-2-20", "MMMMMMM", "2027-2-20"),
    # --- events ---
    Case("what follows events asks nothing more after the month", "6-14 M E", "6-20", "MMMMMO"),
    # Nothing is open where events were followed: June from the 14th has 17 of 30 days.
    Case("what followed events is asked at once", "6-14 E M", "6-20", "OTTTTTT", firsts="6-14 7-1 8-1 9-1 10-1 11-1 12-1"),
    # --- beside a cut of scope ---
    # Of the year 122 days in scope remain, from 1 September.
    Case("scope cuts what either cadence asks", "6-14 M A", "9-10", "MMM-", days=(("1-1", "3-31"), ("9-1", "12-31")),
         firsts="1-1 2-1 3-1 9-1"),
    # --- PCI DSS ---
    # 1 January + 92 is 3 April; the year counts from 1 July, when 181 of 366 days had passed.
    Case("PCI: what was too late until July stays lost", "5-14 Q A", "9-1", "M-", way=GAPS, lasts="6-30 12-31"),
    # 1 March + 31 was over long before 1 July: from that day on it is too late.
    Case("PCI: a shorter gap is measured from the last performance", "6-14 A M", "7-10", "FMTTTTT-", "3-1", way=GAPS,
         lasts="3-1 7-10 8-10 9-10 10-11 11-11 12-12 12-31"),
    # 20 June + 31 is 21 July.
    Case("PCI: a performance under the longer one counts on", "6-14 A M", "7-10", "FOTTTTT-", "6-20", way=GAPS,
         lasts="6-20 7-21 8-21 9-21 10-22 11-22 12-23 12-31"),
    # --- a Type I ---
    Case("a Type I goes by what was stated on its day", "6-1 Q A", "7-20", "F", "2025-9-1", way=ONE, period=(d("6-30"), d("6-30"))),
    Case("and not by what was stated after it", "7-15 Q A", "7-20", "M", "2025-9-1", way=ONE, period=(d("6-30"), d("6-30"))),
]  # fmt: skip


def changes(text: str) -> list[Change]:
    words = [each.split() for each in text.split(" / ")]
    return [Change(NAMES[before], NAMES[after], d(since)) for since, before, after in words]


def counted(case: Case) -> list[Any]:
    first, *later = turns_of(case.period, stated(changes(case.changes)))
    days = tuple((d(begins), d(ends)) for begins, ends in case.days) or (case.period,)
    turned = tuple(Later(each.first, each.cadence, case.annual_after if each.cadence == Cadence.ANNUAL else None) for each in later)
    terms = Terms(case.way, case.period, first.cadence, days, later=turned)
    return count(terms, Shown([Item(d(day), day) for day in case.performed.split()]), on=d(case.on))


@pytest.mark.parametrize("case", CASES, ids=[case.sentence for case in CASES])
def test_it_is_as_computed_by_hand(case: Case) -> None:
    found = counted(case)
    assert "".join(LETTERS[each.state] for each in found) == case.states
    if case.firsts:
        assert [each.block.first for each in found] == [d(day) for day in case.firsts.split()]
    if case.lasts:
        assert [each.block.last for each in found] == [d(day) for day in case.lasts.split()]
    if case.filled_by:
        assert [each.key for each in found if each.key] == case.filled_by.split()


def test_there_are_at_least_fifteen() -> None:
    assert len({case.sentence for case in CASES}) == len(CASES) >= 15
