"""Drawings: true to their numbers, told apart by shape, and the same on paper."""

import datetime as dt
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.web.charts.bars import Part, minibar, stackbar
from compliance.web.charts.coverage import SHAPES, Interval, key, small_strip, strip, sums
from compliance.web.charts.horizon import horizon, ruler
from compliance.web.charts.lamps import Lamp, lamps
from compliance.web.charts.phases import phase_strip
from compliance.web.charts.scale import Scale
from compliance.web.charts.spark import spark
from compliance.web.marks import sprite
from compliance.web.states import state

YEAR = Scale(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))


def month(number: int, state: str) -> Interval:
    first, after = dt.date(2026, number, 1), dt.date(2026 + number // 12, number % 12 + 1, 1)
    return Interval(first, after - dt.timedelta(days=1), state, f"month {number}: {state}")


def widths(drawing: str) -> list[float]:
    return [float(shape.get("width", 0)) for shape in ElementTree.fromstring(drawing).iter("rect")]


def test_a_year_is_876_units_wide() -> None:
    assert YEAR.width == 876


def test_a_scale_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Scale(dt.date(2026, 2, 1), dt.date(2026, 1, 1))


@given(DAYS, st.integers(0, 900), DAYS)
def test_every_day_lies_on_its_scale(first: dt.date, length: int, day: dt.date) -> None:
    scale = Scale(first, first + dt.timedelta(days=length))
    assert 0 <= scale.x(day) <= scale.width
    assert 0 <= scale.share(day) <= 100


@given(DAYS, st.integers(0, 900))
def test_the_months_of_a_scale_are_all_its_firsts_and_no_other(first: dt.date, length: int) -> None:
    scale = Scale(first, first + dt.timedelta(days=length))
    days = (first + dt.timedelta(days=n) for n in range(length + 1))
    assert list(scale.months()) == [day for day in days if day.day == 1]


def test_a_strip_says_its_sums_and_each_interval_its_own_words() -> None:
    intervals = [month(1, "filled"), month(2, "late"), month(3, "missed"), month(4, "unknown"), month(5, "open")]
    drawn = strip(intervals, YEAR, name="AC-07 Access review", today=dt.date(2026, 5, 9))
    root = ElementTree.fromstring(drawn)
    assert root.get("aria-label") == (
        "AC-07 Access review: 4 expected to date, 1 filled, 1 late, 1 missed, 1 unknown, 1 to come"
    )
    assert [title.text for title in root.iter("title")] == [each.words for each in intervals]
    assert 'class="g-today"' in drawn


def test_an_interval_fills_its_days_and_leaves_a_gap_to_its_neighbour() -> None:
    drawn = strip([month(1, "filled")], YEAR, name="x")
    assert widths(drawn) == [pytest.approx(31 * 2.4 - 1.2)]


def test_a_single_day_is_still_drawn() -> None:
    day = dt.date(2026, 3, 3)
    assert all(width > 0 for width in widths(strip([Interval(day, day, "missed", "x")], YEAR, name="x")))


def test_no_two_states_are_told_apart_by_colour_alone() -> None:
    def outline(state: str) -> str:
        drawn = SHAPES[state](10, 40)
        return re.sub(r'(class|fill|stroke)="(?!url)[^"]*"', "", drawn)

    told = {state: outline(state) + ("dash" if state == "open" else "") for state in SHAPES if state != "not_expected"}
    assert len(set(told.values())) == len(told)


def test_sums_of_what_happens_on_event_do_not_speak_of_expectation() -> None:
    day = dt.date(2026, 3, 3)
    assert sums([Interval(day, day, "event", "x")] * 3) == "3 on event"


def test_words_from_data_are_escaped_in_a_drawing() -> None:
    drawn = strip([Interval(YEAR.first, YEAR.last, "filled", "<script>&")], YEAR, name='"><script>')
    assert "<script>" not in drawn
    ElementTree.fromstring(drawn)


@given(
    st.lists(
        st.tuples(st.sampled_from(["pass", "fail", "missing", "unknown", "due"]), st.integers(0, 5000)), max_size=6
    )
)
def test_a_bar_shares_its_width_by_number(parts: list[tuple[str, int]]) -> None:
    drawn = stackbar([Part(*part) for part in parts])
    found = widths(drawn)
    assert len(found) == sum(1 for _, number in parts if number)
    assert sum(found) <= 1001
    assert all(width >= 0 for width in found)


def test_a_bar_of_nothing_is_empty_and_says_so() -> None:
    assert widths(stackbar([Part("pass", 0, "ready")])) == []
    assert "0 ready" in stackbar([Part("pass", 0, "ready")])


def test_a_small_bar_is_measured_against_the_largest_row() -> None:
    assert widths(minibar([Part("fail", 3)], of=6)) == [pytest.approx(49)]


@pytest.mark.parametrize("today", [dt.date(2025, 11, 1), dt.date(2026, 1, 1), dt.date(2026, 7, 1), dt.date(2027, 3, 1)])
def test_the_horizon_is_drawn_before_within_and_after_the_period(today: dt.date) -> None:
    drawn = horizon(period=YEAR, today=today, fieldwork=Scale(dt.date(2027, 1, 18), dt.date(2027, 2, 26)))
    root = ElementTree.fromstring(drawn)
    assert f"today {today.day} {today:%b %Y}" in root.get("aria-label", "")
    for shape in root.iter("rect"):
        assert 0 <= float(shape.get("x", "")[:-1]) <= 100
        assert float(shape.get("width", "")[:-1]) >= 0


def test_nothing_has_passed_before_the_period_begins() -> None:
    assert "s-ink" not in horizon(period=YEAR, today=dt.date(2025, 12, 1))
    assert "s-ink" in horizon(period=YEAR, today=dt.date(2026, 1, 2))


def test_the_ruler_names_the_year_in_place_of_january() -> None:
    texts = [text.text for text in ElementTree.fromstring(ruler(YEAR)).iter("text")]
    assert texts[:2] == ["2026", "Feb"]
    assert len(texts) == 12


def test_a_phase_is_solid_as_far_as_it_is_done() -> None:
    phase = Scale(dt.date(2026, 1, 1), dt.date(2026, 1, 10))
    assert widths(phase_strip(phase, phase, done_to=dt.date(2026, 1, 5))) == [pytest.approx(12), pytest.approx(12)]
    assert widths(phase_strip(phase, phase, done_to=None)) == [pytest.approx(24)]


def test_a_lamp_is_a_link_that_says_reference_and_state() -> None:
    html = lamps([("CC6", [Lamp("AC-07", "Access <review>", "fail", "/c/7/")])])
    assert '<a href="/c/7/" data-s="fail" title="AC-07 Access &lt;review&gt;: Fail">' in html
    assert '<span class="sr">AC-07: </span>' in html


def test_one_point_is_no_trend() -> None:
    assert spark([3], label="x") == ""
    assert "polyline" in spark([3, 4], label="x")


@pytest.mark.parametrize("drawn", [
    strip([month(n, each) for n, each in enumerate(("filled", "late", "missed", "unknown", "open"), 1)], YEAR, name=""),
    small_strip([month(1, "missed")], YEAR),
    stackbar([Part("pass", 1), Part("missing", 1), Part("unknown", 1)]),
    horizon(period=YEAR, today=dt.date(2026, 7, 1), fieldwork=Scale(dt.date(2027, 1, 18), dt.date(2027, 2, 26))),
    spark([1, 2], label="x"),
    key(),
])  # fmt: skip
def test_every_shape_carries_its_colour_for_paper(drawn: str) -> None:
    for shape in ElementTree.fromstring(drawn).iter():
        if shape.tag in ("rect", "text", "polyline"):
            assert shape.get("fill"), ElementTree.tostring(shape)
        if shape.tag in ("line", "path"):
            assert shape.get("stroke"), ElementTree.tostring(shape)


def test_a_drawing_on_paper_brings_its_own_hatching_and_two_do_not_collide() -> None:
    drawn = [strip([month(n, "unknown")], YEAR, name="x", on_paper=True) for n in (1, 2)]
    ids = [re.findall(r' id="([^"]+)"', each) for each in drawn]
    assert not set(ids[0]) & set(ids[1])
    for own, each in zip(ids, drawn, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", each)) <= set(own)


def test_a_drawing_in_a_page_points_into_the_sprite() -> None:
    drawn = strip([month(1, "unknown")], YEAR, name="x")
    assert "<defs>" not in drawn
    assert set(re.findall(r"url\(#([^)]+)\)", drawn)) <= set(re.findall(r' id="([^"]+)"', sprite()))


def test_weasyprint_sets_the_drawings_without_a_complaint(caplog: pytest.LogCaptureFixture) -> None:
    weasyprint = pytest.importorskip("weasyprint")
    fieldwork = Scale(dt.date(2027, 1, 18), dt.date(2027, 2, 26))
    parts = [
        strip([month(1, "unknown"), month(2, "missed")], YEAR, name="x", on_paper=True),
        horizon(period=YEAR, today=dt.date(2026, 7, 1), fieldwork=fieldwork, on_paper=True),
        stackbar([Part("pass", 1), Part("unknown", 1)], on_paper=True),
        state("fail", on_paper=True),
    ]
    with caplog.at_level("WARNING", logger="weasyprint"):
        assert weasyprint.HTML(string="".join(parts)).write_pdf()[:5] == b"%PDF-"
    assert [record.message for record in caplog.records] == []
