"""A law over all checks: each is demonstrated to pass, to fail, not to know and not to apply, on rows as its kinds give them.

What the examples of the three vendors come to is worked out anew; a list that may truly be empty is emptied. A check that
cannot come to an outcome is declared below, with the reason; a declaration that is not true any more fails too.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from evidence.checks import catalogue
from evidence.checks.base import Facts, FactSet, Outcome, in_sum, run
from evidence.collectors.registry import vendors
from tests.evidence.aws import examples as aws
from tests.evidence.aws import test_aws_checks as aws_tests
from tests.evidence.github import examples as github
from tests.evidence.github import test_judge as github_tests
from tests.evidence.okta import test_okta_checks as okta_tests
from tests.evidence.push import examples as pushed

ALL = {Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE}
CHECKS = [check.id for check in catalogue.all_checks() if not check.id.startswith(catalogue.OWN)]
CAN_BE_EMPTY = {kind.id for vendor in vendors().values() for kind in vendor.kinds if kind.can_be_empty}

#: One thing that is always there (an account, an organisation, a region, a default policy), so it always applies.
ALWAYS_THERE: set[str] = {
    "aws.accessanalyzer.enabled", "aws.cloudtrail.management_events", "aws.cloudtrail.multiregion", "aws.cloudtrail.validation",
    "aws.cloudwatch.alarms", "aws.cloudwatch.availability_alarms", "aws.cloudwatch.policy_change_alarms", "aws.config.recorder",
    "aws.ec2.ebs_default_encryption", "aws.guardduty.enabled", "aws.iam.password_policy", "aws.iam.password_reuse",
    "aws.iam.root_mfa", "aws.iam.root_no_access_keys", "aws.iam.root_not_used", "aws.inspector.enabled", "aws.s3.account_bpa",
    "aws.securityhub.enabled", "aws.sso.enabled",
    "github.actions.permissions", "github.actions.token", "github.org.audit_log", "github.org.2fa_required",
    "github.org.default_permission",
    "github.org.members_2fa", "github.org.owners", "github.org.repo_creation", "github.org.repo_deletion",
    "github.org.repo_visibility", "github.org.sso",
    "okta.admins.super_count", "okta.devices.assurance_policy", "okta.logs.streaming",
    "okta.mfa.admin_console_phishing_resistant", "okta.threatinsight.block", "okta.zones.blocklist",
    # the token that collects is one of them
    "okta.tokens.network", "okta.tokens.not_super_admin", "okta.tokens.review", "okta.tokens.unused",
}  # fmt: skip
#: What needs a whole log to be shown has examples of its own, in a file that names all four.
ELSEWHERE = {"okta.users.terminated_deactivated": "okta/test_leavers.py"}
#: What a check cannot come to for a reason of its own.
CANNOT: dict[str, tuple[set[Outcome], str]] = {
    "push.backups.fresh": ({Outcome.NOT_APPLICABLE}, "whatever is in a list of backups is backed up"),
    "github.org.sso": ({Outcome.FAIL}, "without single sign-on GitHub has no such list, and an empty one proves nothing"),
}


@cache
def demonstrated() -> dict[str, set[Outcome]]:
    """By check, the outcomes of resources or of the whole that the examples come to."""
    found: dict[str, set[Outcome]] = defaultdict(set)

    def show(check: str, facts: Facts) -> None:
        findings = run(catalogue.load()[check], facts)
        found[check] |= {finding.outcome for finding in findings} | {in_sum(findings)}

    def show_emptied(check: str, facts: Facts) -> None:
        for kind in catalogue.load()[check].facts:
            if kind in CAN_BE_EMPTY:
                show(check, Facts(facts.now, {**facts.sets, kind: FactSet(kind, (), facts.now, can_be_empty=True)}))

    for check in aws_tests.CHECKS:
        met = aws_tests._facts()
        show(check, met)
        show_emptied(check, met)
        hollow = {
            kind: FactSet(kind, [aws_tests._hollow(row, nulls=True) for row in rows], aws.NOW)
            for kind, rows in aws.MET.items() if "org." not in kind
        }  # fmt: skip
        show(check, Facts(aws.NOW, {**met.sets, **hollow}))
    for check, changes, _ in aws.NOT_MET:
        show(check, aws_tests._facts(changes))
    for check, changes in aws.NOT_APPLICABLE:
        show(check, aws_tests._facts(changes))
    for check, cases in github.EXAMPLES.items():
        for _, rows in cases:
            show(check, github_tests._facts(rows))
        show_emptied(check, github_tests._facts(cases[0][1]))
    for check, rows in pushed.EXAMPLES:
        show(check, pushed.facts_of(check, rows))
        show_emptied(check, pushed.facts_of(check, rows))
    for check, sets, _ in okta_tests.EXAMPLES:
        show(check, okta_tests.facts(sets))
        show_emptied(check, okta_tests.facts(sets))
    return found


def impossible(check: str) -> set[Outcome]:
    """What a check cannot come to."""
    declared = set(CANNOT.get(check, (set(), ""))[0])
    if catalogue.load()[check].population:
        declared.add(Outcome.PASS)  # a list passes by a completed review alone (tests/evidence/test_review_lists.py)
        if check not in FAILING_LISTS:
            declared.add(Outcome.FAIL)
    if check in ALWAYS_THERE:
        declared.add(Outcome.NOT_APPLICABLE)
    return declared


#: Lists of which an item can be wrong by itself, before anybody reviews it.
FAILING_LISTS = {"github.commits.direct_push", "github.org.outside_collaborators"}


@pytest.mark.parametrize("check", ELSEWHERE)
def test_what_is_shown_elsewhere_is_shown_there(check: str) -> None:
    told = (Path(__file__).parent / ELSEWHERE[check]).read_text(encoding="utf-8")
    assert check in told
    assert {outcome for outcome in ALL if f"Outcome.{outcome.name}" in told} == ALL


@pytest.mark.parametrize("check", [id for id in CHECKS if id not in ELSEWHERE])
def test_every_outcome_is_demonstrated(check: str) -> None:
    missing = ALL - demonstrated()[check] - impossible(check)
    assert missing == set(), f"{check} is nowhere shown to come to {', '.join(sorted(missing))}"


@pytest.mark.parametrize("check", CHECKS)
def test_what_is_declared_impossible_is_not_shown(check: str) -> None:
    assert impossible(check) & demonstrated()[check] == set()


def test_every_declaration_is_of_a_check() -> None:
    assert {*CANNOT, *ALWAYS_THERE, *FAILING_LISTS} <= set(CHECKS)
