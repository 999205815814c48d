"""Timing advice against a table that was worked out by hand, and the properties that it has for every date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from compliance.programmes.timing import (
    DEFAULTS,
    Advice,
    Aim,
    Operation,
    Pace,
    Verdict,
    Work,
    advise,
    local_day,
    moves,
    options,
)
from compliance.programmes.timing.advice import window_before
from compliance.programmes.timing.blocks import latest_start, whole_blocks
from evidence.cadence import Cadence
from evidence.intervals import blocks

TABLE = yaml.safe_load((Path(__file__).parent / "timing_cases.yaml").read_text())
CASES = TABLE["cases"]
LABELS = {"availability": "Availability"}
WORSE = [Verdict.USUAL, Verdict.TIGHT, Verdict.MISSED]


def aim_of(given: Any) -> Aim:
    given = TABLE["aims"][given] if isinstance(given, str) else given
    kind, fieldwork = given["kind"], given["fieldwork"]
    if kind == "back":
        return Aim(fieldwork, *window_before(fieldwork, given["months"]))
    return Aim(
        fieldwork, given["first"], given["last"], point=kind == "point", period=kind == "period",
        previous=given.get("previous"),
    )  # fmt: skip


class Worked:
    """A row of the table, worked by the code."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.expect = case["expect"]
        self.aim = aim_of(case["aim"])
        self.work = Work(frozenset(case.get("done", ())), case.get("begun", {}))
        listed = case.get("controls")
        self.controls = None if listed is None else [
            Operation(row[0], row[0], row[1], row[2], categories=frozenset(row[3]) if len(row) > 3 else frozenset())
            for row in listed
        ]  # fmt: skip
        self.today = local_day(datetime.fromisoformat(str(case["now"])), case["zone"])
        self.advice: Advice = advise(self.aim, self.today, work=self.work, controls=self.controls)

    def moves(self) -> dict[str, Any]:
        found = moves(self.aim, self.advice, work=self.work, controls=self.controls, categories=LABELS)
        return {move.key: move for move in found}


