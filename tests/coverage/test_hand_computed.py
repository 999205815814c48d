"""Coverage against cases computed by hand: each is a sentence, and its days were counted on a calendar.

2026 is no leap year: January 31 days, February 28, March 31, April 30, May 31, June 30, July 31, August 31, September 30,
October 31, November 30, December 31. Quarters of a year that begins on 1 January end on 31 March, 30 June, 30 September and
31 December. Grace: day 1, week 3, month 7, quarter 15, half-year and year 30.
"""

from datetime import date
from typing import Any, NamedTuple

import pytest

from compliance.intervals.cadence import Cadence
from evidence.coverage.counting import Item, Reading, Shown, Terms, Way, count

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
#: What a state is written as in the table.
LETTERS = {"filled": "F", "late": "L", "missed": "M", "unknown": "U", "open": "O", "to_come": "T", "not_expected": "-"}


def d(text: str, year: int = 2026) -> date:
    """`3-31` is 31 March 2026, `2027-1-5` 5 January 2027."""
    parts = [int(part) for part in text.split("-")]
    return date(*parts) if len(parts) == 3 else date(year, *parts)


class Case(NamedTuple):
    """`performed`: days, in order. `on`: the day of looking. `states`: a letter for each interval. `firsts`, `lasts`: the
    intervals' days where the case is about them. `more`: further terms."""

    sentence: str
    cadence: Cadence | int
    performed: str
    on: str
    states: str
    lasts: str = ""
    firsts: str = ""
    period: tuple[date, date] = YEAR
    days: tuple[tuple[str, str], ...] = ()
    refused: str = ""
    filled_by: str = ""
    way: Way = Way.BLOCKS
    more: dict[str, Any] = {}
    readings: tuple[tuple[str, str], ...] = ()


Q, M, W, D, H, A = (
    Cadence.QUARTERLY, Cadence.MONTHLY, Cadence.WEEKLY, Cadence.DAILY, Cadence.SEMI_ANNUAL, Cadence.ANNUAL
)  # fmt: skip
GAPS, ONE = Way.GAPS, Way.ONE_DAY
FEB = (date(2026, 2, 15), date(2027, 2, 14))

