"""The list of 95 checks that the product promises for AWS, Okta and GitHub: each row is there, and shown in every outcome.

Stands on `test_every_outcome`, which works the outcomes out anew. A row whose check was split is shown by each of its
claims. What cannot be is declared there with its reason and counted here, so that nothing is missing by silence.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from evidence.checks import catalogue
from evidence.checks.base import Outcome
from tests.evidence.test_every_outcome import ALL, ELSEWHERE, demonstrated, impossible
from tests.specs import ROOT, SPECS

HERE = Path(__file__).parent
#: The list as it was given, committed so that the law holds where the list itself is not.
ROWS = {row["id"]: row["kind"] for row in csv.DictReader((HERE / "rows_of_the_list.csv").open(encoding="utf-8"))}
GIVEN = SPECS.parent / "domain" / "checks.csv"
VENDORS = ("aws", "okta", "github")


def claims_of(row: str) -> list[str]:
    """The checks that a row became, by the table of docs/domain/checks.md: itself, and what was split off."""
    table = (ROOT / "docs" / "domain" / "checks.md").read_text(encoding="utf-8")
    line = re.search(rf"^\| `{re.escape(row)}` .*\| (.*) \|$", table, re.MULTILINE)
    return [row, *(re.findall(r"`([\w.]+)`", line[1]) if line else [])]


def lacking(check: str) -> set[Outcome]:
    """Outcomes that a check is neither shown to come to nor declared unable to come to."""
    return set() if check in ELSEWHERE else ALL - demonstrated()[check] - impossible(check)


def census() -> dict[str, tuple[set[Outcome], set[Outcome]]]:
    """By row, the outcomes that its own check is shown in, and those that are declared impossible."""
    return {row: (set(ALL) if row in ELSEWHERE else demonstrated()[row], impossible(row)) for row in ROWS}


def test_the_list_has_ninety_five_rows() -> None:
    assert Counter(row.split(".")[0] for row in ROWS) == {"aws": 50, "github": 25, "okta": 20}


@pytest.mark.skipif(not GIVEN.is_file(), reason=f"the list as it was given is not at {GIVEN}")
def test_the_committed_list_is_the_given_one() -> None:
    given = {row["id"]: row["kind"] for row in csv.DictReader(GIVEN.open(encoding="utf-8"))}
    assert {id: kind for id, kind in given.items() if id.split(".")[0] in VENDORS} == ROWS


@pytest.mark.parametrize("row", ROWS)
def test_every_row_is_a_check_of_its_kind(row: str) -> None:
    check = catalogue.get(row)
    assert check is not None, f"no check is called {row}"
    assert check.population == (ROWS[row] == "population")


@pytest.mark.parametrize("row", ROWS)
def test_every_row_and_what_was_split_off_is_shown_in_every_outcome(row: str) -> None:
    missing = {check: lacking(check) for check in claims_of(row) if lacking(check)}
    assert missing == {}, f"{row} lacks {missing}"


def test_every_check_belongs_to_a_row() -> None:
    claims = {check for row in ROWS for check in claims_of(row)}
    shipped = {check.id for check in catalogue.all_checks() if check.vendor in VENDORS and not check.id.startswith(catalogue.OWN)}
    assert shipped - claims == BESIDE, "a check that no row of the list accounts for"
    assert claims - shipped == set(), "a check that the list names and nobody wrote"


def test_what_cannot_be_shown_is_counted() -> None:
    """Honest numbers: change them with the declaration that changes, never to make a test pass."""
    found = census()
    whole = [row for row, (shown, _) in found.items() if shown == ALL]
    short = Counter(outcome for shown, _ in found.values() for outcome in ALL - shown)
    assert len(whole) == WHOLE
    assert short == SHORT
    assert all(ALL - shown <= cannot for shown, cannot in found.values())


#: Rows shown in all four outcomes.
WHOLE = 60
#: Outcomes that rows are declared unable to come to: a thing that is always there always applies; a list passes by its
#: review alone (tests/evidence/test_review_lists.py shows that), and most lists have no item that is wrong by itself.
SHORT = {Outcome.NOT_APPLICABLE: 28, Outcome.PASS: 7, Outcome.FAIL: 6}
#: Checks beyond the list.
BESIDE = {"github.repo.scope_decided"}
