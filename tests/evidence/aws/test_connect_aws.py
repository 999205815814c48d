"""Connecting an account: with our ExternalId only, and each missing permission by its name."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from evidence.checks.base import Reason
from evidence.collectors.aws.permissions import iam_action
from evidence.collectors.aws.vendor import KINDS, VENDOR, minimal_policy, setup, trust_policy
from evidence.collectors.base import CollectionError, PermissionResult
from sample.aws.access import role, trusting
from sample.aws.estate import PLATFORM
from tests.evidence.aws.looking import Observer, collect, context_for
from tests.evidence.aws.stand_in import CONFIG, NOW, Answer, Asked, refusal, stand_in, sts
from tests.loopback import serve_open


def _tested(url: str, **config: object) -> dict[str, PermissionResult]:
    context, _, _ = context_for({**CONFIG, **config}, NOW, url)
    return {result.permission: result for result in VENDOR.test(context)}


def test_a_good_role_is_allowed_everything_by_name(production: Observer) -> None:
    config = production.world.credentials["aws-production"]["config"]
    results = _tested(production.url, **config)
    assert {name for name, result in results.items() if not result.allowed} == set()
    assert {action for kind in KINDS for action in kind.permissions} <= set(results)
    assert results["sts:ExternalId"].message == "The role cannot be assumed without the ExternalId."


def test_another_external_id_is_refused(production: Observer) -> None:
    config = production.world.credentials["aws-production"]["config"]
    results = _tested(production.url, **{**config, "external_id": "somebody-else"})
    assert list(results) == ["sts:AssumeRole"]
    assert not results["sts:AssumeRole"].allowed
    assert "trust policy" in results["sts:AssumeRole"].remedy


def test_a_role_that_needs_no_external_id_is_refused_and_not_read(sandbox: Observer) -> None:
    made = role(sandbox.world.estates["aws-sandbox"], "too-trusting", trusting(PLATFORM, ""))
    config = sandbox.world.credentials["aws-sandbox"]["config"]
    results = _tested(sandbox.url, **{**config, "role_arn": made.arn})
    assert list(results) == ["sts:ExternalId"]
    assert not results["sts:ExternalId"].allowed
    assert "refused" in results["sts:ExternalId"].message
    assert "sts:ExternalId" in results["sts:ExternalId"].remedy


def test_such_a_role_is_not_read_either_when_its_trust_policy_changed_later(sandbox: Observer) -> None:
    made = role(sandbox.world.estates["aws-sandbox"], "loosened", trusting(PLATFORM, ""))
    config = sandbox.world.credentials["aws-sandbox"]["config"]
    look = collect({**config, "role_arn": made.arn}, NOW, sandbox.url)
    assert {(reason, message) for _, reason, message in look.pages.values()} == {
        (Reason.DENIED, "The role can be assumed without the ExternalId, so this connection is refused.")
    }
    assert [call.parameters["ExternalId"] for call in look.calls] == ["given", "left out"]


def test_a_connection_without_an_external_id_opens_nothing(production: Observer) -> None:
    config = production.world.credentials["aws-production"]["config"]
    context, calls, _ = context_for({**config, "external_id": ""}, NOW, production.url)
    with pytest.raises(CollectionError) as refused:
        VENDOR.open(context)
    assert refused.value.reason is Reason.DENIED
    assert calls == []


@pytest.mark.parametrize("arn", ["", "arn:aws:iam::123:role/x", "arn:aws:iam::111122223333:user/x", "http://x"])
def test_what_is_no_role_is_named_as_such(arn: str) -> None:
    results = _tested("http://127.0.0.1:9", role_arn=arn)
    assert not results["sts:AssumeRole"].allowed
    assert "not the ARN of an IAM role" in results["sts:AssumeRole"].message


def test_each_missing_action_is_named_with_its_remedy() -> None:
    denied = {("ec2", "DescribeVolumes"), ("kms", "ListKeys")}

    def behave(asked: Asked) -> Answer:
        if (asked.service, asked.operation) in denied:
            return refusal(asked, "403 Forbidden", "AccessDenied")
        return Answer(b"{}" if asked.json else b"<R><snapshotSet/><volumeSet/></R>")

    with serve_open(stand_in(behave)) as url:
        results = _tested(url)
    for service, operation in denied:
        action = iam_action(service, operation)
        assert not results[action].allowed
        assert action in results[action].remedy
    assert results["ec2:DescribeSnapshots"].allowed
    assert results["kms:DescribeKey"].message.startswith("Not tried")


def test_an_external_id_that_cannot_be_tried_is_not_taken_for_asked_for() -> None:
    def assume(asked: Asked) -> Answer | None:
        if asked.operation == "AssumeRole" and "ExternalId" not in asked.form:
            return refusal(asked, "500 Internal Server Error", "InternalFailure")
        return sts(asked)

    with serve_open(stand_in(lambda asked: Answer(b"{}"), assume=assume)) as url:
        results = _tested(url)
    assert not results["sts:ExternalId"].allowed
    assert "could not be tried" in results["sts:ExternalId"].message


def test_the_platforms_own_keys_never_reach_a_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOURSECRETKEY0001")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "ours")
    seen: list[str] = []

    def app(environ: dict, start_response: object) -> list[bytes]:
        seen.append(environ.get("HTTP_AUTHORIZATION", ""))
        return stand_in(lambda asked: Answer(b"{}"))(environ, start_response)

    with serve_open(app) as url:
        context, _, _ = context_for(CONFIG, NOW, url)
        VENDOR.open(context).close()
    assert seen
    assert not any("AKIAOURSECRETKEY0001" in header for header in seen)


def test_without_keys_of_its_own_the_installation_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    context, _, _ = context_for(CONFIG, NOW, "")
    with pytest.raises(CollectionError) as refused:
        VENDOR.open(replace(context, endpoint=None))
    assert "no AWS credentials of its own" in refused.value.message


def test_the_policies_to_paste_ask_for_no_more_than_reading() -> None:
    (statement,) = minimal_policy()["Statement"]
    assert statement["Action"] == sorted({action for kind in KINDS for action in kind.permissions})
    verbs = {action.split(":")[1] for action in statement["Action"]}
    assert {verb for verb in verbs if not verb.startswith(("Get", "List", "Describe", "BatchGet"))} == {
        "GenerateCredentialReport"  # it makes AWS write the report, and changes nothing
    }
    (trusted,) = trust_policy("arn:aws:iam::999900001111:root", "abc")["Statement"]
    assert trusted["Condition"] == {"StringEquals": {"sts:ExternalId": "abc"}}
    text = setup("arn:aws:iam::999900001111:root", "abc")
    assert json.dumps(minimal_policy(), indent=2) in text
    assert '"sts:ExternalId": "abc"' in text
