"""The steps: what facts can tell they tell, and no person may say otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evidence.populations.checklist import (
    Frozen,
    Result,
    Verdict,
    compared,
    second_list,
    standing,
    steps_of,
    told_by_facts,
)
from evidence.populations.spans import Hole, Reach
from tests.populations.test_spans import MARCH, at

WELL = Frozen(
    collected=True, rows=40, counted=42, total=42, basis="raw answers", reach=Reach(MARCH.starts, MARCH.ends), covers=True, unread=0,
    twice=0, outside=0, unexplained=0,
)  # fmt: skip


def results(frozen: Frozen) -> dict[str, str]:
    return {key: verdict.result.value for key, verdict in told_by_facts(frozen).items()}


def test_of_a_collected_list_facts_tell_query_count_period_and_cells():
    assert results(WELL) == {"query": "holds", "count": "holds", "period": "holds", "cells": "holds"}


def test_of_a_file_that_somebody_brought_facts_tell_only_what_the_file_shows():
    brought = replace(WELL, collected=False, covers=None, total=None)
    assert results(brought) == {"cells": "holds"}


@pytest.mark.parametrize(
    ("change", "step", "words"),
    [
        ({"total": 45}, "count", "42 here, 45 in the source (raw answers): 3 fewer."),
        ({"total": 41}, "count", "1 more."),
        ({"covers": False, "reach": Reach(None, None, (Hole(at(1), at(2), "Okta was not looked at."),))}, "period", "Okta was not"),
        ({"outside": 2}, "period", "2 dated outside the period."),
        ({"twice": 1}, "cells", "more than once"),
        ({"unexplained": 3}, "query", "3 left out without a reason."),
    ],
)
def test_what_facts_refute_fails_and_says_why(change, step, words):
    verdict = told_by_facts(replace(WELL, **change))[step]
    assert verdict.result == Result.FAILS
    assert words in verdict.note


def test_cells_that_could_not_be_read_are_open_and_never_a_pass():
    assert "cells" not in told_by_facts(replace(WELL, unread=1))


def test_a_list_without_rows_is_stated_by_a_person_and_has_nothing_to_trace():
    keys = [step.key for step in steps_of(0, reconciled=False)]
    assert "nil" in keys
    assert not {"out", "back", "second"} & set(keys)
    assert "nil" not in [step.key for step in steps_of(5, reconciled=False)]


def test_it_holds_only_when_every_step_does_and_fails_when_one_fails():
    steps = steps_of(5, reconciled=True)
    all_well = {step.key: Verdict(Result.HOLDS) for step in steps}
    assert standing(steps, all_well) == Result.HOLDS
    for step in steps:
        assert standing(steps, {k: v for k, v in all_well.items() if k != step.key}) == Result.OPEN
        assert standing(steps, all_well | {step.key: Verdict(Result.FAILS)}) == Result.FAILS


def test_a_second_list_holds_once_each_difference_is_decided():
    assert second_list(0, 0).note == "The two lists agree."
    assert second_list(7, 2).result == Result.OPEN
    assert second_list(7, 0).result == Result.HOLDS


def test_no_total_is_no_comparison():
    assert compared(0, None).result == Result.OPEN
    assert compared(0, 0).result == Result.HOLDS
