"""Checks of pushed facts, row by row; and of a part of a list, what fails fails and the whole never passes."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.checks import catalogue
from evidence.checks.base import Outcome, Reason, in_sum, run
from tests.evidence.push.examples import CASES, facts_of, row_of


@pytest.mark.parametrize(("check", "changed", "outcome", "word"), CASES)
def test_it_comes_to(check: str, changed: dict[str, Any], outcome: Outcome, word: str) -> None:
    [finding] = run(catalogue.load()[check], facts_of(check, [row_of(check, changed)]))
    assert finding.outcome is outcome
    assert word in finding.message


@pytest.mark.parametrize("check", sorted({case[0] for case in CASES}))
def test_a_part_of_a_list_never_passes_and_what_fails_in_it_fails(check: str) -> None:
    good = next(row_of(check, changed) for id, changed, outcome, _ in CASES if id == check and outcome is Outcome.PASS)
    bad = next(row_of(check, changed) for id, changed, outcome, _ in CASES if id == check and outcome is Outcome.FAIL)
    judge = catalogue.load()[check]
    part = {"reason": Reason.NOT_COLLECTED, "detail": "Only a part of the list was pushed: 1 row."}
    assert in_sum(run(judge, facts_of(check, [good], **part))) is Outcome.UNKNOWN
    found = run(judge, facts_of(check, [good, bad], **part))
    assert in_sum(found) is Outcome.FAIL
    assert [finding.message for finding in found if finding.resource == "*"] == [part["detail"]]


@pytest.mark.parametrize("check", sorted({case[0] for case in CASES}))
def test_what_was_never_pushed_is_unknown(check: str) -> None:
    [finding] = run(catalogue.load()[check], facts_of(check, [], reason=Reason.NOT_COLLECTED))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, Reason.NOT_COLLECTED)
