"""The written list of what is planted: long enough, of every family, in sentences, and the same in the documentation."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from compliance.parties import rules as party_rules
from compliance.scoping import catalogue as scope_rules
from controls.complements import selectors as complements
from evidence.checks import catalogue
from evidence.populations.claims import RULES
from evidence.reading import lint
from gaps.forms import RULES as GAP_RULES
from sample.aws import AwsWorld
from sample.base import DAYS, Clock, Planted
from sample.github import GitHubWorld
from sample.okta import OktaWorld
from sample.planted import flaws, table

DOCUMENT = Path(__file__).parents[2] / "docs" / "planted-defects.md"
WRITE = "FIELDWORK_WRITE_PLANTED"


@pytest.fixture(scope="module")
def planted() -> list[Planted]:
    clock = Clock(datetime(2026, 6, 30, 6, tzinfo=UTC))
    aws = AwsWorld(clock)
    aws.close()
    return [*aws.planted, *GitHubWorld(clock).planted, *OktaWorld(clock).planted]


def test_there_are_sixty_and_more_however_they_are_counted(planted: list[Planted]) -> None:
    causes = {(defect.connection, defect.title) for defect in planted}
    assert len({defect.id for defect in planted}) == len(planted) >= 90
    assert len(causes) + len(flaws()) >= 120
    assert len({flaw.id for flaw in flaws()}) == len(flaws()) >= 45
    assert sum("opulations" in flaw.family for flaw in flaws()) >= 20


def test_each_is_in_a_sentence_and_names_a_rule_that_there_is(planted: list[Planted]) -> None:
    assert [defect.check for defect in planted if catalogue.get(defect.check) is None] == []
    known = {rule for rule, _ in GAP_RULES} | {f"lint.{rule}" for rule in LINT}
    told = [*vars(party_rules).values(), *vars(complements).values(), *vars(scope_rules).values()]
    known |= {f"warning.{each.id}" for each in told if isinstance(each, (party_rules.Rule, scope_rules.Rule))}
    for flaw in flaws():
        assert flaw.title.endswith("."), flaw.id
        assert flaw.found, flaw.id
        assert {rule for rule, _ in flaw.found} <= known, flaw.id
        assert 0 <= flaw.day < (flaw.until or DAYS + 1) <= DAYS + 1, flaw.id
    for rule, name in (pair for flaw in flaws() for pair in flaw.found if pair[0] == "population.deviation"):
        assert name.split(": ")[1] in RULES, rule


#: What the rules of the lint say by name; a test of theirs holds each.
LINT = {"locked", "empty", "undated", "unseen", "cropped", "environment", "outside", "older", "repeated"}


def test_the_names_of_the_lint_are_those_of_its_rules() -> None:
    assert len(LINT) == len(lint.RULES) + 1  # one rule tells a finding or asks a question


def test_the_documentation_holds_the_same_list(planted: list[Planted]) -> None:
    head, mark, _ = DOCUMENT.read_text().partition("<!-- the list: written by tests/sample/test_written_list.py -->\n")
    assert mark
    wanted = f"{head}{mark}\n{table(planted)}"
    if os.environ.get(WRITE):
        DOCUMENT.write_text(wanted)
    assert DOCUMENT.read_text() == wanted, f"Write it anew: {WRITE}=1 ./run test {Path(__file__).name}"