CASES = [
    # --- blocks by the calendar ---
    Case("quarters of a calendar year end with its quarters", Q, "", "1-1", "OTTT", "3-31 6-30 9-30 12-31"),
    # 15 Feb + 3 months = 15 May, so the first ends on 14 May, and so on to 14 February of the next year.
    Case("quarters from 15 February end on the fourteenth", Q, "", "2-15", "OTTT", "5-14 8-14 11-14 2027-2-14", period=FEB),
    # 31 Jan + 1 month is 28 Feb, + 2 is 31 March, + 3 is 30 April: each ends the day before the next begins.
    Case("months from the 31st begin on the last day of a shorter one", M, "", "1-31", "OTTT", "2-27 3-30 4-29 5-30",
         "1-31 2-28 3-31 4-30", period=(d("1-31"), d("5-30"))),
    # 29 Feb 2028 + 12 months is 28 Feb 2029 and + 24 is 28 Feb 2030: years from a leap day.
    Case("a year from a leap day ends on 27 February", A, "", "2028-2-29", "OT", "2029-2-27 2030-2-27",
         period=(d("2028-2-29"), d("2030-2-27"))),
    # 2028 is a leap year: its first quarter has 91 days and still ends on 31 March.
    Case("a leap year's first quarter ends on 31 March", Q, "2028-3-31", "2028-4-1", "FO", "2028-3-31 2028-6-30",
         period=(d("2028-1-1"), d("2028-6-30"))),
    Case("half-years end in June and in December", H, "6-30 12-31", "2027-1-1", "FF", "6-30 12-31"),
    # Thursday 1 January + 7 days = 8 January. Four weeks: 1-7, 8-14, 15-21, 22-28.
    Case("weeks are seven days from the period's own first day", W, "1-7 1-8", "1-16", "FFOT", "1-7 1-14 1-21 1-28",
         period=(d("1-1"), d("1-28"))),
    Case("thirty days as a cadence are thirty days and no month", 30, "", "1-1", "OTT", "1-30 3-1 3-31",
         period=(d("1-1"), d("3-31"))),
    # --- daylight saving: 29 March 2026 has 23 hours, 25 October 25; both are one day ---
    Case("the day on which the clocks go forward is one day", D, "3-28 3-29 3-30", "3-31", "FFFO", "3-28 3-29 3-30 3-31",
         period=(d("3-28"), d("3-31"))),
    Case("the day on which the clocks go back is one day", D, "10-24 10-26", "10-27", "FMFO", "10-24 10-25 10-26 10-27",
         period=(d("10-24"), d("10-27"))),
    # --- filled, late, missed ---
    Case("a review on the first and one on the last day fill their quarters", Q, "1-1 6-30", "7-1", "FFOT", filled_by="1-1 6-30"),
    # 31 March + 15 days = 15 April. The one of 2 April fills its own quarter first, the second one then the one before.
    Case("of two reviews in April the second is March's, late", Q, "4-2 4-15", "4-15", "LFTT", filled_by="4-15 4-2"),
    Case("a day after the grace is too late", Q, "4-2 4-16", "4-16", "MFTT"),
    Case("within the grace the quarter is still open", Q, "4-2", "4-15", "OFTT"),
    Case("one review never fills two quarters", Q, "4-2", "5-1", "MFTT", filled_by="4-2"),
    Case("a June review does not mend March", Q, "4-2 6-20", "7-1", "MFOT"),
    Case("what was performed tomorrow does not count today", Q, "3-31", "3-30", "OTTT"),
    # 31 Dec + 15 = 15 January: the last quarter can be late after the period has ended.
    Case("the last quarter can be late after the period", Q, "2-1 5-1 8-1 2027-1-15", "2027-1-15", "FFFL"),
    Case("and not a day later", Q, "2-1 5-1 8-1 2027-1-16", "2027-1-16", "FFFM"),
    # January's grace ends 7 February; three in February: own, January late, nothing left to fill.
    Case("a third review in February is one too many", M, "2-1 2-5 2-6", "2-28", "LF", period=(d("1-1"), d("2-28"))),
    Case("a month late by eight days is missed", M, "2-1 2-8", "2-8", "MF", period=(d("1-1"), d("2-28"))),
    # Week 1-7 January, grace to 10 January.
    Case("a week is late for three days", W, "1-8 1-10", "1-10", "LFTT", period=(d("1-1"), d("1-28"))),
    Case("and missed on the fourth", W, "1-8 1-11", "1-11", "MFTT", period=(d("1-1"), d("1-28"))),
    # Daily, grace 1: two on the 3rd; the first is its own, the second the 2nd's. The 1st closed with the 2nd.
    Case("a day is late for one day", D, "1-3 1-3", "1-3", "MLF", period=(d("1-1"), d("1-3"))),
    # Half-year to 30 June, grace to 30 July.
    Case("a half-year is late for thirty days", H, "7-1 7-30", "7-30", "LF", filled_by="7-30 7-1"),
    Case("a year of weekly evidence does not hide its lost week", W, "1-2 1-20 1-27", "1-28", "FMFF", period=(d("1-1"), d("1-28"))),
    # --- what could not be looked at ---
    Case("a refusal makes the open quarter unknown", Q, "", "2-11", "UTTT", refused="2-10"),
    Case("a refusal before the quarter says nothing of it", Q, "2-1", "4-20", "FOTT", refused="3-1"),
    Case("what was performed after the refusal fills it", Q, "2-20", "2-21", "FTTT", refused="2-10"),
    Case("a refused quarter is unknown to the end of its grace", Q, "", "4-15", "UOTT", refused="3-20"),
    Case("and missed after it", Q, "", "4-16", "MOTT", refused="3-20"),
    # A refusal on 5 April lies in the first quarter's grace and in the second quarter.
    Case("a refusal within the grace makes both unknown", Q, "", "4-6", "UUTT", refused="4-5"),
    # --- the control begins, the scope begins, ends, is left and entered again ---
    # From 16 February 44 of Q1's 90 days remain: under half. From 15 February 45 of 90: half.
    Case("under half a quarter asks nothing", Q, "5-1", "7-1", "-FOT", firsts="2-16 4-1 7-1 10-1", days=(("2-16", "12-31"),)),
    Case("half a quarter is expected", Q, "5-1", "7-1", "MFOT", firsts="2-15 4-1 7-1 10-1", days=(("2-15", "12-31"),)),
    # From 16 February to 31 March is all there is: the only one, so it is expected.
    Case("the only block is expected however short", Q, "", "4-20", "M", firsts="2-16", lasts="3-31", days=(("2-16", "3-31"),)),
    # Scope ends on 10 November: 41 of Q4's 92 days, under half.
    Case("a scope that ends early leaves a remnant", Q, "1-5 4-5 7-5", "12-1", "FFF-", lasts="3-31 6-30 9-30 11-10",
         days=(("1-1", "11-10"),)),
    # Out for the whole of Q2: it is not in the list at all; Q1, Q3 and Q4 are.
    Case("a quarter that lies out of scope is not there", Q, "2-1 8-1", "9-30", "FFT", firsts="1-1 7-1 10-1",
         days=(("1-1", "3-31"), ("7-1", "12-31"))),
    # Q2 in scope 1-15 April (15 days) and 1-30 June (30): 45 of 91, under half (45.5). With 31 May as well: 46.
    Case("left and entered again with under half of its days", Q, "2-1 8-1", "9-30", "F-FT", firsts="1-1 4-1 7-1 10-1",
         lasts="3-31 6-30 9-30 12-31", days=(("1-1", "4-15"), ("6-1", "12-31"))),
    Case("left and entered again with just over half", Q, "2-1 8-1", "9-30", "FMFT", days=(("1-1", "4-15"), ("5-31", "12-31"))),
    # The block reaches from its first day in scope to its last: 10 May lies between and fills it.
    Case("what is performed between two stretches of a quarter fills it", Q, "2-1 5-10 8-1", "9-30", "FFFT",
         days=(("1-1", "4-15"), ("5-31", "12-31"))),
    # Q1 is expected to 31 March and Q2 is out; 10 April is within Q1's grace and in no block: late.
    Case("out of scope, the grace still runs", Q, "4-10 8-1", "9-30", "LFT", days=(("1-1", "3-31"), ("7-1", "12-31"))),
    Case("nothing is expected of a control that never was in scope", Q, "2-1", "9-30", "", days=(("2027-1-1", "2027-2-1"),)),
    # Remnant 1-10 April of a monthly period from 1 January: 10 of 30 days. What is done in it is March's, late.
    Case("a remnant lends its performance to the month before", M, "1-5 2-5 4-5", "5-1", "FFL-", period=(d("1-1"), d("4-10"))),
    # --- once a year, as the audit firm takes it ---
    Case("an annual test in the year fills it", A, "12-31", "12-31", "F"),
    # 31 December + 30 = 30 January.
    Case("by the definitions an annual test may be thirty days late", A, "2027-1-30", "2027-1-30", "L"),
    Case("and no more", A, "2027-1-31", "2027-1-31", "M"),
    Case("a firm that takes sixty days takes the last of February", A, "2027-3-1", "2027-3-1", "L", more={"after": 60}),
    Case("a firm that takes none takes none", A, "2027-1-1", "2027-1-1", "M", more={"after": 0}),
    # 1 January - 45 days = 17 November (30 - 17 = 13 days of November after it, 31 of December: 44 between, 45 back).
    Case("a firm that takes 45 days before takes 17 November", A, "2025-11-17", "6-1", "F", filled_by="2025-11-17", more={"before": 45}),
    Case("and not 16 November", A, "2025-11-16", "6-1", "O", more={"before": 45}),
    Case("without a firm's word what was done before counts for nothing", A, "2025-12-31", "6-1", "O"),
    Case("one performed in the year takes the place of the early one", A, "2025-12-20 5-5", "6-1", "F", filled_by="5-5",
         more={"before": 45}),
    Case("what was done before the scope began is not early", A, "2-20", "6-1", "O", more={"before": 45}, days=(("3-1", "12-31"),)),
    # --- read back from a source that keeps its events ---
    Case("a back-fill of a whole month fills it", M, "2-3", "3-20", "FFO", period=(d("1-1"), d("3-31")), readings=(("1-1", "1-31"),)),
    Case("of a month less a day it does not", M, "2-3", "3-20", "MFO", period=(d("1-1"), d("3-31")), readings=(("1-2", "1-31"),)),
    # --- PCI DSS: days since the last ---
    # 1 January + 92 days = 3 April (30 more in January, 28, 31: 89 to 31 March; 92 is 3 April).
    Case("a scan on the 92nd day is in time", Q, "4-3", "4-3", "FTT-", way=GAPS, lasts="4-3 7-4 10-4 12-31"),
    Case("a scan on the 93rd day is a miss that is over", Q, "4-4", "4-4", "MTT-", way=GAPS, filled_by="4-4"),
    # 3 April is the last day. Looked at on the 10th: the miss reaches to that day and grows.
    Case("what was never scanned is missed to this day", Q, "", "4-10", "MTT-", way=GAPS, lasts="4-10 7-11 10-11 12-31"),
    Case("on its last day it is still open", Q, "", "4-3", "OTT-", way=GAPS),
    # Six days after the 1st is the 7th; 7 days at most: the 8th is in time, the 16th (8 days) is not.
    Case("a week is seven days and no grace", W, "1-8 1-16", "1-16", "FM-", way=GAPS, period=(d("1-1"), d("1-20")),
         lasts="1-8 1-16 1-20"),
    Case("monthly is 31 days: 1 February after 1 January", M, "2-1", "2-10", "F-", way=GAPS, period=(d("1-1"), d("2-28"))),
    # 366 days may pass: within a year's period nothing more would be asked, but it is the only one.
    Case("an annual test that never came is missed when the period is over", A, "", "2027-1-1", "M", way=GAPS),
    Case("and open on its last day", A, "", "12-31", "O", way=GAPS),
    Case("a refused scan is unknown while its days last", Q, "", "2-2", "UTT-", way=GAPS, refused="2-1"),
    Case("and missed on the day after them", Q, "", "4-4", "MTT-", way=GAPS, refused="2-1"),
    # Stretches count by themselves: 1 July counts as if scanned, + 92 = 1 October; the scan of 1 October is in time.
    Case("counting begins anew where scope is entered again", Q, "3-1 10-1", "10-1", "F-F-", way=GAPS,
         days=(("1-1", "3-31"), ("7-1", "12-31")), lasts="3-1 3-31 10-1 12-31"),
    # --- a Type I: one day ---
    # As of 30 June: quarterly, so from 31 March (30 June less three months is 30 March, the day after it).
    Case("a Type I is shown by what is still good on its day", Q, "3-31", "7-1", "F", way=ONE, period=(d("6-30"), d("6-30")),
         firsts="3-31"),
    Case("and not by what had gone stale", Q, "3-30", "7-1", "M", way=ONE, period=(d("6-30"), d("6-30"))),
    Case("before its day nothing is lost", Q, "", "6-30", "O", way=ONE, period=(d("6-30"), d("6-30"))),
    Case("what came after its day shows nothing of it", Q, "7-1", "7-2", "M", way=ONE, period=(d("6-30"), d("6-30"))),
]  # fmt: skip


