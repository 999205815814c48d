"""Lists are read to their end, and a list that never ends is not believed."""

from __future__ import annotations

import json

from evidence.checks.base import Reason
from tests.evidence.aws.looking import Look, collect
from tests.evidence.aws.stand_in import CONFIG, NOW, Answer, Asked, Behave, stand_in
from tests.loopback import serve_open


def _look(behave: Behave, kind: str) -> Look:
    with serve_open(stand_in(behave)) as url:
        return collect(CONFIG, NOW, url, [kind])


def _key(name: str) -> dict[str, str]:
    return {"KeyId": name, "KeyArn": f"arn:{name}"}


def test_a_token_is_followed_to_the_last_page() -> None:
    def behave(asked: Asked) -> Answer:
        page, more = ("2", "") if asked.form.get("NextToken") == "more" else ("1", "<nextToken>more</nextToken>")
        return Answer(f"<R><volumeSet><item><volumeId>vol-{page}</volumeId></item></volumeSet>{more}</R>".encode())

    look = _look(behave, "aws.ec2.volumes")
    assert [row["name"] for row in look.rows("aws.ec2.volumes")] == ["vol-1", "vol-2"]
    assert [call.rows for call in look.calls if call.call == "ec2:DescribeVolumes"] == [1, 1]


def test_a_marker_is_followed_to_the_last_page() -> None:
    def behave(asked: Asked) -> Answer:
        if asked.form.get("Marker") == "more":
            more, name = "<IsTruncated>false</IsTruncated>", "second"
        else:
            more, name = "<IsTruncated>true</IsTruncated><Marker>more</Marker>", "first"
        user = f"<member><Arn>arn:{name}</Arn><UserName>{name}</UserName></member>"
        result = "GetAccountAuthorizationDetailsResult"
        return Answer(f"<R><{result}><UserDetailList>{user}</UserDetailList>{more}</{result}></R>".encode())

    assert [row["name"] for row in _look(behave, "aws.iam.users").rows("aws.iam.users")] == ["first", "second"]


def test_buckets_keys_and_tables_are_paged_each_in_its_own_way() -> None:
    def buckets(asked: Asked) -> Answer:
        if asked.path not in ("", "/"):
            return Answer(b"<R/>")
        second = "continuation-token" in asked.form
        more = "" if second else "<ContinuationToken>more</ContinuationToken>"
        inside = f"<Bucket><Name>b{1 + second}</Name><BucketRegion>eu-west-1</BucketRegion></Bucket>"
        return Answer(f"<R><Buckets>{inside}</Buckets>{more}</R>".encode())

    def keys(asked: Asked) -> Answer:
        if asked.operation != "ListKeys":
            return Answer(b"{}")
        if asked.form.get("Marker") == "more":
            return Answer(json.dumps({"Keys": [_key("k2")], "Truncated": False}).encode())
        return Answer(json.dumps({"Keys": [_key("k1")], "Truncated": True, "NextMarker": "more"}).encode())

    def tables(asked: Asked) -> Answer:
        if asked.operation != "ListTables":
            return Answer(b"{}")
        if asked.form.get("ExclusiveStartTableName") == "table-1":
            return Answer(json.dumps({"TableNames": ["table-2"]}).encode())
        return Answer(json.dumps({"TableNames": ["table-1"], "LastEvaluatedTableName": "table-1"}).encode())

    for kind, behave, names in (
        ("aws.s3.buckets", buckets, ["arn:aws:s3:::b1", "arn:aws:s3:::b2"]),
        ("aws.kms.keys", keys, ["arn:k1", "arn:k2"]),
        ("aws.dynamodb.tables", tables, [f"arn:aws:dynamodb:eu-west-1:111122223333:table/table-{n}" for n in (1, 2)]),
    ):
        assert [row["arn"] for row in _look(behave, kind).rows(kind)] == names


def test_the_same_token_twice_is_malformed() -> None:
    def behave(asked: Asked) -> Answer:
        return Answer(b"<R><volumeSet/><nextToken>again</nextToken></R>")

    assert _look(behave, "aws.ec2.volumes").reason("aws.ec2.volumes") is Reason.MALFORMED


def test_a_second_page_that_fails_loses_the_list_and_not_its_end_alone() -> None:
    def behave(asked: Asked) -> Answer:
        if asked.form.get("NextToken"):
            return Answer(b"<cut")
        return Answer(b"<R><volumeSet><item><volumeId>vol-1</volumeId></item></volumeSet><nextToken>n</nextToken></R>")

    assert _look(behave, "aws.ec2.volumes").reason("aws.ec2.volumes") is Reason.MALFORMED
