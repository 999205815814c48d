"""What fails an audit first stands first, the reason is printed, and nothing worse is ever judged milder."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.checks.base import Severity as Technical
from gaps.ranking import Cause, Found, Route, Severity, Weights, rank, severity
from gaps.severity import _SAYS

TODAY = date(2026, 3, 1)
A_FAIL = Cause(Found.FAIL, control="AC-02", criteria=("CC7.2",), today=TODAY, period_end=date(2026, 4, 15))


def judged(found: Found, **more: object) -> str:
    return severity(Cause(found, control="AC-02", **more)).severity.value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "found",
    [Found.NO_CONTROL, Found.NO_POPULATION, Found.NOT_THERE, Found.NOT_IN_PLACE, Found.CLAUSE_ABSENT, Found.WITHHELD],
)
def test_what_would_qualify_the_report_is_critical(found: Found) -> None:
    assert judged(found) == "critical"


@pytest.mark.parametrize("found", [Found.DEVIATION, Found.MISSED, Found.FAIL, Found.MISSING, Found.DESIGN])
def test_a_failing_key_control_is_significant_and_another_minor(found: Found) -> None:
    assert judged(found, key=True) == "significant"
    assert judged(found) == "minor"


def test_the_only_control_of_a_criterion_moves_up() -> None:
    found = severity(replace(A_FAIL, only_control_of=("CC6.1",)))
    assert found.severity == Severity.CRITICAL
    assert found.reason == "Critical: AC-02 is the only control of CC6.1 and it fails."
    assert judged(Found.LATE, only_control_of=("CC6.1",)) == "significant"
    assert judged(Found.UNKNOWN, only_control_of=("CC6.1",), intervals_beyond=1) == "critical"


def test_when_no_key_control_operates_it_is_critical_whichever_fails() -> None:
    found = severity(replace(A_FAIL, none_operates_for=("CC8.1",)))
    assert found.reason == "Critical: AC-02 fails, and no key control of CC8.1 operates."
    assert judged(Found.STALE, none_operates_for=("CC8.1",)) == "minor"


def test_unknown_for_longer_than_an_interval_is_significant() -> None:
    assert judged(Found.UNKNOWN) == "minor"
    assert judged(Found.UNKNOWN, intervals_beyond=1) == "significant"


def test_the_second_time_late_is_significant() -> None:
    assert judged(Found.LATE, times_late=1) == "minor"
    assert judged(Found.LATE, times_late=2) == "significant"


def test_a_failing_check_has_at_least_its_own_severity() -> None:
    found = severity(replace(A_FAIL, technical=Technical.CRITICAL))
    assert found.reason == "Critical: AC-02 fails, by a check of critical technical severity."
    assert judged(Found.FAIL, technical=Technical.HIGH) == "significant"
    assert judged(Found.FAIL, technical=Technical.MEDIUM) == "minor"
    assert judged(Found.UNKNOWN, technical=Technical.CRITICAL) == "minor"


def test_a_firm_may_let_technical_severity_break_ties_only() -> None:
    strict = Weights(least={})
    assert severity(replace(A_FAIL, technical=Technical.CRITICAL), strict).severity == Severity.MINOR
    assert rank(replace(A_FAIL, technical=Technical.CRITICAL), strict).key < rank(A_FAIL, strict).key


@pytest.mark.parametrize(
    ("found", "points"),
    [
        (Found.WITHHELD, 40), (Found.NO_POPULATION, 40), (Found.NO_CONTROL, 30), (Found.DESIGN, 25),
        (Found.FAIL, 20), (Found.UNKNOWN, 20), (Found.NOT_THERE, 20), (Found.CONTRADICTION, 20),
        (Found.STALE, 5), (Found.DOCUMENTATION, 5),
    ],
)  # fmt: skip
def test_points_come_by_the_route(found: Found, points: float) -> None:
    assert rank(Cause(found)).points == points


def test_each_further_fact_adds_its_points() -> None:
    assert rank(A_FAIL).points == 20
    assert rank(replace(A_FAIL, only_control_of=("CC7.2",))).points == 30
    assert rank(replace(A_FAIL, curable=False)).points == 30
    assert rank(replace(A_FAIL, criteria=("CC8.1",))).points == 26
    assert rank(replace(A_FAIL, criteria=("CC8.1",), lost_days=21)).points == 39
    assert rank(replace(A_FAIL, criteria=("CC7.2", "A1.1"))).points == 21
    assert rank(replace(A_FAIL, share=0.12, sample_size=25)).points == 26
    assert rank(replace(A_FAIL, share=1.0, sample_size=25)).points == 40
    assert rank(replace(A_FAIL, commitment=True)).points == 30


def test_the_reason_is_what_a_person_would_say() -> None:
    cause = replace(
        A_FAIL,
        criteria=("CC6.1",),
        only_control_of=("CC6.1",),
        lost_days=21,
        share=0.1,
        sample_size=25,
        commitment=True,
    )
    assert rank(cause).reason == (
        "Critical: AC-02 is the only control of CC6.1 and it fails. Always tested early (CC6.1). "
        "21 days of the period are lost. At today's rate a sample of 25 would bring about 2 exceptions. "
        "A commitment to customers is touched."
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "It can still be put right: 45 days of the period are left."),
        ({"today": date(2026, 4, 14)}, "It can still be put right: 1 day of the period is left."),
        ({"days_needed": 60}, "It needs 60 days, and 45 days of the period are left."),
        ({"today": date(2026, 4, 16)}, "The period has ended: it will be an exception."),
        ({"curable": False}, "What is lost cannot be earned again in this period."),
        ({"lost_days": 1}, "1 day of the period is lost."),
    ],
)
def test_before_the_end_it_can_be_cured_and_after_it_is_an_exception(more: dict[str, object], said: str) -> None:
    assert said in rank(replace(A_FAIL, **more)).reasons


def test_a_requirement_without_control_is_named_by_itself() -> None:
    gap = rank(Cause(Found.NO_CONTROL, criteria=("CC9.2",)))
    assert gap.reasons == ("Critical: CC9.2 has no suitable control.", "Always tested early (CC9.2).")


def test_every_finding_has_words() -> None:
    assert set(_SAYS) == set(Found)
    for found in Found:
        assert rank(Cause(found, control="AC-02")).reason.startswith(
            ("Critical: AC-02", "Significant: AC-02", "Minor: AC-02")
        )


def test_the_order_is_severity_then_points_then_technical_then_the_oldest_then_the_ref() -> None:
    old, new = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    minor = replace(A_FAIL, opened_at=new)
    ordered = [
        replace(minor, key=True, ref="GAP-009"),
        replace(minor, commitment=True, ref="GAP-008"),
        replace(minor, technical=Technical.MEDIUM, ref="GAP-007"),
        replace(minor, technical=Technical.LOW, ref="GAP-006"),
        replace(minor, opened_at=old, ref="GAP-005"),
        replace(minor, ref="GAP-003"),
        replace(minor, ref="GAP-004"),
        replace(minor, opened_at=None, ref="GAP-001"),
    ]
    assert sorted(ordered, key=lambda cause: rank(cause).key) == ordered


CHAINS = [
    [Found.LATE, Found.MISSED],
    [Found.STALE, Found.MISSING],
    [Found.DOCUMENTATION, Found.NOT_AUDITABLE, Found.UNKNOWN, Found.FAIL, Found.DESIGN, Found.NO_CONTROL],
    [Found.NO_CONTROL, Found.NO_POPULATION],
    [Found.FAIL, Found.NOT_IN_PLACE],
    [Found.DESIGN, Found.CLAUSE_ABSENT],
]
refs = st.lists(st.sampled_from(["CC6.1", "CC7.2", "CC8.1", "A1.2", "C1.1"]), max_size=4, unique=True).map(tuple)
causes = st.builds(
    Cause,
    found=st.sampled_from(Found),
    ref=st.integers(1, 99).map("GAP-{:03}".format),
    control=st.just("AC-02"),
    key=st.booleans(),
    criteria=refs,
    only_control_of=refs,
    none_operates_for=refs,
    technical=st.none() | st.sampled_from(Technical),
    share=st.floats(0, 1),
    sample_size=st.integers(0, 60),
    intervals_beyond=st.integers(0, 3),
    times_late=st.integers(0, 3),
    curable=st.booleans(),
    lost_days=st.integers(0, 90),
    days_needed=st.integers(0, 90),
    today=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    period_end=st.none() | st.just(date(2026, 6, 30)),
    commitment=st.booleans(),
    opened_at=st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),
)


def worsened(cause: Cause) -> list[Cause]:
    """The cause with each one of its facts made worse, and nothing else changed."""
    graver = [
        replace(cause, found=after) for chain in CHAINS for before, after in pairwise(chain) if before is cause.found
    ]
    line = [None, *reversed(Technical)]
    technical = line[min(line.index(cause.technical) + 1, len(line) - 1)]
    return graver + [
        replace(cause, key=True),
        replace(cause, criteria=tuple(dict.fromkeys([*cause.criteria, "CC6.1"]))),
        replace(cause, only_control_of=tuple(dict.fromkeys([*cause.only_control_of, "CC6.1"]))),
        replace(cause, none_operates_for=tuple(dict.fromkeys([*cause.none_operates_for, "CC6.1"]))),
        replace(cause, technical=technical),
        replace(cause, share=min(1.0, cause.share + 0.1)),
        replace(cause, sample_size=cause.sample_size + 5),
        replace(cause, intervals_beyond=cause.intervals_beyond + 1),
        replace(cause, times_late=cause.times_late + 1),
        replace(cause, curable=False),
        replace(cause, lost_days=cause.lost_days + 7),
        replace(cause, days_needed=cause.days_needed + 7),
        replace(cause, commitment=True),
    ]


@given(cause=causes)
def test_worse_input_never_lowers_severity_or_rank(cause: Cause) -> None:
    for worse in worsened(cause):
        before, after = rank(cause), rank(worse)
        assert after.severity.weight >= before.severity.weight, worse
        assert after.points >= before.points, worse
        assert after.key <= before.key, worse


@given(listed=st.lists(causes, max_size=8, unique_by=lambda cause: cause.ref), seed=st.integers())
def test_the_order_does_not_depend_on_how_they_come(listed: list[Cause], seed: int) -> None:
    shuffled = Random(seed).sample(listed, len(listed))  # noqa: S311
    assert len({rank(cause).key for cause in listed}) == len(listed)
    assert sorted(shuffled, key=lambda c: rank(c).key) == sorted(listed, key=lambda c: rank(c).key)


@given(cause=causes)
def test_each_reason_is_a_sentence(cause: Cause) -> None:
    for reason in rank(cause).reasons:
        assert reason[0].isupper() or reason[0].isdigit()
        assert reason.endswith(".")
        assert "  " not in reason
    assert cause.route in Route
