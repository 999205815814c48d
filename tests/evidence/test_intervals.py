"""A period is a row of blocks, each filled, late, missed, unknown, open or to come; none can be re-lived."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.cadence import Cadence
from evidence.intervals import GRACE, LONGEST_GAP, Block, State, blocks, fill, grace_of, lapses

DAY = timedelta(days=1)
YEAR = (date(2026, 2, 15), date(2027, 2, 14))
days = st.dates(date(2026, 1, 1), date(2027, 6, 30))
spans = st.tuples(days, st.integers(0, 400)).map(lambda pair: (pair[0], pair[0] + timedelta(days=pair[1])))
cadences = st.sampled_from([cadence for cadence in Cadence if cadence != Cadence.ON_EVENT]) | st.integers(1, 200)


def states(listed: list[Block], performed: list[date], on: date, grace: int = 15, **more: list[date]) -> list[str]:
    return [interval.state.value for interval in fill(listed, performed, grace=grace, on=on, **more)]


def quarters() -> list[Block]:
    return blocks(period=YEAR, cadence=Cadence.QUARTERLY)


def test_quarters_run_from_the_periods_own_start() -> None:
    ends = [block.last for block in quarters()]
    assert ends == [date(2026, 5, 14), date(2026, 8, 14), date(2026, 11, 14), date(2027, 2, 14)]


def test_months_from_the_thirty_first_do_not_drift() -> None:
    listed = blocks(period=(date(2026, 1, 31), date(2026, 5, 30)), cadence=Cadence.MONTHLY)
    assert [block.first for block in listed] == [
        date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30),
    ]  # fmt: skip


def test_a_block_is_cut_to_the_control_and_to_the_scope() -> None:
    listed = blocks(
        period=YEAR, cadence=Cadence.QUARTERLY, control=(date(2026, 6, 1), None), scope=(None, date(2026, 12, 1))
    )
    assert listed == [
        Block(date(2026, 6, 1), date(2026, 8, 14), expected=True),
        Block(date(2026, 8, 15), date(2026, 11, 14), expected=True),
        Block(date(2026, 11, 15), date(2026, 12, 1), expected=False),
    ]


def test_the_only_block_is_expected_however_short() -> None:
    assert blocks(period=(date(2026, 1, 1), date(2026, 1, 3)), cadence=Cadence.ANNUAL) == [
        Block(date(2026, 1, 1), date(2026, 1, 3), expected=True)
    ]


def test_a_control_outside_the_period_has_no_block_and_neither_has_an_event() -> None:
    assert blocks(period=YEAR, cadence=Cadence.MONTHLY, control=(date(2027, 3, 1), None)) == []
    assert blocks(period=YEAR, cadence=Cadence.ON_EVENT) == []
    with pytest.raises(ValueError, match="before it starts"):
        blocks(period=(date(2026, 2, 2), date(2026, 2, 1)), cadence=Cadence.MONTHLY)


def test_a_review_fills_its_quarter_or_is_late_or_missed() -> None:
    performed = [date(2026, 3, 1), date(2026, 8, 20), date(2026, 8, 25)]
    assert states(quarters(), performed, date(2026, 12, 20)) == ["filled", "late", "filled", "open"]
    assert states(quarters(), performed, date(2027, 3, 2)) == ["filled", "late", "filled", "missed"]


def test_grace_ends_with_its_last_day() -> None:
    last = date(2026, 5, 14) + timedelta(days=15)
    assert states(quarters(), [], last)[0] == "open"
    assert states(quarters(), [], last + DAY)[0] == "missed"
    both = [date(2026, 5, 15)]
    assert states(quarters(), [*both, last], last)[0] == "late"
    assert states(quarters(), [*both, last + DAY], last + DAY)[0] == "missed"


def test_one_performance_never_fills_two() -> None:
    assert states(quarters(), [date(2026, 5, 20)], date(2026, 6, 30)) == ["missed", "filled", "to_come", "to_come"]


def test_after_the_period_the_last_block_can_still_be_late() -> None:
    assert states(quarters(), [date(2027, 2, 20)], date(2027, 2, 20))[3] == "late"


def test_what_the_collector_could_not_see_is_unknown_and_missed_after_grace() -> None:
    refused = [date(2026, 5, 1)]
    assert states(quarters(), [], date(2026, 5, 2), could_not_look=refused)[0] == "unknown"
    assert states(quarters(), [date(2026, 5, 3)], date(2026, 5, 4), could_not_look=refused)[0] == "filled"
    assert states(quarters(), [], date(2026, 6, 1), could_not_look=refused)[0] == "missed"


def test_a_remnant_asks_nothing_and_lends_its_performance_to_the_one_before() -> None:
    listed = blocks(period=(date(2026, 1, 1), date(2026, 4, 10)), cadence=Cadence.MONTHLY)
    seen = fill(listed, [date(2026, 4, 5)], grace=7, on=date(2026, 5, 1))
    assert [interval.state for interval in seen] == [State.MISSED, State.MISSED, State.LATE, State.NOT_EXPECTED]


def test_grace_is_that_of_the_definitions() -> None:
    assert [GRACE[cadence] for cadence in (Cadence.DAILY, Cadence.WEEKLY, Cadence.MONTHLY)] == [1, 3, 7]
    assert [GRACE[cadence] for cadence in (Cadence.QUARTERLY, Cadence.SEMI_ANNUAL, Cadence.ANNUAL)] == [15, 30, 30]
    assert [grace_of(number) for number in (1, 6, 7, 30, 90, 400)] == [1, 1, 3, 7, 15, 30]


def test_pci_counts_the_days_since_the_last() -> None:
    limit = LONGEST_GAP[Cadence.QUARTERLY]
    start = date(2026, 1, 1)
    assert lapses([start + timedelta(days=92)], longest_gap=limit, start=start, on=date(2026, 5, 1)) == []
    assert lapses([start + timedelta(days=93)], longest_gap=limit, start=start, on=date(2026, 5, 1)) == [
        Block(date(2026, 4, 4), date(2026, 4, 4))
    ]
    assert lapses([], longest_gap=limit, start=start, on=date(2026, 4, 10)) == [
        Block(date(2026, 4, 4), date(2026, 4, 10))
    ]


@given(period=spans, cadence=cadences, control=spans, scope=spans)
def test_blocks_cover_every_day_of_the_common_span_once(
    period: tuple[date, date], cadence: Cadence | int, control: tuple[date, date], scope: tuple[date, date]
) -> None:
    listed = blocks(period=period, cadence=cadence, control=control, scope=scope)
    covered = [block.first + timedelta(days=n) for block in listed for n in range(block.days)]
    first, last = max(period[0], control[0], scope[0]), min(period[1], control[1], scope[1])
    assert covered == [first + timedelta(days=n) for n in range((last - first).days + 1)]


@given(
    period=spans,
    cadence=cadences,
    performed=st.lists(days, max_size=12),
    refused=st.lists(days, max_size=3),
    grace=st.integers(0, 40),
    on=days,
)
def test_it_agrees_with_living_through_it_day_by_day(
    period: tuple[date, date], cadence: Cadence | int, performed: list[date], refused: list[date], grace: int, on: date
) -> None:
    listed = blocks(period=period, cadence=cadence)
    expected = [block for block in listed if block.expected]
    done: dict[Block, str] = {}
    day = date(2026, 1, 1)
    while day <= on:
        for _ in range(performed.count(day)):
            own = [block for block in expected if block.first <= day <= block.last]
            past = [block for block in expected if block.last < day]
            if own and own[0] not in done:
                done[own[0]] = "filled"
            elif past and past[-1] not in done and (day - past[-1].last).days <= grace:
                done[past[-1]] = "late"
        day += DAY
    wanted = []
    for block in listed:
        blocked = [r for r in refused if r <= on and block.first <= r and (r - block.last).days <= grace]
        if not block.expected:
            wanted.append("not_expected")
        elif block in done:
            wanted.append(done[block])
        elif on < block.first:
            wanted.append("to_come")
        elif (on - block.last).days > grace:
            wanted.append("missed")
        else:
            wanted.append("unknown" if blocked else "open")
    assert states(listed, performed, on, grace, could_not_look=refused) == wanted


@given(
    period=spans, cadence=cadences, performed=st.lists(days, max_size=12), on=days, later=st.integers(0, 300),
    grace=st.integers(0, 40),
)  # fmt: skip
def test_what_is_closed_stays_as_it_is(
    period: tuple[date, date], cadence: Cadence | int, performed: list[date], on: date, later: int, grace: int
) -> None:
    listed = blocks(period=period, cadence=cadence)
    before = fill(listed, performed, grace=grace, on=on)
    after = fill(listed, performed, grace=grace, on=on + timedelta(days=later))
    assert all(old == new for old, new in zip(before, after, strict=True) if old.closed)