def test_the_table_has_enough_rows_and_says_why_of_each():
    assert len(CASES) >= 25
    assert all(len(case["why"]) > 30 for case in CASES)
    assert len({case["id"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_it_says_what_was_worked_out_by_hand(case):
    worked = Worked(case)
    advice, expect = worked.advice, worked.expect
    days = {each.kind: each for each in advice.phases}
    assert advice.today == expect.get("today", advice.today)
    assert advice.verdict == expect.get("verdict", advice.verdict)
    assert {kind: days[kind].start_by for kind in expect.get("phases", {})} == expect.get("phases", {})
    assert {kind: days[kind].advised for kind in expect.get("advised", {})} == expect.get("advised", {})
    for name in ("ready_on", "operate_by"):
        assert getattr(advice, name) == expect.get(name, getattr(advice, name))
    found = {each.control.ref: [each.start_by, each.advised] for each in advice.controls}
    assert {ref: found[ref] for ref in expect.get("controls", {})} == expect.get("controls", {})
    if "late" in expect:
        assert [each.control.ref for each in advice.late_controls] == expect["late"]
    if "notes" in expect:
        assert list(advice.notes) == expect["notes"]


@pytest.mark.parametrize(
    "case", [case for case in CASES if "moves" in case["expect"]],
    ids=[case["id"] for case in CASES if "moves" in case["expect"]],
)  # fmt: skip
def test_what_to_move_is_what_was_worked_out_by_hand(case):
    worked = Worked(case)
    found = worked.moves()
    wanted = case["expect"]["moves"]
    assert found.keys() == wanted.keys()
    for key, dates in wanted.items():
        if isinstance(dates, str):
            assert found[key].sentence == dates
        else:
            assert {name: getattr(found[key].aim, name) for name in dates} == dates


def test_nothing_is_to_be_moved_where_the_date_can_be_met():
    assert Worked(CASES[0]).moves() == {}


def test_an_instant_without_an_offset_says_nothing():
    with pytest.raises(ValueError, match="offset"):
        local_day(datetime(2026, 5, 13, 23, 30), "Europe/Lisbon")  # noqa: DTZ001


def test_each_report_has_its_earliest_day():
    """31 January plus 49 is 21 March; the review ends on 31 January plus 63, 4 April; fieldwork and report take 28."""
    found = {each.months: each.least for each in options(date(2026, 1, 31))}
    assert (found[0].first, found[0].fieldwork, found[0].report) == (date(2026, 3, 21), date(2026, 4, 4), date(2026, 5, 2))
    assert (found[3].last, found[3].fieldwork, found[3].report) == (date(2026, 6, 20), date(2026, 6, 21), date(2026, 7, 19))
    assert (found[6].last, found[6].report) == (date(2026, 9, 20), date(2026, 10, 19))
    assert (found[12].last, found[12].report) == (date(2027, 3, 20), date(2027, 4, 18))


def test_three_months_from_a_30_november_end_before_a_leap_day():
    """All is done on 30 November 2027; three months later is 29 February 2028, so the period ends on the 28th."""
    ready = Work(frozenset(("scoping", "assessment", "remediation", "pre_audit")))
    three = options(date(2027, 11, 30), work=ready)[1].least
    assert (three.first, three.last, three.fieldwork) == (date(2027, 11, 30), date(2028, 2, 28), date(2028, 2, 29))


def test_a_length_of_ones_own_counts_in_place_of_the_default():
    slow = Pace({"phase.remediation": (60, 90)})
    assert slow["phase.remediation"].least == 60
    later = advise(aim_of("H2"), date(2026, 5, 13), pace=slow)
    assert later.verdict is Verdict.MISSED
    assert later.ready_on == date(2026, 5, 13) + timedelta(days=7 + 14 + 60)


def test_every_default_lies_in_the_range_that_was_seen_and_says_where():
    for each in DEFAULTS:
        assert each.low <= each.least <= each.usual <= each.high, each.key
        assert len(each.source) > 20, each.key


DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
FREQUENCIES = st.sampled_from([*(str(each.value) for each in Cadence), ""])
CONTROLS = st.none() | st.lists(
    st.builds(lambda n, often, starts: Operation(f"C-{n}", "x", often, starts), st.integers(1, 9), FREQUENCIES, st.none() | DAYS),
    max_size=4,
)  # fmt: skip
WORKS = st.builds(
    Work, st.frozensets(st.sampled_from(["scoping", "assessment", "remediation", "pre_audit"])),
    st.dictionaries(st.sampled_from(["scoping", "assessment", "remediation"]), DAYS),
)  # fmt: skip


def aims(kind: str, first: date, length: int, gap: int) -> Aim:
    last = first + timedelta(days=length)
    if kind == "point":
        return Aim(last + timedelta(days=gap), last, last, point=True)
    return Aim(last + timedelta(days=gap), first, last, period=True)


AIMS = st.builds(aims, st.sampled_from(["point", "period"]), DAYS, st.integers(30, 400), st.integers(1, 90))


def worse(one: Verdict, other: Verdict) -> bool:
    return WORSE.index(one) > WORSE.index(other)


@given(AIMS, DAYS, WORKS, CONTROLS, st.integers(1, 400))
def test_a_later_fieldwork_never_makes_an_answer_worse(aim, today, work, controls, later):
    before = advise(aim, today, work=work, controls=controls)
    after = advise(replace(aim, fieldwork=aim.fieldwork + timedelta(days=later)), today, work=work, controls=controls)
    assert not worse(after.verdict, before.verdict)
    assert all(b.start_by >= a.start_by for a, b in zip(before.phases, after.phases, strict=True))


@given(DAYS, DAYS, WORKS, CONTROLS, st.integers(1, 400), st.sampled_from([3, 12]))
def test_nor_does_it_where_the_look_back_moves_with_it(fieldwork, today, work, controls, later, months):
    moved = fieldwork + timedelta(days=later)
    before = advise(Aim(fieldwork, *window_before(fieldwork, months)), today, work=work, controls=controls)
    after = advise(Aim(moved, *window_before(moved, months)), today, work=work, controls=controls)
    assert not worse(after.verdict, before.verdict)
    assert all(b.start_by >= a.start_by for a, b in zip(before.controls, after.controls, strict=True))


@given(AIMS, DAYS, WORKS, CONTROLS, st.integers(1, 100))
def test_waiting_never_makes_an_answer_better(aim, today, work, controls, days):
    soon = advise(aim, today, work=replace(work, begun={}), controls=controls)
    waited = advise(aim, today + timedelta(days=days), work=replace(work, begun={}), controls=controls)
    assert not worse(soon.verdict, waited.verdict)


@given(AIMS, DAYS, WORKS, CONTROLS)
def test_each_phase_leaves_the_next_one_its_least(aim, today, work, controls):
    found = advise(aim, today, work=work, controls=controls).phases
    for one, other in zip(found, found[1:], strict=False):
        assert (other.start_by - one.start_by).days >= (0 if one.done else Pace()[f"phase.{one.kind}"].least)
    assert all(each.advised <= each.start_by for each in found)


@given(AIMS, DAYS, WORKS, CONTROLS)
def test_every_move_that_is_offered_leads_to_a_date_that_can_be_met(aim, today, work, controls):
    advice = advise(aim, today, work=work, controls=controls)
    for move in moves(aim, advice, work=work, controls=controls):
        assert advice.verdict is Verdict.MISSED
        if move.aim is not None and move.key != "type_one_first":
            assert advise(move.aim, today, work=work, controls=controls).verdict is not Verdict.MISSED, move


@given(st.sampled_from(["weekly", "monthly", "quarterly", "semi_annual", "annual"]), DAYS, st.integers(0, 800))
def test_whole_intervals_are_those_that_coverage_counts(frequency, first, days):
    last = first + timedelta(days=days)
    counted = blocks(period=(first, last), cadence=Cadence(frequency))
    begins = whole_blocks(frequency, first, last)
    assert begins == [block.first for block in counted][: len(begins)]
    assert len(counted) - len(begins) in (0, 1)


@given(st.sampled_from(DEFAULTS).filter(lambda each: each.key.startswith("control.")), DAYS, st.integers(0, 800), st.integers(1, 90))
def test_a_period_that_ends_later_never_asks_for_an_earlier_start(length, first, days, more):
    last = first + timedelta(days=days)
    assert latest_start(length, first, last + timedelta(days=more)) >= latest_start(length, first, last)
    assert first <= latest_start(length, first, last) <= last
