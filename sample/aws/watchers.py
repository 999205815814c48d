"""Trails, recorders, detectors, hubs, log groups and alarms: what watches the accounts."""

from __future__ import annotations

from sample.aws.estate import Estate, pairs
from sample.aws.storage import bucket_name

LOG_GROUPS = {
    "production": ("/aws/cloudtrail/organisation", "/halyard/audit/payments", "/halyard/audit/ledger",
                   "/halyard/security/vpn", "/halyard/auth/identity", "/aws/waf/edge", "/aws/ecs/payments-api",
                   "/aws/ecs/settlement-worker", "/aws/ecs/ledger", "/aws/lambda/nightly-reconciliation",
                   "/aws/lambda/webhook-fanout", "/aws/rds/instance/ledger/postgresql"),
    "sandbox": ("/aws/cloudtrail/sandbox", "/aws/ecs/experiment", "/aws/lambda/scratch"),
}  # fmt: skip
FILTERS = (
    ("root-use", '{ $.userIdentity.type = "Root" && $.eventType != "AwsServiceEvent" }', "RootUse"),
    ("policy-change", "{ ($.eventName = PutRolePolicy) || ($.eventName = AttachRolePolicy) }", "PolicyChange"),
    ("trail-change", "{ ($.eventName = StopLogging) || ($.eventName = DeleteTrail) }", "TrailChange"),
)


def build_watchers(estate: Estate) -> None:
    _trail(estate)
    for region in estate.regions:
        _recorder(estate, region)
        detector = estate.service("guardduty", region).create_detector(True, "FIFTEEN_MINUTES", {}, {}, [])
        estate.names[f"detector:{region}"] = detector
        estate.service("securityhub", region).enable_security_hub()
        estate.service("inspector2", region).enable([estate.account], ["EC2", "ECR", "LAMBDA"])
    _logs(estate)
    _alarms(estate)
    sso = estate.service("ssoadmin")
    instance = sso.list_instances()[0].instance_arn
    for name in ("Administrators", "PowerUsers", "ReadOnly", "SecurityAudit"):
        made = sso.create_permission_set(name, "", instance, "PT8H", "", [])
        arn = made["PermissionSetArn"]
        sso.create_account_assignment(instance, estate.account, "AWS_ACCOUNT", arn, "GROUP", f"group-{name.lower()}")
    for region in estate.regions[1:]:
        estate.service("ssoadmin", region).instances.clear()  # Identity Center has one home


def _trail(estate: Estate) -> None:
    cloudtrail = estate.service("cloudtrail")
    name = f"halyard-{estate.environment}"
    trail = cloudtrail.create_trail(
        name, bucket_name(estate, "cloudtrail-archive"), "", "", True, True, True, False, "", "",
        estate.names.get(f"key:{estate.home}:cloudtrail", ""), pairs({"environment": estate.environment}),
    )  # fmt: skip
    cloudtrail.start_logging(name)
    everything = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}
    cloudtrail.put_event_selectors(name, [everything], [])
    estate.names["trail"] = trail.arn


def _recorder(estate: Estate, region: str) -> None:
    config = estate.service("config", region)
    role = estate.names["role:config-recorder"]
    config.put_configuration_recorder(
        {"name": "default", "roleARN": role,
         "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": region == estate.home}}
    )  # fmt: skip
    config.put_delivery_channel({"name": "default", "s3BucketName": bucket_name(estate, "config-history")})
    config.start_configuration_recorder("default")


def _logs(estate: Estate) -> None:
    logs = estate.service("logs")
    for name in LOG_GROUPS[estate.environment]:
        logs.create_log_group(name, {"environment": estate.environment})
        watched = any(word in name for word in ("cloudtrail", "audit", "security", "auth", "waf"))
        logs.put_retention_policy(name, 731 if watched else 90)
        estate.names[f"log-group:{name}"] = estate.arn("logs", f"log-group:{name}")
    trail = LOG_GROUPS[estate.environment][0]
    for name, pattern, metric in FILTERS:
        transformation = [{"metricName": metric, "metricNamespace": "Halyard/Security", "metricValue": "1"}]
        logs.put_metric_filter(name, pattern, trail, transformation)


def _alarms(estate: Estate) -> None:
    for name, namespace, metric in (
        ("root-use", "Halyard/Security", "RootUse"), ("policy-change", "Halyard/Security", "PolicyChange"),
        ("trail-change", "Halyard/Security", "TrailChange"), ("api-errors", "AWS/ApplicationELB", "HTTPCode_ELB_5XX"),
        ("api-latency", "AWS/ApplicationELB", "TargetResponseTime"), ("db-storage", "AWS/RDS", "FreeStorageSpace"),
        ("db-connections", "AWS/RDS", "DatabaseConnections"), ("instance-check", "AWS/EC2", "StatusCheckFailed"),
    ):  # fmt: skip
        estate.service("cloudwatch").put_metric_alarm(
            name, namespace, metric, "GreaterThanOrEqualToThreshold", 1, 300, 1.0, "Sum", "", [],
            [estate.arn("sns", "on-call")],
        )  # fmt: skip
