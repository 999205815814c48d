"""The two accounts of the sample company as one organisation: moto keeps them apart, and one connection reads both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from evidence.checks import aws as _registered  # noqa: F401
from evidence.checks.base import Facts, Outcome, checks_of, run
from evidence.collectors.aws.vendor import KINDS, VENDOR
from evidence.collectors.base import Context, collect_all
from sample.aws import AwsWorld
from sample.base import Clock
from tests.evidence.aws.looking import Look, context_for
from tests.evidence.aws.test_accounts_of_an_organisation import _facts
from tests.loopback import serve_open

from moto.organizations.models import FakeAccount, organizations_backends  # isort: skip

END = datetime(2026, 6, 30, 6, tzinfo=UTC)
KINDS_READ = [kind.id for kind in KINDS if not kind.id.startswith("aws.sso")]


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[AwsWorld, Look]]:
    clock = Clock(END)
    clock.now = clock.at(100)
    world = AwsWorld(clock, planted=False)
    production, sandbox = world.estates.values()
    sandbox.external_id = production.external_id
    backend = organizations_backends[production.account]["aws"]
    backend.create_organization("eu-west-1", FeatureSet="ALL")
    member = FakeAccount(backend.org, AccountName="sandbox", Email="aws@halyard.example")
    member.id = sandbox.account
    backend.accounts.append(member)
    role = sandbox.service("iam").get_role("FieldworkReadOnly")
    role.assume_role_policy_document = production.service("iam").get_role("FieldworkReadOnly").assume_role_policy_document
    with serve_open(world.wsgi) as url:
        config = {**world.credentials["aws-production"]["config"], "member_role": "FieldworkReadOnly", "regions": "eu-west-1"}
        context, calls, waits = context_for(config, clock.now, url)
        yield world, Look(collect_all(VENDOR, context, KINDS_READ), calls, waits, context)
    world.close()


def test_both_are_listed_and_read(both: tuple[AwsWorld, Look]) -> None:
    world, look = both
    numbers = {estate.account for estate in world.estates.values()}
    assert {row["account"] for row in look.rows("aws.organization.accounts")} == numbers
    assert {kind: reason for kind, (_, reason, _) in look.pages.items() if reason} == {}
    assert look.context.partly == []
    assert {row["account"] for row in look.rows("aws.s3.buckets")} == numbers


def test_nothing_fails_through_one_connection_that_does_not_through_two(both: tuple[AwsWorld, Look]) -> None:
    _, look = both
    facts = Facts(look.context.now, _facts(look).sets)
    read = [check for check in checks_of("aws") if set(check.facts) <= set(look.pages)]
    failed = {(check.id, f.resource) for check in read for f in run(check, facts) if f.outcome is Outcome.FAIL}
    assert len(read) > 50
    assert failed == set()


def test_what_the_one_holds_is_not_taken_for_the_other(both: tuple[AwsWorld, Look]) -> None:
    _, look = both
    context: Context = look.context
    assert context.config["member_role"]
    users = {(row["account"], row["name"]) for row in look.rows("aws.iam.users")}
    assert len({account for account, _ in users}) == 2
    assert all(account in row["arn"] for row in look.rows("aws.iam.users") for account in [row["account"]])
