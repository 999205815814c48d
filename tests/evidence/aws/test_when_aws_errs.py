"""Whatever goes wrong at AWS is unknown with its reason; nothing of it ever reads as pass."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from evidence.checks.base import Facts, FactSet, Outcome, Reason, checks_of, run
from evidence.collectors.aws.vendor import KINDS
from evidence.collectors.base import collect_all
from tests.evidence.aws.looking import VENDOR, Look, collect, context_for
from tests.evidence.aws.stand_in import CONFIG, NOW, Answer, Asked, Behave, refusal, stand_in
from tests.loopback import serve_open


def _slow(asked: Asked) -> Answer:
    time.sleep(0.6)
    return Answer(b"{}")


def _cut(asked: Asked) -> Answer:
    return Answer(b'{"Volumes": [{"Vol' if asked.json else b"<DescribeVolumesResponse><volumeSet><item>")


def _hung_up(asked: Asked) -> Answer:
    return Answer(b"<Half", length=4000)


def _nothing(asked: Asked) -> Answer:
    return Answer(b"{}" if asked.json else b"<Response/>")


def _says(status: str, code: str, *headers: tuple[str, str]) -> Behave:
    return lambda asked: refusal(asked, status, code, *headers)


#: Half an answer cannot be read; S3 clients take half an answer of S3 for a fault of the server's.
#: Known from the opening: of one account nothing is asked.
FROM_THE_OPENING = "aws.organization.accounts"
HALF = {Reason.MALFORMED, Reason.UNREACHABLE}
MATRIX: dict[str, tuple[Callable[[Asked], Answer], set[Reason]]] = {
    "401": (_says("401 Unauthorized", "UnrecognizedClientException"), {Reason.DENIED}),
    "403": (_says("403 Forbidden", "AccessDenied"), {Reason.DENIED}),
    "403 of a kind nobody knows": (_says("403 Forbidden", "SomethingNew"), {Reason.DENIED}),
    "404": (_says("404 Not Found", "NoSuchThing"), {Reason.MALFORMED}),
    "429": (_says("429 Too Many Requests", "ThrottlingException"), {Reason.RATE_LIMITED}),
    "429 with Retry-After": (
        _says("429 Too Many Requests", "ThrottlingException", ("Retry-After", "7")), {Reason.RATE_LIMITED},
    ),
    "throttled with a 400": (_says("400 Bad Request", "Throttling"), {Reason.RATE_LIMITED}),
    "500": (_says("500 Internal Server Error", "InternalFailure"), {Reason.UNREACHABLE}),
    "not subscribed": (_says("403 Forbidden", "OptInRequired"), {Reason.NOT_LICENSED}),
    "truncated": (_cut, HALF),
    "hung up in the middle": (_hung_up, HALF),
    "an empty answer": (_nothing, {Reason.MALFORMED}),
}  # fmt: skip


def _look(behave: Behave, kinds: list[str] | None = None) -> Look:
    with serve_open(stand_in(behave)) as url:
        return collect(CONFIG, NOW, url, kinds)


def _facts(look: Look) -> Facts:
    sets = {}
    for kind in KINDS:
        pages, reason, message = look.pages[kind.id]
        rows = list(kind.rows(pages)) if reason is None else []
        sets[kind.id] = FactSet(kind.id, rows, NOW, reason, message, kind.can_be_empty)
    sets["org.workers"] = FactSet("org.workers", [{"email": "a@example", "active": True, "accounts": {}}])
    return Facts(NOW, sets)


@pytest.mark.parametrize("name", MATRIX)
def test_every_kind_says_why_it_could_not_be_read_and_no_check_passes(name: str) -> None:
    behave, reasons = MATRIX[name]
    look = _look(behave)
    asked = [kind.id for kind in KINDS if kind.id != FROM_THE_OPENING]
    assert {kind: look.reason(kind) for kind in asked if look.reason(kind) not in reasons} == {}
    facts = _facts(look)
    findings = [finding for check in checks_of("aws") for finding in run(check, facts)]
    assert {finding.outcome for finding in findings} == {Outcome.UNKNOWN}
    assert {finding.reason for finding in findings} <= reasons


def test_a_service_that_does_not_answer_is_unreachable() -> None:
    with serve_open(stand_in(_slow)) as url:
        look = collect({**CONFIG, "read_timeout": 0.2}, NOW, url, ["aws.ec2.volumes", "aws.guardduty.detectors"])
    assert {look.reason(kind) for kind in look.pages} == {Reason.UNREACHABLE}


def test_nobody_listening_is_unreachable() -> None:
    look = collect(CONFIG, NOW, "http://127.0.0.1:9", ["aws.ec2.volumes"])
    assert look.reason("aws.ec2.volumes") is Reason.UNREACHABLE


def test_trying_again_is_bounded_and_waits_as_long_as_it_is_told() -> None:
    look = _look(_says("429 Too Many Requests", "ThrottlingException", ("Retry-After", "7")), ["aws.ec2.volumes"])
    assert look.waits == [7.0, 7.0, 7.0]


def test_a_passing_fault_passes() -> None:
    tried: list[Asked] = []

    def behave(asked: Asked) -> Answer:
        tried.append(asked)
        if len(tried) < 3:
            return refusal(asked, "503 Service Unavailable", "ServiceUnavailable")
        return Answer(b"<DescribeVolumesResponse><volumeSet/></DescribeVolumesResponse>")

    look = _look(behave, ["aws.ec2.volumes"])
    assert look.reason("aws.ec2.volumes") is None
    assert len(look.waits) == 2


def test_a_denial_is_not_tried_again() -> None:
    look = _look(_says("403 Forbidden", "AccessDenied"), ["aws.ec2.volumes"])
    assert look.waits == []


def test_nulls_in_a_list_are_unknown_and_never_pass() -> None:
    def behave(asked: Asked) -> Answer:
        if asked.operation == "ListKeys":
            return Answer(b'{"Keys": [{"KeyId": "k", "KeyArn": "arn:k"}]}')
        return Answer(b'{"KeyMetadata": {"KeyManager": null, "KeyState": null}, "KeyRotationEnabled": null}')

    look = _look(behave, ["aws.kms.keys"])
    (row,) = look.rows("aws.kms.keys")
    assert row["manager"] == {"$unknown": "malformed"}


def test_one_denied_region_keeps_the_other() -> None:
    def behave(asked: Asked) -> Answer:
        if asked.operation == "DescribeRegions":
            return Answer(b"<R><regionInfo><item><regionName>eu-central-1</regionName>"
                          b"<optInStatus>opted-in</optInStatus></item></regionInfo></R>")  # fmt: skip
        if asked.region == "eu-central-1":
            return refusal(asked, "403 Forbidden", "UnauthorizedOperation")
        return Answer(b"<R><volumeSet><item><volumeId>vol-1</volumeId><status>in-use</status>"
                      b"<encrypted>true</encrypted></item></volumeSet></R>")  # fmt: skip

    with serve_open(stand_in(behave)) as url:
        look = collect({**CONFIG, "regions": "eu-west-1, eu-central-1"}, NOW, url, ["aws.ec2.volumes"])
    here, there = look.rows("aws.ec2.volumes")
    assert here["encrypted"] is True
    assert (there["region"], there["$unknown"]) == ("eu-central-1", "denied")


def test_a_region_that_is_switched_off_is_told_from_a_missing_permission() -> None:
    def behave(asked: Asked) -> Answer:
        if asked.operation == "DescribeRegions":
            return Answer(b"<R><regionInfo><item><regionName>af-south-1</regionName>"
                          b"<optInStatus>not-opted-in</optInStatus></item></regionInfo></R>")  # fmt: skip
        if asked.region == "af-south-1":
            return refusal(asked, "401 Unauthorized", "AuthFailure")
        return Answer(b"<R><volumeSet/></R>")

    with serve_open(stand_in(behave)) as url:
        look = collect({**CONFIG, "regions": "eu-west-1,af-south-1"}, NOW, url, ["aws.ec2.volumes"])
    (row,) = look.rows("aws.ec2.volumes")
    assert row["$unknown"] == "not_licensed"
    assert "not enabled" in look.pages["aws.ec2.volumes"][0][-1].body["error"]["message"]


def test_one_denied_question_about_a_bucket_harms_no_other() -> None:
    def behave(asked: Asked) -> Answer:
        if asked.path in ("", "/"):
            return Answer(b"<ListAllMyBucketsResult><Buckets><Bucket><Name>b</Name><BucketRegion>eu-west-1"
                          b"</BucketRegion></Bucket></Buckets></ListAllMyBucketsResult>")  # fmt: skip
        return refusal(asked, "403 Forbidden", "AccessDenied")

    look = _look(behave, ["aws.s3.buckets"])
    (row,) = look.rows("aws.s3.buckets")
    assert row["name"] == "b"
    assert row["acl_public"] == {"$unknown": "denied"}
    facts = Facts(NOW, {"aws.s3.buckets": FactSet("aws.s3.buckets", [row], can_be_empty=True)})
    outcomes = {run(check, facts)[0].outcome for check in checks_of("aws") if check.facts[0] == "aws.s3.buckets"}
    assert outcomes == {Outcome.UNKNOWN}


def test_the_log_tells_each_call_and_no_secret() -> None:
    context, calls, _ = context_for(CONFIG, NOW, "")
    with serve_open(stand_in(_says("403 Forbidden", "AccessDenied"))) as url:
        context.endpoint = url
        collect_all(VENDOR, context, ["aws.ec2.volumes"])
    (given, without, call) = calls
    assert (given.call, given.parameters["ExternalId"], given.status) == ("sts:AssumeRole", "given", 200)
    assert (without.parameters["ExternalId"], without.status, without.error) == ("left out", 403, "")
    assert (call.call, call.status, call.parameters) == ("ec2:DescribeVolumes", 403, {"region": "eu-west-1"})
    assert "hidden" not in repr(calls)
