"""The policy that we hand out is enough to collect with, and grants nothing else: moto enforces it."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from moto import settings
from moto.core.responses import ActionAuthenticatorMixin

from evidence.checks.base import Reason
from evidence.collectors.aws.vendor import KINDS, VENDOR, minimal_policy
from evidence.collectors.base import CollectionError
from sample.aws import AwsWorld
from sample.base import Clock
from tests.evidence.aws.looking import context_for
from tests.loopback import serve_open

#: What moto refuses whatever the policy says: it checks two services' signatures wrongly, and asks for four actions
#: by the call's name where AWS gives them another (Service Authorization Reference).
BEYOND_MOTO = {
    "guardduty:ListDetectors", "securityhub:DescribeHub", "s3control:GetPublicAccessBlock", "s3:GetPublicAccessBlock",
    "s3:GetBucketEncryption", "cloudwatch:DescribeAlarms",
}  # fmt: skip


def _collect(policy: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> tuple[set[str], Reason]:
    """The calls that are refused to a role with this policy alone, and what a write comes to."""
    world = AwsWorld(Clock(datetime(2026, 6, 30, 6, tzinfo=UTC)), planted=False)
    iam = world.estates["aws-sandbox"].service("iam")
    iam.get_role("FieldworkReadOnly").managed_policies.clear()
    iam.put_role_policy("FieldworkReadOnly", "read", json.dumps(policy))
    with serve_open(world.wsgi) as url:
        context, calls, _ = context_for(world.credentials["aws-sandbox"]["config"], world.clock.now, url)
        session = VENDOR.open(context)
        monkeypatch.setattr(settings, "INITIAL_NO_AUTH_ACTION_COUNT", 0.0)
        monkeypatch.setattr(ActionAuthenticatorMixin, "request_count", 0)
        for kind in KINDS:
            with suppress(CollectionError):
                list(kind.collect(session, context))
        refused = {call.call for call in calls if call.error}
        with pytest.raises(CollectionError) as written:
            session.call("ec2", "CreateVolume", AvailabilityZone="eu-west-1a", Size=1)
        session.close()
    world.close()
    return refused, written.value.reason


def test_the_minimal_policy_is_enough_and_lets_nothing_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    refused, written = _collect(minimal_policy(), monkeypatch)
    assert refused == BEYOND_MOTO
    assert written is Reason.DENIED


def test_an_action_taken_out_of_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = minimal_policy()
    policy["Statement"][0]["Action"].remove("rds:DescribeDBInstances")
    refused, _ = _collect(policy, monkeypatch)
    assert refused == BEYOND_MOTO | {"rds:DescribeDBInstances"}
