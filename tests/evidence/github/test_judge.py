"""Each check passes, fails and does not know on the facts it should."""

from __future__ import annotations

import csv
from datetime import UTC, datetime

import pytest

from evidence.checks.base import REGISTRY, Facts, FactSet, Outcome, Reason, checks_of, in_sum, run
from evidence.collectors.github.vendor import VENDOR
from tests.evidence.github.examples import EXAMPLES, Rows
from tests.evidence.github.judging import findings_of
from tests.specs import SPECS

NOW = datetime(2026, 6, 30, 6, tzinfo=UTC)
CASES = [(check, number) for check, found in EXAMPLES.items() for number in range(len(found))]
#: Rows of the list that asked for two things: the one that keeps the id speaks of repositories.
SPLIT = {"github.code_scanning.enabled_sla": "repo", "github.secret_scanning": "repo"}
LIST = SPECS.parent / "domain" / "checks.csv"


def _facts(rows: Rows, **thresholds: object) -> Facts:
    empty = {kind.id: kind.can_be_empty for kind in VENDOR.kinds} | {"org.scope": True, "org.workers": True}
    sets = {id: FactSet(id, found, NOW, can_be_empty=empty[id]) for id, found in {"org.scope": [], **rows}.items()}
    return Facts(NOW, sets, thresholds)


@pytest.mark.parametrize(("check", "number"), CASES)
def test_it_comes_to_what_the_facts_say(check: str, number: int) -> None:
    expected, rows = EXAMPLES[check][number]
    assert set(rows) | {"org.scope"} >= set(REGISTRY[check].facts)
    findings = findings_of(_facts(rows), [check])[check]
    assert in_sum(findings) is expected, findings
    for finding in findings:
        assert (finding.outcome is Outcome.UNKNOWN) == (finding.reason is not None)
        assert finding.message or finding.outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("check", [check.id for check in checks_of("github")])
def test_every_check_is_shown_to_fail_and_not_to_know_and_lists_never_pass(check: str) -> None:
    shown = {outcome for outcome, _ in EXAMPLES[check]}
    assert Outcome.UNKNOWN in shown
    assert check == "github.org.sso" or Outcome.FAIL in shown  # without single sign-on GitHub has no such list
    assert (Outcome.PASS in shown) != REGISTRY[check].population


@pytest.mark.parametrize("check", [check.id for check in checks_of("github")])
@pytest.mark.parametrize("reason", [Reason.DENIED, Reason.RATE_LIMITED, Reason.UNREACHABLE])
def test_no_check_passes_without_its_facts(check: str, reason: Reason) -> None:
    _, rows = EXAMPLES[check][0]
    for missing in REGISTRY[check].facts:
        sets = {**_facts(rows).sets, missing: FactSet(missing, reason=reason)}
        found = run(REGISTRY[check], Facts(NOW, sets))
        assert in_sum(found) in (Outcome.UNKNOWN, Outcome.FAIL), missing
        assert reason in {finding.reason for finding in found}


@pytest.mark.parametrize(
    ("check", "rows", "thresholds", "expected"),
    [
        ("github.org.owners", EXAMPLES["github.org.owners"][1][1], {"least": 1}, Outcome.PASS),
        ("github.org.members_mapped", EXAMPLES["github.org.members_mapped"][2][1], {"leaver_days": 5}, Outcome.PASS),
        ("github.org.apps_review", EXAMPLES["github.org.apps_review"][1][1], {"approved": ["bot"]}, Outcome.PASS),
        ("github.org.pat_policy", EXAMPLES["github.org.pat_policy"][0][1], {"most_days": 90}, Outcome.FAIL),
        ("github.repo.required_reviews", EXAMPLES["github.repo.required_reviews"][0][1], {"least": 2}, Outcome.FAIL),
        ("github.dependabot.sla", EXAMPLES["github.dependabot.sla"][2][1], {"sla_days": {"critical": 60, "high": 60}},
         Outcome.PASS),
        ("github.repo.admins_enforced", EXAMPLES["github.repo.admins_enforced"][1][1],
         {"approved_bypass": ["repository administrators"]}, Outcome.PASS),
        ("github.commits.direct_push", EXAMPLES["github.commits.direct_push"][0][1], {"allowed_authors": ["ana"]},
         Outcome.NOT_APPLICABLE),
        ("github.org.outside_collaborators", EXAMPLES["github.org.outside_collaborators"][0][1],
         {"approved": ["Eve"]}, Outcome.NOT_APPLICABLE),
    ],
)  # fmt: skip
def test_a_controls_own_thresholds_replace_the_defaults(
    check: str, rows: Rows, thresholds: dict[str, object], expected: Outcome
) -> None:
    assert in_sum(findings_of(_facts(rows, **thresholds), [check])[check]) is expected


@pytest.mark.skipif(not LIST.is_file(), reason=f"the list of checks is not at {LIST}")
def test_the_checks_are_those_of_the_list_with_its_references() -> None:
    listed = {row["id"]: row for row in csv.DictReader(LIST.open(encoding="utf-8"))}
    ours = {check.id: check for check in checks_of("github")}
    assert {id for id in listed if id.startswith("github.")} - set(ours) == set()
    for id in set(ours) & set(listed):
        row, check = listed[id], ours[id]
        assert (set(check.criteria), set(check.annex_a)) == (set(row["tsc"].split()), set(row["iso27001_2022"].split()))
        assert (check.severity, check.resource) == (row["technical_severity"], SPLIT.get(id, row["resource"]))
        assert check.population == (row["kind"] == "population")


@pytest.mark.parametrize("check", checks_of("github"), ids=lambda check: check.id)
def test_every_check_says_why_and_what_to_do(check) -> None:
    known = {kind.id for kind in VENDOR.kinds} | {"org.workers", "org.scope"}
    assert set(check.facts) <= known
    for text in (check.why, check.remedy):
        assert text.endswith(".")
    assert check.title
    assert check.criteria
    assert check.annex_a
