"""A whole account collected over HTTP: what it costs, what the rows hold, and what is told of it."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from evidence.checks.base import Outcome
from evidence.collectors.aws.permissions import iam_action
from evidence.collectors.aws.vendor import KINDS, VENDOR
from sample.aws.access import role, trusting
from sample.aws.estate import PLATFORM
from tests.evidence.aws.looking import Look, Observer, collect, judged, those

LEAST_ROWS = {
    "aws.iam.users": 25, "aws.s3.buckets": 14, "aws.kms.keys": 12, "aws.ec2.instances": 15, "aws.ec2.volumes": 15,
    "aws.ec2.security_groups": 20, "aws.rds.instances": 5, "aws.elb.listeners": 10, "aws.logs.groups": 10,
}  # fmt: skip


@pytest.fixture(scope="module")
def looked(clean: tuple) -> tuple[Observer, Look]:
    world, url = clean
    observer = Observer(world, "aws-production", url)
    return observer, observer.look()


def test_every_kind_is_read(looked: tuple[Observer, Look]) -> None:
    _, look = looked
    assert len(KINDS) >= 18
    assert {kind.id: look.reason(kind.id) for kind in KINDS if look.reason(kind.id)} == {}
    assert {kind: len(look.rows(kind)) for kind, least in LEAST_ROWS.items() if len(look.rows(kind)) < least} == {}


def test_no_call_is_made_twice(looked: tuple[Observer, Look]) -> None:
    made = Counter((call.call, json.dumps(call.parameters, sort_keys=True)) for call in looked[1].calls)
    assert [call for call, times in made.items() if times > 1] == []


def test_every_row_says_where_it_was_seen(looked: tuple[Observer, Look]) -> None:
    observer, look = looked
    account = observer.world.estates["aws-production"].account
    for kind in KINDS:
        rows = look.rows(kind.id)
        assert {row["account"] for row in rows} <= {account}, kind.id
        assert all(row["region"] and row["arn"] for row in rows), kind.id
        assert len({row["arn"] for row in rows}) == len(rows) or kind.id == "aws.backup.jobs", kind.id
        assert not any("$unknown" in row for row in rows), kind.id


def test_rows_come_the_same_from_what_was_stored(looked: tuple[Observer, Look]) -> None:
    """Pages are stored as JSON; rows are made of what comes back."""
    observer, look = looked
    for kind in KINDS:
        assert json.loads(json.dumps(look.rows(kind.id))) == list(observer.sets[kind.id].rows), kind.id


def test_each_call_needs_no_action_that_its_kind_does_not_declare(looked: tuple[Observer, Look]) -> None:
    called = {iam_action(*call.call.split(":", 1)) for call in looked[1].calls} - {"sts:AssumeRole"}
    assert called <= {action for kind in KINDS for action in kind.permissions}


def test_the_log_is_told_of_every_call_as_it_is_made(looked: tuple[Observer, Look]) -> None:
    calls = [call for call in looked[1].calls if call.call != "sts:AssumeRole"]
    assert all(call.status in (200, 404) for call in calls)
    assert all(call.milliseconds >= 0 and not call.error for call in calls)
    assert any(call.call == "s3:GetBucketAcl" and "Bucket" in call.parameters for call in calls)


def test_accounts_are_apart(clean: tuple) -> None:
    world, url = clean
    seen = {}
    for slug in world.credentials:
        observer = Observer(world, slug, url)
        observer.look(["aws.s3.buckets"])
        seen[slug] = {row["name"] for row in observer.sets["aws.s3.buckets"].rows}
    assert seen["aws-production"]
    assert seen["aws-sandbox"]
    assert not seen["aws-production"] & seen["aws-sandbox"]


def test_who_we_are_is_the_assumed_role(production: Observer) -> None:
    look = production.look(["aws.account.regions"])
    session = VENDOR.open(look.context)
    try:
        assert VENDOR.identity(session, look.context).endswith(":assumed-role/FieldworkReadOnly/fieldwork-collector")
    finally:
        session.close()


def test_the_register_learns_of_the_account_and_its_databases(looked: tuple[Observer, Look]) -> None:
    observer, look = looked
    found = VENDOR.discover({kind.id: look.rows(kind.id) for kind in KINDS})
    account = observer.world.estates["aws-production"].account
    (one,) = [seen for seen in found if seen.kind == "account"]
    assert (one.external_id, one.detail["regions"]) == (account, ["eu-central-1", "eu-west-1"])
    databases = [seen for seen in found if seen.kind == "database"]
    assert {"ledger-production", "sessions"} <= {seen.name for seen in databases}
    assert {seen.detail["environment"] for seen in databases if seen.detail["engine"] == "postgres"} == {"production"}


def test_the_register_learns_of_the_regions_in_use_and_of_no_other(looked: tuple[Observer, Look]) -> None:
    observer, look = looked
    found = VENDOR.discover({kind.id: look.rows(kind.id) for kind in KINDS})
    account = observer.world.estates["aws-production"].account
    regions = [seen for seen in found if seen.kind == "location"]
    assert [seen.external_id for seen in regions] == [f"{account}/eu-central-1", f"{account}/eu-west-1"]
    named = VENDOR.discover({"aws.vpc.vpcs": [{"account": account, "region": "us-east-1", "arn": "vpc"}]})
    assert [seen for seen in named if seen.kind == "location"] == []


def test_a_role_of_another_external_id_brings_nothing(sandbox: Observer) -> None:
    config = sandbox.world.credentials["aws-sandbox"]["config"]
    made = role(sandbox.world.estates["aws-sandbox"], "stranger", trusting(PLATFORM, "other"))
    look = collect({**config, "role_arn": made.arn}, sandbox.world.clock.now, sandbox.url)
    assert {reason for _, reason, _ in look.pages.values()} == {"denied"}


def test_in_a_clean_account_nothing_fails_and_nothing_is_unknown(looked: tuple[Observer, Look]) -> None:
    findings = judged(looked[0].facts())
    assert those(findings, Outcome.FAIL) | those(findings, Outcome.UNKNOWN) == set()
    assert len(those(findings, Outcome.PASS)) > 300
