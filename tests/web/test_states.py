"""Every value that a page may have to show has a glyph and a word; what has none reads as unknown."""

import enum
import re

import pytest

from audits.models import RequestState
from audits.readiness.requirements import State as RequirementState
from compliance.registers.models import Decision
from compliance.web.charts.coverage import SHAPES
from compliance.web.charts.palette import TONES
from compliance.web.marks import GLYPHS, drawn_mark, mark, sprite
from compliance.web.states import LOOKS, look_of, state
from controls.models import Design, Implementation
from evidence.checks.base import Outcome, Reason
from evidence.collectors.models import Health, RunOutcome, RunState, StepState
from evidence.intervals import State as IntervalState
from evidence.models import Acceptance, Freshness
from gaps.models import GapState

SHOWN = {
    Outcome: "", Reason: "", Freshness: "", Acceptance: "", RequirementState: "", Implementation: "", Design: "",
    IntervalState: "interval", GapState: "gap", RequestState: "request", RunState: "run", StepState: "step",
    RunOutcome: "run", Health: "connection", Decision: "",
}  # fmt: skip


@pytest.mark.parametrize(("values", "kind"), SHOWN.items(), ids=lambda each: getattr(each, "__name__", each or "plain"))
def test_every_value_of_the_models_has_its_own_look(values: type[enum.Enum], kind: str) -> None:
    bare = [each.value for each in values if f"{kind}.{each.value}" not in LOOKS and each.value not in LOOKS]
    assert bare == []


def test_every_look_uses_a_glyph_and_a_tone_that_exist() -> None:
    assert {look.glyph for look in LOOKS.values()} <= set(GLYPHS)
    assert {look.tone for look in LOOKS.values()} <= set(TONES)


@pytest.mark.parametrize("value", ["nonsense", "", None])
def test_what_is_not_known_reads_as_unknown_and_never_as_pass(value: str | None) -> None:
    assert look_of(value).tone == "unknown"
    assert 'data-s="unknown"' in state(value)


def test_a_reason_why_nothing_could_be_seen_is_never_drawn_as_pass_or_fail() -> None:
    assert {look_of(reason).tone for reason in Reason} == {"unknown"}
    assert look_of(RunOutcome.FAILED, "run").tone == "unknown"


def test_an_open_gap_and_an_open_request_do_not_look_alike() -> None:
    assert look_of("open", "gap").tone == "fail"
    assert look_of("open", "request").tone == "tocome"
    assert look_of("open", "interval").tone == "due"


def test_a_state_says_its_word_even_where_only_the_glyph_is_seen() -> None:
    assert '<span class="sr">Stale</span>' in state("stale", glyph_only=True)
    assert "<span>Stale, 96 days</span>" in state("stale", "Stale, 96 days")


def test_a_word_given_by_a_person_is_escaped() -> None:
    assert "<b>" not in state("fail", "<b>loud</b>")


def test_the_sprite_holds_every_glyph_that_a_mark_may_point_at() -> None:
    assert set(re.findall(r'id="m-(\w+)"', sprite())) == set(GLYPHS)
    assert 'href="#m-pass"' in mark("pass")


def test_a_glyph_that_does_not_exist_is_an_error_where_it_is_written() -> None:
    with pytest.raises(KeyError, match="no tick mark called 'smile'"):
        mark("smile")


def test_a_mark_on_paper_carries_its_own_paths_and_colour() -> None:
    drawn = drawn_mark("critical", "#b01f24")
    assert "<use" not in drawn
    assert "currentColor" not in drawn
    assert drawn.count("#b01f24") == 2


def test_every_state_of_an_interval_has_a_shape() -> None:
    assert {each.value for each in IntervalState} <= set(SHAPES)