def counted(case: Case) -> list[Any]:
    days = tuple((d(first), d(last)) for first, last in case.days) or (case.period,)
    days = tuple((max(first, case.period[0]), min(last, case.period[1])) for first, last in days)
    terms = Terms(case.way, case.period, case.cadence, tuple(each for each in days if each[0] <= each[1]), **case.more)
    shown = Shown(
        [Item(d(day), day) for day in case.performed.split()],
        [Reading(d(first), d(last), "read") for first, last in case.readings], [d(day) for day in case.refused.split()],
    )  # fmt: skip
    return count(terms, shown, on=d(case.on))


@pytest.mark.parametrize("case", CASES, ids=[case.sentence for case in CASES])
def test_it_is_as_computed_by_hand(case: Case) -> None:
    found = counted(case)
    assert "".join(LETTERS[each.state] for each in found) == case.states
    if case.lasts:
        assert [each.block.last for each in found] == [d(day) for day in case.lasts.split()]
    if case.firsts:
        assert [each.block.first for each in found] == [d(day) for day in case.firsts.split()]
    if case.filled_by:
        assert [each.key for each in found if each.key] == case.filled_by.split()


def test_there_are_at_least_forty() -> None:
    assert len({case.sentence for case in CASES}) == len(CASES) >= 40


def test_how_late_and_how_early_is_said_in_days() -> None:
    late = counted(next(case for case in CASES if case.sentence == "of two reviews in April the second is March's, late"))
    assert late[0].late_by == 15
    early = counted(next(case for case in CASES if case.sentence == "a firm that takes 45 days before takes 17 November"))
    assert early[0].early_by == 45
    pci = counted(next(case for case in CASES if case.sentence == "a scan on the 93rd day is a miss that is over"))
    assert (pci[0].late_by, pci[0].closes) == (1, d("4-3"))
