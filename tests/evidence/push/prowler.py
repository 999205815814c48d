"""Findings as Prowler writes them with `-M json-ocsf`, in their whole shape; of a made-up account."""

from __future__ import annotations

from typing import Any

ACCOUNT = "210987654321"
TIME = 1796018400  # 2026-11-30T06:00:00Z, in seconds as Prowler writes it


def finding(check: str, outcome: str, resource: str = "arn:aws:s3:::acme-logs", **changed: Any) -> dict[str, Any]:
    """One Detection Finding."""
    service = check.partition("_")[0]
    name = resource.rpartition(":")[2]
    event: dict[str, Any] = {
        "message": f"{name}: {outcome.lower()}ed {check}.",
        "metadata": {
            "event_code": check,
            "product": {"name": "Prowler", "uid": "prowler", "vendor_name": "Prowler", "version": "5.46.0"},
            "profiles": ["cloud", "datetime"], "tenant_uid": "", "version": "1.5.0",
        },
        "severity_id": 4, "severity": "High", "status": "New", "status_code": outcome,
        "status_detail": f"{name}: {outcome.lower()}ed {check}.", "status_id": 1,
        "unmapped": {
            "related_url": "", "categories": ["internet-exposed"], "depends_on": [], "related_to": [], "additional_urls": [],
            "notes": "", "compliance": {"SOC2": ["cc_6_1", "cc_6_6"], "CIS-3.0": ["2.1.4"]}, "scan_id": "", "provider_uid": ACCOUNT,
        },
        "activity_name": "Create", "activity_id": 1,
        "finding_info": {
            "created_time": TIME, "created_time_dt": "2026-11-30T06:00:00.000000", "desc": "Checks it.", "title": "It is checked.",
            "types": ["Software and Configuration Checks"], "uid": f"prowler-aws-{check}-{ACCOUNT}-eu-west-1-{name}", "name": name,
        },
        "resources": [{
            "cloud_partition": "aws", "region": "eu-west-1", "data": {"details": "", "metadata": {"arn": resource, "name": name}},
            "group": {"name": service}, "labels": ["team:platform"], "name": name, "type": "AwsS3Bucket", "uid": resource,
        }],
        "category_name": "Findings", "category_uid": 2, "class_name": "Detection Finding", "class_uid": 2004,
        "cloud": {
            "account": {"name": "", "type": "AWS Account", "type_id": 10, "uid": ACCOUNT, "labels": []},
            "org": {"name": "", "uid": ""}, "provider": "aws", "region": "eu-west-1",
        },
        "remediation": {"desc": "Mend it.", "references": ["https://example.org/mend"]},
        "risk_details": "Somebody reads it.", "time": TIME, "time_dt": "2026-11-30T06:00:00.000000",
        "type_uid": 200401, "type_name": "Detection Finding: Create",
    }  # fmt: skip
    return event | changed


MUTED = {"status": "Suppressed", "status_id": 3}
SCAN = [
    finding("s3_bucket_level_public_access_block", "PASS"),
    finding("s3_bucket_level_public_access_block", "FAIL", "arn:aws:s3:::acme-site"),
    finding("s3_bucket_server_access_logging_enabled", "FAIL", "arn:aws:s3:::acme-site", **MUTED),
    finding("iam_root_credentials_management_enabled", "MANUAL", f"arn:aws:iam::{ACCOUNT}:root"),
]
