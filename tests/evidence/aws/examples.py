"""Rows of an account in which every check is met, and for each check a change after which it is not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 6, 30, 6, tzinfo=UTC)
ACCOUNT, REGION = "111122223333", "eu-west-1"
HERE = f"account:{ACCOUNT}"
THERE = f"{HERE}/{REGION}"
USER = f"arn:aws:iam::{ACCOUNT}:user/ada"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
KEY = {"number": 1, "active": True, "rotated": "2026-06-01T00:00:00Z", "used": "2026-06-29T00:00:00Z", "service": "s3"}
NO_KEY = {"number": 2, "active": False, "rotated": None, "used": None, "service": "N/A"}
SHUT = {"block_acls": True, "ignore_acls": True, "block_policy": True, "restrict": True}
OPEN = dict.fromkeys(SHUT, False)
TRAIL, BUCKET = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/main", "arn:aws:s3:::logs"
FINDING = {"title": "Found", "severity": "HIGH", "first_seen": "2026-06-28T00:00:00Z"}


def _row(arn: str, **fields: Any) -> dict[str, Any]:
    return {"account": ACCOUNT, "region": REGION, "arn": arn, **fields}


def _report(user: str, **fields: Any) -> dict[str, Any]:
    whole = {
        "user": user, "root": False, "created": "2025-01-01T00:00:00Z", "password_enabled": True,
        "password_last_used": "2026-06-29T00:00:00Z", "password_last_changed": "2026-01-01T00:00:00Z",
        "mfa_active": True, "keys": [KEY, NO_KEY],
    }  # fmt: skip
    return _row(f"arn:aws:iam::{ACCOUNT}:user/{user}", **{**whole, **fields})


MET: dict[str, list[dict[str, Any]]] = {
    "aws.iam.account_summary": [_row(HERE, root_mfa=1, root_access_keys=0, root_mfa_virtual=False)],
    "aws.iam.credential_report": [
        {**_report("<root_account>", root=True, password_enabled=None, password_last_used=None, keys=[NO_KEY, NO_KEY]),
         "arn": f"arn:aws:iam::{ACCOUNT}:root"},
        _report("ada"), _report("ben", password_enabled=False, password_last_used=None, mfa_active=False),
    ],
    "aws.iam.password_policy": [_row(HERE, exists=True, min_length=14, reuse=24)],
    "aws.iam.users": [
        _row(USER, name="ada", tags={"break-glass": "true"}, groups=["staff"], attached=[], inline_admin=False)
    ],
    "aws.iam.groups": [_row("arn:g", name="staff", attached=[], inline_admin=False)],
    "aws.iam.policies": [_row("arn:p", name="own", allows_everything=False)],
    "aws.iam.roles": [
        _row("arn:r", name="fieldwork", attached=[ADMIN], inline_admin=False, service_linked=False,
             trust=[{"accounts": ["999900001111"], "external_id": True, "organization_only": False}])
    ],
    "aws.sso.instances": [_row("arn:sso", status="ACTIVE")],
    "aws.sso.assignments": [_row("arn:ps", name="Admins", assignments=[{"type": "GROUP", "id": "g"}])],
    "aws.accessanalyzer.analyzers": [_row(THERE, analyzers=[{"name": "a", "type": "ACCOUNT", "status": "ACTIVE"}])],
    "aws.cloudtrail.trails": [
        _row(TRAIL, multi_region=True, logging=True, validation=True, management_events=True, bucket="logs")
    ],
    "aws.config.recorders": [
        _row(THERE, recorders=[{"name": "d", "all_supported": True, "strategy": None}], recording={"d": True})
    ],
    "aws.guardduty.detectors": [_row(THERE, detectors=[{"id": "d", "status": "ENABLED"}])],
    "aws.guardduty.findings": [_row("arn:threat", created="2026-06-28T00:00:00Z", **FINDING)],
    "aws.securityhub.hubs": [_row(THERE, enabled=True, standards=[{"arn": "s", "status": "READY"}])],
    "aws.securityhub.findings": [_row("arn:issue", workflow="NEW", state="ACTIVE", status="FAILED", **FINDING)],
    "aws.inspector.status": [_row(THERE, scanning={"ec2": "ENABLED", "ecr": "ENABLED", "lambda": "ENABLED"})],
    "aws.inspector.findings": [_row("arn:vulnerability", about="image", **FINDING)],
    "aws.ssm.instances": [_row("instance:i", id="i")],
    "aws.ssm.patch_states": [_row("instance:i", id="i", missing=0, failed=0, scanned="2026-06-29T00:00:00Z")],
    "aws.s3.account_block": [_row(HERE, block=SHUT)],
    "aws.s3.buckets": [
        _row(BUCKET, name="logs", tags={"environment": "production", "data-class": "customer"}, block=SHUT,
             policy_public=False, acl_public=[], encryption={"algorithm": "aws:kms", "key": "k"},
             denies_plain_http=True, versioning=True, logs_to="access", disposal=[{"id": "d", "days": 400}])
    ],
    "aws.kms.keys": [_row("arn:key", manager="CUSTOMER", description="data", rotatable=True, rotation=True)],
    "aws.ec2.security_groups": [
        _row("arn:group", name="default", default=True, ingress=[], egress=[]),
        _row("arn:edge", name="edge", default=False, egress=[],
             ingress=[{"protocol": "tcp", "from": 443, "to": 443, "ranges": ["0.0.0.0/0"]}]),
    ],
    "aws.vpc.vpcs": [_row("arn:vpc", name="main", flow_logs=[{"id": "f", "status": "ACTIVE"}])],
    "aws.ec2.ebs_default": [_row(THERE, on=True)],
    "aws.ec2.volumes": [_row("arn:volume", name="disk", state="in-use", encrypted=True)],
    "aws.ec2.snapshots": [_row("arn:snapshot", name="nightly", public=False)],
    "aws.ec2.images": [_row("arn:image", name="base", public=False)],
    "aws.ec2.instances": [
        _row("arn:instance", name="api", state="running", http_tokens="required", metadata_endpoint="enabled")
    ],
    "aws.rds.instances": [
        _row("arn:database", name="ledger", tags={"environment": "production"}, encrypted=True, public=False,
             backup_days=7, deletion_protection=True, multi_az=True, replica_of=None)
    ],
    "aws.rds.snapshots": [_row("arn:db-snapshot", name="before", public=False)],
    "aws.dynamodb.tables": [_row("arn:table", name="sessions", point_in_time=True)],
    "aws.backup.jobs": [
        _row("arn:database", job="1", state="FAILED", created="2026-06-28T00:00:00Z", message="no key"),
        _row("arn:database", job="2", state="COMPLETED", created="2026-06-29T00:00:00Z", message=None),
        _row("arn:database", job="3", state="RUNNING", created="2026-06-30T00:00:00Z", message=None),
    ],
    "aws.backup.restores": [_row("restore:1", state="COMPLETED", created="2025-07-02T00:00:00Z")],
    "aws.elb.listeners": [
        _row("arn:https", balancer="api", scheme="internet-facing", protocol="HTTPS", port=443, policy="new",
             tls=["TLSv1.2", "TLSv1.3"], redirects_to=None),
        _row("arn:http", balancer="api", scheme="internet-facing", protocol="HTTP", port=80, policy=None, tls=[],
             redirects_to="HTTPS"),
    ],
    "aws.acm.certificates": [_row("arn:certificate", domain="x.example", in_use=True, ends="2026-09-01T00:00:00Z")],
    "aws.logs.groups": [_row("arn:log", name="/aws/cloudtrail/main", retention=365)],
    "aws.logs.metric_filters": [
        _row("filter:1", pattern='{ $.userIdentity.type = "Root" }', metrics=["S/Root"]),
        _row("filter:2", pattern="{ $.eventName = AttachRolePolicy }", metrics=["S/Policy"]),
    ],
    "aws.cloudwatch.alarms": [
        _row("arn:a1", metrics=["S/Root"], acts=True), _row("arn:a2", metrics=["S/Policy"], acts=True),
        _row("arn:a3", metrics=["AWS/RDS/FreeStorageSpace"], acts=True),
    ],
    "org.workers": [
        {"id": "w1", "email": "ada@x.example", "name": "Ada", "start_date": "2025-01-01", "end_date": None,
         "active": True, "accounts": {"aws": "ada"}}
    ],
    "org.scope": [],
}  # fmt: skip

Change = tuple[str, int, dict[str, Any]]

#: Check, the rows changed (kind, which, fields), and the resource that fails then.
NOT_MET: list[tuple[str, tuple[Change, ...], str]] = [
    ("aws.iam.root_mfa", (("aws.iam.account_summary", 0, {"root_mfa": 0}),), HERE),
    ("aws.iam.root_no_access_keys", (("aws.iam.account_summary", 0, {"root_access_keys": 1}),), HERE),
    ("aws.iam.root_not_used",
     (("aws.iam.credential_report", 0, {"password_last_used": "2026-04-02T00:00:00Z"}),), HERE),
    ("aws.iam.user_console_mfa", (("aws.iam.credential_report", 1, {"mfa_active": False}),), USER),
    ("aws.iam.key_rotation_90d",
     (("aws.iam.credential_report", 1, {"keys": [{**KEY, "rotated": "2026-03-31T00:00:00Z"}, NO_KEY]}),),
     f"{USER}/access-key-1"),
    ("aws.iam.unused_credentials",
     (("aws.iam.credential_report", 1, {"password_last_used": "2026-03-31T00:00:00Z"}),), USER),
    ("aws.iam.unused_credentials",
     (("aws.iam.credential_report", 1, {"keys": [{**KEY, "used": None, "rotated": "2026-03-31T00:00:00Z"}, NO_KEY]}),),
     USER),
    ("aws.iam.password_policy", (("aws.iam.password_policy", 0, {"min_length": 13}),), HERE),
    ("aws.iam.password_policy",
     (("aws.iam.password_policy", 0, {"exists": False, "min_length": 0, "reuse": 0}),), HERE),
    ("aws.iam.password_reuse", (("aws.iam.password_policy", 0, {"reuse": 23}),), HERE),
    ("aws.iam.no_admin_star", (("aws.iam.policies", 0, {"allows_everything": True}),), "arn:p"),
    ("aws.iam.user_linked_to_worker", (("aws.iam.users", 0, {"name": "bob"}),), USER),
    ("aws.iam.user_linked_to_worker", (("org.workers", 0, {"end_date": "2026-06-27", "active": False}),), USER),
    ("aws.iam.external_trust",
     (("aws.iam.roles", 0, {"trust": [{"accounts": ["999900001111"], "external_id": False,
                                       "organization_only": False}]}),), "arn:r"),
    ("aws.iam.known_accounts",
     (("aws.iam.roles", 0, {"trust": [{"accounts": ["*"], "external_id": True, "organization_only": False}]}),),
     "arn:r"),
    ("aws.sso.enabled", (("aws.sso.instances", 0, {"status": "DELETE_IN_PROGRESS"}),), "arn:sso"),
    ("aws.sso.no_passwords", (("aws.iam.users", 0, {"tags": {}}),), USER),
    ("aws.accessanalyzer.enabled", (("aws.accessanalyzer.analyzers", 0, {"analyzers": []}),), THERE),
    ("aws.cloudtrail.multiregion", (("aws.cloudtrail.trails", 0, {"logging": False}),), TRAIL),
    ("aws.cloudtrail.multiregion", (("aws.cloudtrail.trails", 0, {"multi_region": False}),), HERE),
    ("aws.cloudtrail.validation", (("aws.cloudtrail.trails", 0, {"validation": False}),), TRAIL),
    ("aws.cloudtrail.bucket_private",
     (("aws.s3.buckets", 0, {"block": OPEN, "policy_public": True}), ("aws.s3.account_block", 0, {"block": OPEN})), BUCKET),
    ("aws.cloudtrail.bucket_logged", (("aws.s3.buckets", 0, {"logs_to": None}),), BUCKET),
    ("aws.cloudtrail.management_events", (("aws.cloudtrail.trails", 0, {"management_events": False}),), TRAIL),
    ("aws.config.recorder", (("aws.config.recorders", 0, {"recording": {"d": False}}),), THERE),
    ("aws.config.recorder", (("aws.config.recorders", 0, {"recorders": []}),), THERE),
    ("aws.config.all_types",
     (("aws.config.recorders", 0, {"recorders": [{"name": "d", "all_supported": False, "strategy": None}]}),), THERE),
    ("aws.guardduty.enabled", (("aws.guardduty.detectors", 0, {"detectors": []}),), THERE),
    ("aws.guardduty.enabled", (("aws.guardduty.detectors", 0, {"detectors": [{"id": "d", "status": "DISABLED"}]}),),
     THERE),
    ("aws.guardduty.findings_sla", (("aws.guardduty.findings", 0, {"first_seen": "2026-06-20T00:00:00Z"}),),
     "arn:threat"),
    ("aws.securityhub.enabled", (("aws.securityhub.hubs", 0, {"standards": []}),), THERE),
    ("aws.securityhub.critical_sla", (("aws.securityhub.findings", 0, {"first_seen": "2026-05-30T00:00:00Z"}),),
     "arn:issue"),
    ("aws.inspector.enabled",
     (("aws.inspector.status", 0, {"scanning": {"ec2": "ENABLED", "ecr": "DISABLED", "lambda": "ENABLED"}}),), THERE),
    ("aws.inspector.vuln_sla",
     (("aws.inspector.findings", 0, {"severity": "CRITICAL", "first_seen": "2026-06-13T00:00:00Z"}),),
     "arn:vulnerability"),
    ("aws.ssm.patch_compliance", (("aws.ssm.patch_states", 0, {"missing": 1}),), "instance:i"),
    ("aws.ssm.patch_compliance", (("aws.ssm.patch_states", 0, {"id": "another"}),), "instance:i"),
    ("aws.s3.account_bpa", (("aws.s3.account_block", 0, {"block": {**SHUT, "restrict": False}}),), HERE),
    ("aws.s3.bucket_not_public",
     (("aws.s3.account_block", 0, {"block": OPEN}), ("aws.s3.buckets", 0, {"block": OPEN, "policy_public": True})),
     BUCKET),
    ("aws.s3.bucket_not_public",
     (("aws.s3.account_block", 0, {"block": OPEN}), ("aws.s3.buckets", 0, {"block": OPEN, "acl_public": ["READ"]})),
     BUCKET),
    ("aws.s3.encryption", (("aws.s3.buckets", 0, {"encryption": {"algorithm": "AES256", "key": None}}),), BUCKET),
    ("aws.s3.tls_only", (("aws.s3.buckets", 0, {"denies_plain_http": False}),), BUCKET),
    ("aws.s3.versioning", (("aws.s3.buckets", 0, {"versioning": False}),), BUCKET),
    ("aws.s3.lifecycle", (("aws.s3.buckets", 0, {"disposal": []}),), BUCKET),
    ("aws.kms.rotation", (("aws.kms.keys", 0, {"rotation": False}),), "arn:key"),
    ("aws.ec2.sg_no_admin_world",
     (("aws.ec2.security_groups", 1, {"ingress": [{"protocol": "tcp", "from": 20, "to": 30, "ranges": ["::/0"]}]}),),
     "arn:edge"),
    ("aws.ec2.sg_no_admin_world",
     (("aws.ec2.security_groups", 1, {"ingress": [{"protocol": "-1", "from": None, "to": None,
                                                   "ranges": ["0.0.0.0/0"]}]}),), "arn:edge"),
    ("aws.ec2.default_sg_closed",
     (("aws.ec2.security_groups", 0, {"egress": [{"protocol": "-1", "from": None, "to": None, "ranges": []}]}),),
     "arn:group"),
    ("aws.vpc.flow_logs", (("aws.vpc.vpcs", 0, {"flow_logs": []}),), "arn:vpc"),
    ("aws.ec2.ebs_default_encryption", (("aws.ec2.ebs_default", 0, {"on": False}),), THERE),
    ("aws.ec2.volumes_encrypted", (("aws.ec2.volumes", 0, {"encrypted": False}),), "arn:volume"),
    ("aws.ec2.snapshot_not_public", (("aws.ec2.snapshots", 0, {"public": True}),), "arn:snapshot"),
    ("aws.ec2.images_not_public", (("aws.ec2.images", 0, {"public": True}),), "arn:image"),
    ("aws.ec2.imdsv2", (("aws.ec2.instances", 0, {"http_tokens": "optional"}),), "arn:instance"),
    ("aws.rds.encrypted", (("aws.rds.instances", 0, {"encrypted": False}),), "arn:database"),
    ("aws.rds.not_public", (("aws.rds.instances", 0, {"public": True}),), "arn:database"),
    ("aws.rds.snapshots_not_public", (("aws.rds.snapshots", 0, {"public": True}),), "arn:db-snapshot"),
    ("aws.rds.backups", (("aws.rds.instances", 0, {"backup_days": 6}),), "arn:database"),
    ("aws.rds.deletion_protection", (("aws.rds.instances", 0, {"deletion_protection": False}),), "arn:database"),
    ("aws.rds.multi_az", (("aws.rds.instances", 0, {"multi_az": False}),), "arn:database"),
    ("aws.rds.multi_az", (("aws.rds.instances", 0, {"multi_az": False, "tags": {}}),), "arn:database"),
    ("aws.dynamodb.pitr", (("aws.dynamodb.tables", 0, {"point_in_time": False}),), "arn:table"),
    ("aws.backup.jobs", (("aws.backup.jobs", 1, {"state": "FAILED"}),), "arn:database"),
    ("aws.backup.restore_tested", (("aws.backup.restores", 0, {"created": "2025-06-28T00:00:00Z"}),), HERE),
    ("aws.elb.tls", (("aws.elb.listeners", 0, {"tls": ["TLSv1", "TLSv1.2"]}),), "arn:https"),
    ("aws.elb.http_redirects", (("aws.elb.listeners", 1, {"redirects_to": None}),), "arn:http"),
    ("aws.acm.expiry", (("aws.acm.certificates", 0, {"ends": "2026-07-29T00:00:00Z"}),), "arn:certificate"),
    ("aws.logs.retention", (("aws.logs.groups", 0, {"retention": 364}),), "arn:log"),
    ("aws.cloudwatch.alarms", (("aws.cloudwatch.alarms", 0, {"acts": False}),), f"{HERE}/root-use"),
    ("aws.cloudwatch.policy_change_alarms", (("aws.logs.metric_filters", 1, {"pattern": "x"}),), f"{HERE}/policy-change"),
    ("aws.cloudwatch.availability_alarms", (("aws.cloudwatch.alarms", 2, {"acts": False}),), f"{HERE}/availability"),
]  # fmt: skip

#: (check, changes): rows to which the check does not apply.
NOT_APPLICABLE: list[tuple[str, tuple[Change, ...]]] = [
    ("aws.config.all_types", (("aws.config.recorders", 0, {"recorders": []}),)),
    ("aws.iam.external_trust", (("aws.iam.roles", 0, {"service_linked": True}),)),
    ("aws.iam.known_accounts", (("aws.iam.roles", 0, {"service_linked": True}),)),
]
