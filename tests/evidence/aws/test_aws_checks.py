"""Each check by example: met, not met, not to be known, not applicable."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from evidence.checks import aws as _registered  # noqa: F401
from evidence.checks.base import (
    REGISTRY,
    Facts,
    FactSet,
    Finding,
    Outcome,
    Reason,
    checks_of,
    in_sum,
    run,
    unknown,
)
from evidence.collectors.aws.vendor import KINDS
from tests.evidence.aws.examples import ADMIN, HERE, MET, NOT_MET, NOW, OPEN, USER, Change

CHECKS = [check.id for check in checks_of("aws")]
#: Read only where the other kinds leave the answer open.
SPARE = {
    ("aws.s3.bucket_not_public", "aws.s3.account_block"), ("aws.cloudtrail.bucket_private", "aws.s3.account_block"),
    ("aws.iam.password_policy", "aws.iam.credential_report"), ("aws.iam.password_reuse", "aws.iam.credential_report"),
    *((check, "aws.iam.account_summary") for check in CHECKS if check.startswith("aws.cloudtrail")),
}  # fmt: skip
CAN_BE_EMPTY = {kind.id for kind in KINDS if kind.can_be_empty} | {"org.scope"}


def _facts(changes: Iterable[Change] = (), **thresholds: Any) -> Facts:
    rows = {kind: [dict(row) for row in found] for kind, found in MET.items()}
    for kind, which, fields in changes:
        rows[kind][which].update(fields)
    sets = {kind: FactSet(kind, found, NOW, can_be_empty=kind in CAN_BE_EMPTY) for kind, found in rows.items()}
    return Facts(NOW, sets, thresholds)


def _run(check: str, changes: Iterable[Change] = (), **thresholds: Any) -> list[Finding]:
    return run(REGISTRY[check], _facts(changes, **thresholds))


def _without(check: str, kind: str, rows: list[dict[str, Any]], reason: Reason | None = None) -> list[Finding]:
    facts = _facts()
    sets = {**facts.sets, kind: FactSet(kind, rows, NOW, reason, can_be_empty=kind in CAN_BE_EMPTY)}
    return run(REGISTRY[check], Facts(NOW, sets))


def test_every_check_of_the_list_is_here_with_all_it_must_say() -> None:
    assert len(CHECKS) == 62
    for check in checks_of("aws"):
        assert check.title, check.id
        assert len(check.why) > 40, check.id
        assert len(check.remedy) > 25, check.id
        assert check.criteria, check.id
        assert check.annex_a, check.id
        assert {kind for kind in check.facts if not kind.startswith("org.")} <= {kind.id for kind in KINDS}, check.id


@pytest.mark.parametrize("check", CHECKS)
def test_a_good_account_meets_it(check: str) -> None:
    wanted = Outcome.NOT_APPLICABLE if REGISTRY[check].population else Outcome.PASS
    findings = _run(check)
    assert in_sum(findings) is wanted, findings
    assert {finding.outcome for finding in findings} <= {wanted, Outcome.NOT_APPLICABLE}


@pytest.mark.parametrize(("check", "changes", "resource"), NOT_MET)
def test_what_is_wrong_fails_on_its_resource_alone(check: str, changes: tuple[Change, ...], resource: str) -> None:
    failed = [finding for finding in _run(check, changes) if finding.outcome is Outcome.FAIL]
    assert [finding.resource for finding in failed] == [resource]
    assert failed[0].message


def test_every_check_has_a_failing_example() -> None:
    populations = {check for check in CHECKS if REGISTRY[check].population}
    assert {check for check, _, _ in NOT_MET} == set(CHECKS) - populations


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("reason", [Reason.DENIED, Reason.RATE_LIMITED, Reason.NOT_COLLECTED])
def test_it_does_not_pass_without_a_kind_that_it_reads(check: str, reason: Reason) -> None:
    for kind in REGISTRY[check].facts:
        if kind == "org.scope":  # it only narrows: where it is not known, everything counts as in scope
            continue
        findings = _without(check, kind, [], reason)
        if (check, kind) in SPARE:
            continue
        assert Outcome.UNKNOWN in {finding.outcome for finding in findings}, kind
        assert in_sum(findings) is Outcome.UNKNOWN, kind
        assert reason in {finding.reason for finding in findings}, kind


def _hollow(row: dict[str, Any], *, nulls: bool) -> dict[str, Any]:
    """A row of which nothing is left but where it was seen, its other fields null or gone."""
    kept = {name: row[name] for name in ("account", "region", "arn")}
    return {**dict.fromkeys(row), **kept} if nulls else kept


@pytest.mark.parametrize("nulls", [False, True])
@pytest.mark.parametrize("check", CHECKS)
def test_rows_without_their_fields_are_unknown_and_never_pass_or_fail(check: str, nulls: bool) -> None:
    hollow = {kind: [_hollow(row, nulls=nulls) for row in rows] for kind, rows in MET.items() if "org." not in kind}
    facts = _facts()
    sets = {kind: FactSet(kind, rows, NOW, can_be_empty=kind in CAN_BE_EMPTY) for kind, rows in hollow.items()}
    findings = run(REGISTRY[check], Facts(NOW, {**facts.sets, **sets}))
    assert {finding.outcome for finding in findings} == {Outcome.UNKNOWN}
    assert {finding.reason for finding in findings} == {Reason.MALFORMED}


def test_a_region_that_could_not_be_read_keeps_the_rest_and_is_unknown() -> None:
    dark = {"account": "111122223333", "region": "eu-central-1", "$unknown": "denied"}
    for check in ("aws.ec2.volumes_encrypted", "aws.guardduty.enabled", "aws.kms.rotation", "aws.vpc.flow_logs"):
        (kind, *_) = REGISTRY[check].facts
        findings = _without(check, kind, [*MET[kind], dark])
        assert in_sum(findings) is Outcome.UNKNOWN
        assert [f.reason for f in findings if f.outcome is Outcome.UNKNOWN] == [Reason.DENIED]
        assert Outcome.PASS in {finding.outcome for finding in findings}


def test_an_empty_list_is_not_applicable_only_where_it_can_be_the_truth() -> None:
    assert in_sum(_without("aws.rds.encrypted", "aws.rds.instances", [])) is Outcome.NOT_APPLICABLE
    assert in_sum(_without("aws.iam.user_console_mfa", "aws.iam.credential_report", [])) is Outcome.UNKNOWN
    assert in_sum(_without("aws.guardduty.enabled", "aws.guardduty.detectors", [])) is Outcome.UNKNOWN


def test_no_trail_at_all_fails_on_the_account() -> None:
    for check in ("aws.cloudtrail.multiregion", "aws.cloudtrail.validation", "aws.cloudtrail.management_events"):
        (found,) = _without(check, "aws.cloudtrail.trails", [])
        assert (found.resource, found.outcome) == (HERE, Outcome.FAIL)


def test_one_good_trail_is_enough_and_a_dark_one_leaves_it_open() -> None:
    good = MET["aws.cloudtrail.trails"][0]
    off = {**good, "arn": "arn:off", "logging": False}
    dark = {**good, "arn": "arn:dark", "logging": unknown(Reason.DENIED)}
    assert in_sum(_without("aws.cloudtrail.multiregion", "aws.cloudtrail.trails", [off, good])) is Outcome.PASS
    assert in_sum(_without("aws.cloudtrail.multiregion", "aws.cloudtrail.trails", [off, dark])) is Outcome.UNKNOWN


def test_a_bucket_open_by_itself_is_closed_by_the_account_and_unknown_without_it() -> None:
    opened: tuple[Change, ...] = (("aws.s3.buckets", 0, {"block": OPEN, "policy_public": True}),)
    check = "aws.s3.bucket_not_public"
    assert in_sum(_run(check, opened)) is Outcome.PASS
    denied: tuple[Change, ...] = (*opened, ("aws.s3.account_block", 0, {"block": unknown(Reason.DENIED)}))
    (found,) = _run(check, denied)
    assert (found.outcome, found.reason) == (Outcome.UNKNOWN, Reason.DENIED)


def test_thresholds_are_the_controls_to_set() -> None:
    assert in_sum(_run("aws.logs.retention", (), days=400)) is Outcome.FAIL
    assert in_sum(_run("aws.rds.backups", (), days=30)) is Outcome.FAIL
    assert in_sum(_run("aws.iam.known_accounts", (), known_accounts=["123456789012"])) is Outcome.FAIL
    assert in_sum(_run("aws.iam.known_accounts", (), known_accounts=["999900001111"])) is Outcome.PASS


def test_the_collections_own_time_decides_ages_and_not_the_wall_clock() -> None:
    facts = _facts((("aws.acm.certificates", 0, {"ends": "2030-01-01T00:00:00Z"}),))
    later = Facts(NOW.replace(year=2029, month=12, day=15), facts.sets)
    assert in_sum(run(REGISTRY["aws.acm.expiry"], facts)) is Outcome.PASS
    assert in_sum(run(REGISTRY["aws.acm.expiry"], later)) is Outcome.FAIL


def test_who_is_not_human_is_told_by_tag_or_by_the_register() -> None:
    stranger: tuple[Change, ...] = (("aws.iam.users", 0, {"name": "robot"}),)
    check = REGISTRY["aws.iam.user_linked_to_worker"]
    assert in_sum(run(check, _facts(stranger))) is Outcome.FAIL
    tagged = _facts((("aws.iam.users", 0, {"name": "robot", "tags": {"kind": "service"}}),))
    assert in_sum(run(check, tagged)) is Outcome.NOT_APPLICABLE
    facts = _facts(stranger)
    registered = {**facts.sets, "org.scope": FactSet("org.scope", [{"external_id": USER, "service_account": True}])}
    assert in_sum(run(check, Facts(NOW, registered))) is Outcome.NOT_APPLICABLE


def test_a_leaver_has_a_day_of_grace_after_the_last_day() -> None:
    for end, wanted in (("2026-06-30", Outcome.PASS), ("2026-06-29", Outcome.PASS), ("2026-06-28", Outcome.FAIL)):
        changed: tuple[Change, ...] = (("org.workers", 0, {"end_date": end, "active": end > "2026-06-29"}),)
        assert in_sum(_run("aws.iam.user_linked_to_worker", changed)) is wanted, end


def test_what_does_not_serve_production_need_not_stand_twice() -> None:
    sandbox: tuple[Change, ...] = (("aws.rds.instances", 0, {"multi_az": False, "tags": {"env": "sandbox"}}),)
    assert in_sum(_run("aws.rds.multi_az", sandbox)) is Outcome.NOT_APPLICABLE
    untold: tuple[Change, ...] = (("aws.rds.instances", 0, {"multi_az": False, "tags": {}}),)
    facts = _facts(untold)
    placed = [{"external_id": "111122223333", "kind": "account", "decision": "in", "environment": "sandbox"}]
    elsewhere = Facts(NOW, {**facts.sets, "org.scope": FactSet("org.scope", placed)})
    assert in_sum(run(REGISTRY["aws.rds.multi_az"], elsewhere)) is Outcome.NOT_APPLICABLE


def test_a_population_lists_and_never_passes() -> None:
    for check in ("aws.iam.admin_population", "aws.sso.assignments"):
        assert {finding.outcome for finding in _run(check)} == {Outcome.NOT_APPLICABLE}
    through: tuple[Change, ...] = (("aws.iam.groups", 0, {"attached": [ADMIN]}),)
    listed = {finding.resource: finding.message for finding in _run("aws.iam.admin_population", through)}
    assert listed[USER] == "Administrator through the group staff; awaits review."
