"""The answers that moto does not have: analyzers, findings, standards, patches and backup jobs, from our own state.

Findings come and go by themselves and are closed in time; the story adds those that are not.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from sample.aws.estate import Estate
from sample.base import Clock

Answer = dict[str, Any]


def fresh() -> dict[str, Any]:
    """An account's state beside moto's."""
    return {
        "kept_users": {}, "fixed_credentials": {}, "root": {"key_made": None, "used": None}, "subnets": {},
        "managed": {}, "no_analyzer": set(), "threats": [], "issues": [], "vulnerabilities": [], "lagging": {},
        "failing_backups": set(), "restored": 120,
    }  # fmt: skip


def answer(
    estate: Estate, clock: Clock, service: str, region: str,
    method: str, path: str, target: str, query: str, body: bytes,
) -> Answer | None:
    """The answer to a call that moto lacks, or None where moto answers."""
    for known, pattern, make in _ANSWERS:
        if service == known and re.fullmatch(pattern, target or f"{method} {path}"):
            return make(estate, clock, region, _asked(query, body))
    return None


def _asked(query: str, body: bytes) -> dict[str, Any]:
    asked: dict[str, Any] = {key: values[0] for key, values in parse_qs(query).items()}
    if body[:1] == b"{":
        asked.update(json.loads(body))
    return asked


def _analyzers(estate: Estate, clock: Clock, region: str, asked: dict[str, Any]) -> Answer:
    if region in estate.beside["no_analyzer"]:
        return {"analyzers": []}
    return {
        "analyzers": [
            {
                "arn": estate.arn("access-analyzer", "analyzer/external", region), "name": "external",
                "type": "ACCOUNT", "status": "ACTIVE", "createdAt": _iso(clock.start - timedelta(days=400)),
            }
        ]
    }  # fmt: skip


def _standards(estate: Estate, clock: Clock, region: str, asked: dict[str, Any]) -> Answer:
    name = "standards/aws-foundational-security-best-practices/v/1.0.0"
    return {
        "StandardsSubscriptions": [
            {
                "StandardsSubscriptionArn": estate.arn("securityhub", "subscription/fsbp", region),
                "StandardsArn": f"arn:aws:securityhub:{region}::{name}", "StandardsInput": {},
                "StandardsStatus": "READY",
            }
        ]
    }  # fmt: skip


def _threat_ids(estate: Estate, clock: Clock, region: str, asked: dict[str, Any]) -> Answer:
    return {"findingIds": [one["id"] for one in _threats(estate, clock, region)]}


def _threats_of(estate: Estate, clock: Clock, region: str, asked: dict[str, Any]) -> Answer:
    wanted = asked.get("findingIds", ())
    return {
        "findings": [
            {
                "accountId": estate.account, "id": one["id"], "region": region, "severity": 8.0,
                "arn": estate.arn("guardduty", f"detector/d/finding/{one['id']}", region), "schemaVersion": "2.0",
                "type": "UnauthorizedAccess:EC2/TorClient", "title": one["title"], "resource": {},
                "createdAt": _iso(one["since"]), "updatedAt": _iso(one["since"]),
                "service": {"eventFirstSeen": _iso(one["since"]), "archived": False},
            }
            for one in _threats(estate, clock, region)
            if one["id"] in wanted
        ]
    }  # fmt: skip


def _threats(estate: Estate, clock: Clock, region: str) -> Iterator[dict[str, Any]]:
    if region != estate.home:
        return
    yield from _passing(estate, clock, "threat", every=30, lasts=3, title="Connection from a Tor exit node")
    yield from (one for one in estate.beside["threats"] if one["since"] <= clock.now)


def _vulnerabilities(estate: Estate, clock: Clock, region: str, asked: dict[str, Any]) -> Answer:
    if region != estate.home:
        return {"findings": []}
    found = [
        *_passing(estate, clock, "vulnerability", every=11, lasts=9, title="A known fault in the base image"),
        *estate.beside["vulnerabilities"],
    ]
    return {
        "findings": [
            {
                "findingArn": vulnerability_arn(estate, one["id"]), "awsAccountId": estate.account,
                "title": one["title"], "severity": one.get("severity", "HIGH"), "status": "ACTIVE",
                "type": "PACKAGE_VULNERABILITY", "description": one["title"], "fixAvailable": "YES",
                "firstObservedAt": one["since"].timestamp(), "lastObservedAt": clock.now.timestamp(),
                "remediation": {}, "resources": [{"id": one.get("about", "image"), "type": "AWS_ECR_CONTAINER_IMAGE"}],
            }
            for one in found
            if one["since"] <= clock.now
        ]
    }  # fmt: skip


def vulnerability_arn(estate: Estate, id: str) -> str:
    return estate.arn("inspector2", f"finding/{id}")


def issues(estate: Estate, clock: Clock) -> list[dict[str, Any]]:
    """Security Hub's open findings of the home region, in its own format; moto keeps them where it is told."""
    passing = _passing(estate, clock, "issue", every=13, lasts=8, title="A resource lacks a required tag")
    return [
        {
            "Id": issue_arn(estate, one["id"]), "SchemaVersion": "2018-10-08", "AwsAccountId": estate.account,
            "ProductArn": f"arn:aws:securityhub:{estate.home}::product/aws/securityhub", "GeneratorId": "fsbp",
            "Title": one["title"], "Description": one["title"], "Severity": {"Label": one.get("severity", "HIGH")},
            "Resources": [{"Type": "AwsAccount", "Id": one.get("about", f"AWS::::Account:{estate.account}")}],
            "CreatedAt": _iso(one["since"]), "UpdatedAt": _iso(clock.now), "FirstObservedAt": _iso(one["since"]),
            "RecordState": "ACTIVE", "Workflow": {"Status": "NEW"}, "Compliance": {"Status": "FAILED"},
        }
        for one in [*passing, *estate.beside["issues"]]
        if one["since"] <= clock.now
    ]  # fmt: skip


