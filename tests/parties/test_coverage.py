"""The days of a period that a party's reports and letters cover."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.parties.coverage import (
    InUse,
    Letter,
    Paper,
    Span,
    coverage,
    is_long,
    merge,
    names,
    proves_operation,
    subtract,
)

YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))
USED = InUse(("Compute",))
BASE = date(2026, 1, 1)


def report(first: date | None, last: date, *, services: tuple[str, ...] = ("Compute",), **rest: object) -> Paper:
    return Paper(str(rest.pop("key", "r1")), str(rest.pop("kind", "soc2_type_2")), first, last, services, **rest)  # type: ignore[arg-type]


def letter(first: date, last: date, *, services: tuple[str, ...] = ("Compute",), signed: date | None = None) -> Letter:
    return Letter("l1", "r1", first, last, signed or last, services)


def days(*spans: tuple[date, date]) -> tuple[Span, ...]:
    return tuple(Span(*each) for each in spans)


TO_JUNE = report(date(2025, 7, 1), date(2026, 6, 30))
REST = (date(2026, 7, 1), date(2026, 12, 31))

#: Worked by hand: (what it shows, papers, letters, uncovered spans).
CASES = [
    ("nothing covers nothing", [], [], [(YEAR.first, YEAR.last)]),
    ("a report of the whole year covers it", [report(YEAR.first, YEAR.last)], [], []),
    ("a report to the end of June leaves July to December", [TO_JUNE], [], [REST]),
    ("a letter carries it on to September", [TO_JUNE], [letter(date(2026, 7, 1), date(2026, 9, 30))],
     [(date(2026, 10, 1), date(2026, 12, 31))]),
    ("a letter that begins a week late carries nothing on", [TO_JUNE], [letter(date(2026, 7, 8), date(2026, 9, 30))], [REST]),
    ("a letter that leaves out the service covers nothing", [TO_JUNE],
     [letter(date(2026, 7, 1), date(2026, 9, 30), services=("Storage",))], [REST]),
    ("a letter says nothing of days after its signature", [TO_JUNE],
     [letter(date(2026, 7, 1), date(2026, 9, 30), signed=date(2026, 8, 15))], [(date(2026, 8, 16), date(2026, 12, 31))]),
    ("a letter signed before it begins says nothing", [TO_JUNE],
     [letter(date(2026, 7, 1), date(2026, 9, 30), signed=date(2026, 6, 20))], [REST]),
    ("a letter without its report covers nothing", [report(date(2025, 7, 1), date(2026, 6, 30), key="other")],
     [letter(date(2026, 7, 1), date(2026, 9, 30))], [REST]),
    ("a Type I covers nothing", [report(None, date(2026, 6, 30), kind="soc2_type_1")], [], [(YEAR.first, YEAR.last)]),
    ("a letter after a Type I covers nothing", [report(None, date(2026, 6, 30), kind="soc2_type_1")],
     [letter(date(2026, 7, 1), date(2026, 9, 30))], [(YEAR.first, YEAR.last)]),
    ("a SOC 1 speaks of other controls", [report(YEAR.first, YEAR.last, kind="soc1_type_2")], [], [(YEAR.first, YEAR.last)]),
    ("a certificate shows no operation", [report(YEAR.first, YEAR.last, kind="iso_certificate")], [],
     [(YEAR.first, YEAR.last)]),
    ("a report that leaves out the service covers nothing", [report(YEAR.first, YEAR.last, services=("Storage",))], [],
     [(YEAR.first, YEAR.last)]),
    ("a report on all services covers each", [report(YEAR.first, YEAR.last, services=("All",))], [], []),
    ("a qualified opinion still covers", [report(YEAR.first, YEAR.last, opinion="qualified")], [], []),
    ("an adverse opinion does not", [report(YEAR.first, YEAR.last, opinion="adverse")], [], [(YEAR.first, YEAR.last)]),
    ("a disclaimed one does not", [report(YEAR.first, YEAR.last, opinion="disclaimed")], [], [(YEAR.first, YEAR.last)]),
    ("two reports leave the weeks between them", [
        report(date(2025, 4, 1), date(2026, 3, 31)), report(date(2026, 4, 15), date(2027, 4, 14), key="r2")], [],
     [(date(2026, 4, 1), date(2026, 4, 14))]),
    ("reports that overlap count each day once", [
        report(date(2025, 7, 1), date(2026, 6, 30)), report(date(2026, 3, 1), date(2026, 12, 31), key="r2")], [], []),
]  # fmt: skip


@pytest.mark.parametrize(("papers", "letters", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_case_worked_by_hand(papers: list[Paper], letters: list[Letter], expected: list[tuple[date, date]]) -> None:
    known = coverage(YEAR, USED, papers, letters)
    assert known.uncovered == days(*expected)
    assert known.days_covered == 365 - sum((last - first).days + 1 for first, last in expected)


def test_a_day_counts_when_every_service_in_use_is_covered() -> None:
    both = InUse(("Compute", "Storage"))
    papers = [report(YEAR.first, YEAR.last), report(YEAR.first, date(2026, 6, 30), services=("storage",), key="r2")]
    known = coverage(YEAR, both, papers, [])
    assert known.uncovered == days(REST)
    assert known.uncovered_of == {"Compute": (), "Storage": days(REST)}


def test_a_region_in_use_must_be_named() -> None:
    used = InUse(("Compute",), ("Ireland",))
    assert coverage(YEAR, used, [report(YEAR.first, YEAR.last, regions=("Ohio",))], []).days_covered == 0
    assert coverage(YEAR, used, [report(YEAR.first, YEAR.last, regions=("ireland", "Ohio"))], []).days_uncovered == 0
    assert coverage(YEAR, used, [report(YEAR.first, YEAR.last)], []).days_covered == 0


def test_with_no_service_stated_nothing_is_shown_to_be_covered() -> None:
    known = coverage(YEAR, InUse(()), [report(YEAR.first, YEAR.last, services=("all",))], [])
    assert known.unstated
    assert known.days_covered == 0


@pytest.mark.parametrize(
    ("first", "last", "long"),
    [
        (date(2026, 1, 1), date(2026, 3, 31), False), (date(2026, 1, 1), date(2026, 4, 1), True),
        (date(2025, 11, 30), date(2026, 2, 27), False), (date(2025, 11, 30), date(2026, 2, 28), True),
        (date(2024, 2, 29), date(2024, 5, 28), False), (date(2024, 2, 29), date(2024, 5, 29), True),
    ],
)  # fmt: skip
def test_a_letter_is_long_from_the_same_day_three_months_on(first: date, last: date, long: bool) -> None:
    assert is_long(letter(first, last)) is long


a_day = st.integers(0, 120).map(lambda n: BASE + timedelta(days=n))
a_span = st.tuples(a_day, a_day).map(lambda pair: Span(min(pair), max(pair)))
some_services = st.lists(st.sampled_from(["Compute", "Storage", "Queue", "all"]), max_size=3).map(tuple)
some_regions = st.lists(st.sampled_from(["Ireland", "Ohio", "all"]), max_size=2).map(tuple)
a_paper = st.builds(
    Paper, st.sampled_from(["r1", "r2"]), st.sampled_from(["soc2_type_2", "soc2_type_1", "soc1_type_2"]), a_day.map(lambda d: d),
    a_day, some_services, some_regions, st.sampled_from(["unmodified", "qualified", "adverse"]),
).map(lambda p: Paper(p.key, p.kind, min(p.first, p.last), max(p.first, p.last), p.services, p.regions, p.opinion))  # type: ignore[type-var]
a_letter = st.builds(
    lambda report, span, signed, services: Letter("l", report, span.first, span.last, signed, services),
    st.sampled_from(["r1", "r2"]), a_span, a_day, some_services,
)  # fmt: skip
in_use = st.builds(
    InUse, st.lists(st.sampled_from(["Compute", "Storage"]), min_size=1, max_size=2, unique=True).map(tuple),
    st.lists(st.sampled_from(["Ireland", "Ohio"]), max_size=2, unique=True).map(tuple),
)  # fmt: skip


def each_day(span: Span) -> set[date]:
    return {span.first + timedelta(days=n) for n in range(span.days)}


def day_is_covered(day: date, used: InUse, papers: list[Paper], letters: list[Letter]) -> bool:
    """The definition, day by day, with no spans at all."""

    def by_a_report(service: str, region: str | None) -> bool:
        for paper in papers:
            if not proves_operation(paper) or not names(paper.services, service):
                continue
            if region is not None and not names(paper.regions, region):
                continue
            if paper.first <= day <= paper.last:  # type: ignore[operator]
                return True
            for each in letters:
                joins = each.report == paper.key and (each.first - paper.last).days <= 1
                if joins and names(each.services, service) and each.first <= day <= min(each.last, each.signed_on):
                    return True
        return False

    return all(by_a_report(service, region) for service in used.services for region in used.regions or (None,))


@given(a_span, in_use, st.lists(a_paper, max_size=4), st.lists(a_letter, max_size=3))
def test_it_agrees_with_the_definition_day_by_day(
    period: Span, used: InUse, papers: list[Paper], letters: list[Letter]
) -> None:
    known = coverage(period, used, papers, letters)
    said = {day for span in known.uncovered for day in each_day(span)}
    assert said == {day for day in each_day(period) if not day_is_covered(day, used, papers, letters)}
    assert known.days_covered + known.days_uncovered == period.days


@given(a_span, in_use, st.lists(a_paper, max_size=3), st.lists(a_letter, max_size=2), a_paper)
def test_one_more_report_never_covers_less(
    period: Span, used: InUse, papers: list[Paper], letters: list[Letter], more: Paper
) -> None:
    assert coverage(period, used, [*papers, more], letters).days_covered >= coverage(period, used, papers, letters).days_covered


@given(a_span, st.lists(a_paper, max_size=3), st.lists(a_letter, max_size=2))
def test_one_more_service_in_use_is_never_covered_better(period: Span, papers: list[Paper], letters: list[Letter]) -> None:
    one, both = InUse(("Compute",)), InUse(("Compute", "Storage"))
    assert coverage(period, both, papers, letters).days_covered <= coverage(period, one, papers, letters).days_covered


@given(st.lists(a_span, max_size=6))
def test_merging_keeps_every_day_in_spans_that_do_not_touch(spans: list[Span]) -> None:
    merged = merge(spans)
    assert {d for s in merged for d in each_day(s)} == {d for s in spans for d in each_day(s)}
    assert all((after.first - before.last).days > 1 for before, after in zip(merged, merged[1:], strict=False))


@given(a_span, st.lists(a_span, max_size=5))
def test_what_is_left_and_what_is_taken_make_up_the_period(period: Span, spans: list[Span]) -> None:
    left = {d for s in subtract(period, spans) for d in each_day(s)}
    assert left == each_day(period) - {d for s in spans for d in each_day(s)}
