"""Each warning on a third party, both ways: raised by its fact, and gone once that is put right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from compliance.parties import rules
from compliance.parties.cadence import Due
from compliance.parties.coverage import InUse, Letter, Paper, Span
from compliance.parties.dossiers import Dossier, LetterFacts, ReportFacts

ON = date(2026, 11, 24)
PERIOD = Span(date(2026, 1, 1), date(2026, 12, 31))
PAPER = Paper("r1", "soc2_type_2", date(2025, 10, 1), date(2026, 9, 30), ("Compute",))
LETTER = Letter("l1", "r1", date(2026, 10, 1), date(2026, 12, 20), ON, ("Compute",))
GOOD = Dossier(
    id=UUID(int=1), name="Cumulus", role="subservice", method="carve_out", used=InUse(("Compute",)), on=ON, period=PERIOD,
    reports=(ReportFacts("The report", PAPER),), letters=(LetterFacts("The letter", LETTER),),
    dues=(Due(date(2026, 3, 1), "done"), Due(date(2027, 3, 1), "to_come")), reviewed=True, handles_data=True, expected_controls=3,
)  # fmt: skip


def with_paper(**changes: object) -> Dossier:
    return replace(GOOD, reports=(ReportFacts("The report", replace(PAPER, **changes)),))  # type: ignore[arg-type]


def with_letter(**changes: object) -> Dossier:
    return replace(GOOD, letters=(LetterFacts("The letter", replace(LETTER, **changes)),))  # type: ignore[arg-type]


def ids(dossier: Dossier) -> set[str]:
    return {each.rule.id for each in rules.judge(dossier)}


def test_a_party_in_order_raises_nothing() -> None:
    assert rules.judge(GOOD) == []


#: (rule, a dossier that must raise it). That the good one raises nothing is the other way.
TROUBLES = [
    ("PTY-01", replace(GOOD, letters=())),
    ("PTY-02", with_paper(kind="soc2_type_1", first=None)),
    ("PTY-03", with_letter(services=("Storage",))),
    ("PTY-03", with_paper(services=("Storage",))),
    ("PTY-04", with_letter(last=date(2027, 1, 1))),
    ("PTY-05", with_paper(last=date(2025, 11, 23))),
    ("PTY-06", with_paper(opinion="qualified")),
    ("PTY-06", with_paper(opinion="adverse")),
    ("PTY-07", replace(GOOD, reports=(ReportFacts("The report", PAPER, nested=("Deep Storage Ltd",)),))),
    ("PTY-10", replace(GOOD, dues=(Due(date(2026, 11, 23), "overdue"),))),
    ("PTY-10", replace(GOOD, dues=(Due(date(2026, 3, 1), "skipped"), Due(date(2027, 3, 1), "to_come")))),
    ("PTY-11", replace(GOOD, method="")),
    ("PTY-12", replace(GOOD, reviewed=False)),
    ("PTY-13", replace(GOOD, expected_controls=0)),
    ("PTY-14", replace(GOOD, used=InUse(()))),
    ("PTY-16", replace(GOOD, letters=(LetterFacts("The letter", LETTER, silent=True),))),
]


@pytest.mark.parametrize(("rule", "dossier"), TROUBLES, ids=[f"{n}-{t[0]}" for n, t in enumerate(TROUBLES)])
def test_a_trouble_raises_its_warning(rule: str, dossier: Dossier) -> None:
    found = [each for each in rules.judge(dossier) if each.rule.id == rule]
    assert found
    assert all(each.reason and each.todo for each in found)


def test_the_uncovered_days_are_named_up_to_today() -> None:
    (found,) = [each for each in rules.judge(replace(GOOD, letters=())) if each.rule is rules.UNCOVERED]
    assert found.reason == (
        "55 days of the period so far no Type II report or letter covers for Compute: 1 Oct 2026 to 24 Nov 2026."
    )


def test_days_to_come_are_not_held_against_a_party() -> None:
    assert "PTY-01" not in ids(replace(GOOD, on=date(2026, 9, 30), letters=()))
    assert "PTY-01" in ids(replace(GOOD, on=date(2026, 10, 1), letters=()))


def test_a_report_is_old_the_day_after_its_year() -> None:
    assert "PTY-05" not in ids(with_paper(last=date(2025, 11, 24)))
    assert "PTY-05" in ids(with_paper(last=date(2025, 11, 23)))


def test_an_inclusive_party_is_tested_in_our_own_audit() -> None:
    assert ids(replace(GOOD, method="inclusive", reports=(), letters=(), expected_controls=0)) == set()


def test_a_vendor_needs_no_report() -> None:
    assert ids(replace(GOOD, role="vendor", method="", reports=(), letters=(), expected_controls=0)) == set()


def test_a_review_skipped_before_the_period_is_no_longer_raised() -> None:
    before = (Due(date(2025, 3, 1), "skipped"), Due(date(2026, 3, 1), "done"), Due(date(2027, 3, 1), "to_come"))
    assert "PTY-10" not in ids(replace(GOOD, dues=before))


def test_only_the_newest_report_is_judged_by_its_opinion() -> None:
    older = ReportFacts("The old one", replace(PAPER, key="r0", last=date(2025, 9, 30), opinion="qualified"))
    assert "PTY-06" not in ids(replace(GOOD, reports=(older, *GOOD.reports)))


def test_every_rule_has_an_id_of_its_own_and_a_trouble_that_raises_it() -> None:
    known = [each for each in vars(rules).values() if isinstance(each, rules.Rule)]
    assert len({each.id for each in known}) == len(known)
    assert {each.id for each in known} - {"PTY-15"} == {rule for rule, _ in TROUBLES}
