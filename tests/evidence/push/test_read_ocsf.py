"""What Prowler writes becomes rows of findings; what it does not say stays unknown."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evidence.collectors.push.fitting import faults_of
from evidence.collectors.push.kinds import KINDS
from evidence.collectors.push.ocsf import newest, row_of
from evidence.collectors.push.streams import RowError
from tests.evidence.push.prowler import ACCOUNT, MUTED, SCAN, finding

FINDINGS = next(kind for kind in KINDS if kind.id == "push.findings")


def test_a_finding_keeps_what_it_says() -> None:
    row = row_of(0, finding("s3_bucket_public_access", "FAIL", "arn:aws:s3:::acme-site"))
    assert row == {
        "uid": f"prowler-aws-s3_bucket_public_access-{ACCOUNT}-eu-west-1-acme-site", "check": "s3_bucket_public_access",
        "title": "It is checked.", "status": "fail", "severity": "high", "resource": "arn:aws:s3:::acme-site",
        "resource_name": "acme-site", "resource_type": "AwsS3Bucket", "account": ACCOUNT, "region": "eu-west-1", "service": "s3",
        "detail": "acme-site: failed s3_bucket_public_access.", "remedy": "Mend it.", "muted": False,
        "found_at": "2026-11-30T06:00:00Z", "requirements": ["SOC2 cc_6_1", "SOC2 cc_6_6", "CIS-3.0 2.1.4"],
    }  # fmt: skip
    assert faults_of(FINDINGS, 0, row) == []


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("PASS", "pass"), ("FAIL", "fail"), ("MANUAL", "manual"), ("", "unknown"), ("INFO", "unknown"), ("MUTED", "unknown"),
        (None, "unknown"),
    ],
)  # fmt: skip
def test_a_status_that_is_not_known_is_unknown(said: Any, status: str) -> None:
    assert row_of(0, finding("a_b", "PASS", status_code=said))["status"] == status


@pytest.mark.parametrize("said", [MUTED, {"status_id": 3}, {"status": "Suppressed"}, {"status_code": "MUTED"}])
def test_what_was_muted_says_so(said: dict[str, Any]) -> None:
    assert row_of(0, finding("a_b", "FAIL", **said))["muted"] is True


@pytest.mark.parametrize(
    ("event", "path"),
    [
        (finding("a_b", "FAIL", class_uid=2001), "/class_uid"), ({}, "/class_uid"), ("x", "/class_uid"),
        (finding("a_b", "FAIL", metadata={}), "/metadata/event_code"), (finding("a_b", "FAIL", resources=[]), "/resources/0/uid"),
    ],
)  # fmt: skip
def test_what_is_no_detection_finding_is_refused_with_its_path(event: Any, path: str) -> None:
    with pytest.raises(RowError) as refused:
        row_of(5, event)
    assert (refused.value.index, refused.value.path) == (5, path)


def test_the_newest_finding_says_as_of_when_in_seconds_or_milliseconds() -> None:
    found = newest(enumerate([*SCAN, finding("a_b", "PASS", time=1796018460_000)]))
    assert found is not None
    assert found.isoformat() == "2026-11-30T06:01:00+00:00"
    for unsaid in (None, -1, 10**11):
        assert newest(enumerate([finding("a_b", "PASS", time=unsaid)])) is None


SPOILS = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.text(max_size=5), max_size=2) | st.just({})


@given(st.sampled_from(sorted(SCAN[0])), SPOILS)
@example("time", -1)
def test_whatever_is_wrong_with_a_finding_it_is_a_row_that_fits_or_is_refused(name: str, spoilt: Any) -> None:
    event = deepcopy(SCAN[0]) | {name: spoilt}
    try:
        row = row_of(0, event)
    except RowError:
        return
    assert all("surrogate" in fault.message for fault in faults_of(FINDINGS, 0, row))
    if name == "status_code" and spoilt != "PASS":
        assert row["status"] != "pass"