def issue_arn(estate: Estate, id: str) -> str:
    return estate.arn("securityhub", f"subscription/fsbp/finding/{id}")


def _passing(
    estate: Estate, clock: Clock, kind: str, *, every: int, lasts: int, title: str
) -> Iterator[dict[str, Any]]:
    """What is found every so many days and closed within `lasts`: always open for less than any limit."""
    number, within = divmod((clock.now - clock.start).days, every)
    if within < lasts:
        id = hashlib.sha256(f"{estate.account}/{kind}/{number}".encode()).hexdigest()[:32]
        yield {"id": id, "title": title, "since": clock.start + timedelta(days=number * every)}


def _managed(estate: Estate, clock: Clock, region: str, asked: dict[str, Any]) -> Answer:
    return {
        "InstanceInformationList": [
            {
                "InstanceId": id, "PingStatus": "Online", "PlatformType": "Linux", "PlatformName": "Amazon Linux",
                "ResourceType": "EC2Instance", "LastPingDateTime": (clock.now - timedelta(minutes=4)).timestamp(),
            }
            for id in estate.beside["managed"].get(region, ())
        ]
    }  # fmt: skip


def _patches(estate: Estate, clock: Clock, region: str, asked: dict[str, Any]) -> Answer:
    lagging = estate.beside["lagging"]
    return {
        "InstancePatchStates": [
            {
                "InstanceId": id, "PatchGroup": "", "BaselineId": "pb-0halyard000000001", "Operation": "Scan",
                "OperationStartTime": (clock.now - timedelta(days=1)).timestamp(),
                "OperationEndTime": (clock.now - timedelta(days=1)).timestamp(),
                "InstalledCount": 212, "MissingCount": lagging.get(id, 0), "FailedCount": 0,
                "CriticalNonCompliantCount": 0, "SecurityNonCompliantCount": lagging.get(id, 0),
            }
            for id in asked.get("InstanceIds", ())
        ]
    }  # fmt: skip


def _backups(estate: Estate, clock: Clock, region: str, asked: dict[str, Any]) -> Answer:
    if region != estate.home:
        return {"BackupJobs": []}
    protected = [arn for name, arn in estate.names.items() if name.split(":")[0] in ("database", "table")]
    jobs = [
        _job(estate, arn, clock.now.replace(hour=2, minute=10) - timedelta(days=days), failed=False)
        for arn in protected
        for days in range(1, 8)
    ]
    jobs += [_job(estate, arn, clock.now.replace(hour=2, minute=40), failed=True)
             for arn in estate.beside["failing_backups"]]  # fmt: skip
    return {"BackupJobs": jobs}


def _job(estate: Estate, arn: str, at: datetime, *, failed: bool) -> dict[str, Any]:
    id = hashlib.sha256(f"{arn}/{at:%Y%m%d}/{failed}".encode()).hexdigest()[:32]
    said = {"StatusMessage": "The key policy does not let AWS Backup use the key."} if failed else {}
    return {
        "AccountId": estate.account, "BackupJobId": id, "BackupVaultName": "daily", "ResourceArn": arn,
        "State": "FAILED" if failed else "COMPLETED", "CreationDate": at.timestamp(), "ResourceType": "RDS", **said,
    }  # fmt: skip


def _restores(estate: Estate, clock: Clock, region: str, asked: dict[str, Any]) -> Answer:
    """A restore is rehearsed twice a year; the first rehearsal lay before the story."""
    if region != estate.home:
        return {"RestoreJobs": []}
    last = clock.start - timedelta(days=estate.beside["restored"])
    return {
        "RestoreJobs": [
            {
                "AccountId": estate.account, "RestoreJobId": "restore-rehearsal-1", "Status": "COMPLETED",
                "PercentDone": "100%", "CreationDate": last.timestamp(), "ValidationStatus": "SUCCESSFUL",
            }
        ]
    }  # fmt: skip


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


_Make = Callable[[Estate, Clock, str, dict[str, Any]], Answer]
_ANSWERS: tuple[tuple[str, str, _Make], ...] = (
    ("access-analyzer", r"GET /analyzer", _analyzers),
    ("guardduty", r"POST /detector/\w+/findings", _threat_ids),
    ("guardduty", r"POST /detector/\w+/findings/get", _threats_of),
    ("securityhub", r"POST /standards/get", _standards),
    ("inspector2", r"POST /findings/list", _vulnerabilities),
    ("ssm", r"AmazonSSM\.DescribeInstanceInformation", _managed),
    ("ssm", r"AmazonSSM\.DescribeInstancePatchStates", _patches),
    ("backup", r"GET /backup-jobs/?", _backups),
    ("backup", r"GET /restore-jobs/?", _restores),
)
