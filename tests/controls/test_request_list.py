"""Every line of an auditor's usual request list is answered by something that a control must show, and can be collected."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controls.starter import naming
from controls.starter.evidence_rules import FREQUENCIES
from controls.starter.reading import Evidence, StarterControl, read_starter_set
from controls.starter.request_list import items_of, request_list
from controls.starter.templates import Template, templates

STARTER = read_starter_set()
ALL = [(control, evidence) for control in STARTER.controls for evidence in control.evidence]
BY_PEOPLE = [pair for pair in ALL if pair[1].source == "person"]
#: Complete lists of what has no kind of population of its own.
WITHOUT_POPULATION = {"acknowledgements", "customer-notices", "consent-log", "report-log", "significant-changes"}


def ids(value: object) -> str:
    return getattr(value, "ref", None) or getattr(value, "key", "")


def test_each_of_the_151_lines_is_answered_or_belongs_to_the_engagement_with_a_reason() -> None:
    asked = request_list()
    answered = {item for _, evidence in ALL for item in evidence.items}
    assert len(asked.items) == 151
    assert (len(answered), len(asked.engagement)) == (148, 3)
    assert answered | asked.engagement.keys() == asked.items.keys()
    assert not answered & asked.engagement.keys(), "what a control answers is not left to the engagement"
    assert all(len(reason) > 40 for reason in asked.engagement.values())


def test_the_lines_are_in_our_own_words_and_each_says_something_else() -> None:
    words = [item.asks for item in request_list().items.values()]
    assert len(set(words)) == len(words)
    assert all(20 < len(text) < 140 and not text.endswith(".") for text in words)


@pytest.mark.parametrize("item", sorted({i for _, e in ALL for i in e.items}))
def test_a_line_is_answered_by_a_thing_of_a_kind_that_can_answer_it(item: str) -> None:
    """A list is not answered by a file of one item, nor a sample by a setting; one artefact may hold list and items."""
    kinds = {evidence.kind for _, evidence in ALL if item in evidence.items}
    (asked,) = items_of([item])
    fits = {
        "population": {"population", "document", "sample", "configuration"}, "sample": {"sample", "population", "document"},
        "document": {"document", "sample", "population", "configuration"},
        "configuration": {"configuration", "population", "document", "sample"}, "inquiry": {"inquiry", "observation"},
    }  # fmt: skip
    assert kinds & fits[asked.kind]


@pytest.mark.parametrize(("control", "evidence"), BY_PEOPLE, ids=ids)
def test_what_a_person_supplies_says_how_in_two_to_ten_sentences(control: StarterControl, evidence: Evidence) -> None:
    assert 2 <= len(evidence.steps) <= 10
    assert len(set(evidence.steps)) == len(evidence.steps)
    assert all(step[0].isupper() and step.endswith(".") and len(step) >= 25 for step in evidence.steps)
    assert sum(map(len, evidence.steps)) >= 120


def test_no_two_requirements_are_collected_by_the_same_steps() -> None:
    """Steps that fit everything help with nothing."""
    seen: dict[tuple[str, ...], str] = {}
    for _, evidence in BY_PEOPLE:
        assert seen.setdefault(evidence.steps, evidence.key) == evidence.key


@pytest.mark.parametrize("template", templates().values(), ids=ids)
def test_a_template_holds_enough_to_be_worth_filling_in(template: Template) -> None:
    if template.columns is not None:
        assert len(template.columns) >= 6
        assert all(text.strip() and text != column for column, text in template.columns.items())
        assert template.about.endswith(".")
    else:
        assert len(template.body) > 250
        assert template.body.count("____") >= 8


def test_every_template_is_used_and_every_used_one_is_there() -> None:
    used = {evidence.template for _, evidence in BY_PEOPLE}
    assert used == set(templates())


def test_a_population_names_its_kind() -> None:
    without = {evidence.key for _, evidence in ALL if evidence.kind == "population" and not evidence.population_template}
    assert without == WITHOUT_POPULATION
    assert len({evidence.population_template for _, evidence in ALL} - {""}) >= 20


@pytest.mark.parametrize(("control", "evidence"), ALL, ids=ids)
def test_its_files_have_names_that_begin_with_the_control_and_name_a_time(control: StarterControl, evidence: Evidence) -> None:
    assert naming.faults(evidence.naming) == []
    name = naming.example(
        evidence.naming, control=control.ref, key=evidence.key, format=evidence.format, cadence=evidence.cadence,
        today=date(2026, 5, 20),
    )  # fmt: skip
    assert name.startswith(f"{control.ref}_{evidence.key}_")
    assert "2026" in name or "2025" in name
    assert "{" not in name


def test_an_example_is_of_the_last_whole_interval() -> None:
    def name(cadence: str, format: str = "XLSX or PDF") -> str:
        return naming.example(
            "{control}_{key}_{from}_{to}", control="AC-07", key="review", format=format, cadence=cadence, today=date(2026, 5, 20)
        )

    assert name("quarterly") == "AC-07_review_2026-01-01_2026-03-31.xlsx"
    assert name("monthly", "CSV") == "AC-07_review_2026-04-01_2026-04-30.csv"
    assert name("weekly", "Ticket export") == "AC-07_review_2026-05-11_2026-05-17.pdf"
    assert name("semi_annual") == "AC-07_review_2025-07-01_2025-12-31.xlsx"
    assert name("annual") == "AC-07_review_2025-01-01_2025-12-31.xlsx"
    assert name("daily") == "AC-07_review_2026-05-19_2026-05-19.xlsx"


@given(
    st.sampled_from(FREQUENCIES), st.lists(st.dates(date(1971, 1, 1), date(2199, 12, 31)), min_size=2, max_size=8),
    st.sampled_from(["point", "period"]),
)  # fmt: skip
def test_names_sort_as_time_goes(cadence: str, days: list[date], span: str) -> None:
    made = [
        naming.example(naming.usual(span), control="AC-07", key="k", format="PDF", cadence=cadence, today=day) for day in sorted(days)
    ]
    assert made == sorted(made)


@pytest.mark.parametrize(
    "pattern", ["{key}_{date}", "{control}_{key}", "{control}_{key}_{year}", "{control}_{key}_{date}/../x", "{control}_{key}_{date} a", ""]
)
def test_a_pattern_that_would_not_sort_is_refused(pattern: str) -> None:
    assert naming.faults(pattern)
