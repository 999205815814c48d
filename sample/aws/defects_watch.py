"""Defects of watching: trails, recorders, detectors, findings left open, logs, alarms and patches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sample.aws.beside import issue_arn, vulnerability_arn
from sample.aws.changes import defect, doing, nothing, setting
from sample.aws.estate import Estate
from sample.aws.storage import bucket_name
from sample.base import Clock, Planted

if TYPE_CHECKING:
    from sample.aws.world import AwsWorld

SECOND = "eu-central-1"
ISSUE, VULNERABILITY, THREAT = "5ec0de" + "1" * 26, "cafe" + "2" * 28, "7a17" + "3" * 28


def planted(world: AwsWorld) -> list[Planted]:
    production, sandbox = world.estates["aws-production"], world.estates["aws-sandbox"]
    return [
        *_trails(production, sandbox), *_services(production, sandbox), *_left_open(production, world.clock),
        *_operations(production),
    ]  # fmt: skip


def _trails(production: Estate, sandbox: Estate) -> list[Planted]:
    cloudtrail, other = production.service("cloudtrail"), sandbox.service("cloudtrail")
    archive = bucket_name(sandbox, "cloudtrail-archive")
    return [
        defect(
            production, "trail-off", (12, 33), "aws.cloudtrail.multiregion", production.names["trail"],
            "The production trail was switched off for three weeks during a cost review.",
            doing(lambda: cloudtrail.stop_logging("halyard-production"),
                  lambda: cloudtrail.start_logging("halyard-production")),
        ),
        defect(
            sandbox, "unproved-logs", (10, None), "aws.cloudtrail.validation", sandbox.names["trail"],
            "The sandbox trail no longer proves its log files whole.",
            setting(lambda: other.trails["halyard-sandbox"], "log_validation", False),
        ),
        defect(
            sandbox, "unlogged-archive", (84, 113), "aws.cloudtrail.bucket_logged",
            sandbox.names["bucket:cloudtrail-archive"], "Access to the sandbox's log archive was not itself logged.",
            setting(lambda: sandbox.service("s3").buckets[archive], "logging", {}),
        ),
    ]  # fmt: skip


def _services(production: Estate, sandbox: Estate) -> list[Planted]:
    guardduty, recorder = production.service("guardduty", SECOND), sandbox.service("config")
    detector, without = production.names[f"detector:{SECOND}"], production.beside["no_analyzer"]
    return [
        defect(
            production, "guardduty-off", (110, 131), "aws.guardduty.enabled", production.region_name(SECOND),
            "GuardDuty was suspended in Frankfurt for three weeks.",
            setting(lambda: guardduty.detectors[detector], "enabled", False),
        ),
        defect(
            sandbox, "recorder-stopped", (77, None), "aws.config.recorder", sandbox.region_name("eu-west-1"),
            "The sandbox's configuration recorder was stopped and stayed so.",
            doing(lambda: recorder.stop_configuration_recorder("default"),
                  lambda: recorder.start_configuration_recorder("default")),
        ),
        defect(
            production, "no-analyzer", (36, 50), "aws.accessanalyzer.enabled", production.region_name(SECOND),
            "The access analyzer in Frankfurt was deleted with a stack that it belonged to.",
            doing(lambda: without.add(SECOND), without.clear),
        ),
    ]  # fmt: skip


def _left_open(estate: Estate, clock: Clock) -> list[Planted]:
    """Each is found on its day; only when the days that its severity allows are over is it a defect."""
    beside = estate.beside
    beside["issues"].append(
        {"id": ISSUE, "title": "An IAM role grants more than it should", "since": clock.at(120), "severity": "CRITICAL"}
    )
    beside["vulnerabilities"].append(
        {"id": VULNERABILITY, "title": "A known fault in the TLS library of settlement-worker", "since": clock.at(90),
         "about": "settlement-worker"}
    )  # fmt: skip
    beside["threats"].append({"id": THREAT, "title": "Keys of an instance used from outside", "since": clock.at(60)})
    return [
        defect(
            estate, "old-issue", (136, 170), "aws.securityhub.critical_sla", issue_arn(estate, ISSUE),
            "A critical Security Hub finding was left open for seven weeks.",
            doing(lambda: None, beside["issues"].clear),
        ),
        defect(
            estate, "old-vulnerability", (121, None), "aws.inspector.vuln_sla",
            vulnerability_arn(estate, VULNERABILITY),
            "A high vulnerability of the settlement worker is open beyond its thirty days.", nothing(),
        ),
        defect(
            estate, "old-threat", (76, 80), "aws.guardduty.findings_sla",
            estate.arn("guardduty", f"detector/d/finding/{THREAT}"),
            "Nobody answered a high GuardDuty finding for three weeks.", doing(lambda: None, beside["threats"].clear),
        ),
    ]  # fmt: skip


def _operations(estate: Estate) -> list[Planted]:
    ledger, alarms = "/halyard/audit/ledger", estate.service("cloudwatch")
    lagging = estate.names["instance:eu-west-1:settlement-worker-2"].rsplit("/", 1)[-1]

    def keep(days: int) -> Any:
        return lambda: estate.service("logs").put_retention_policy(ledger, days)

    return [
        defect(
            estate, "short-log", (45, None), "aws.logs.retention", estate.names[f"log-group:{ledger}"],
            "The ledger's audit log is kept for thirty days only.", doing(keep(30), keep(731)),
        ),
        defect(
            estate, "silent-alarm", (143, None), "aws.cloudwatch.alarms", f"{estate.region_name()}/root-use",
            "The alarm on root use was silenced while root was being used.",
            doing(lambda: alarms.disable_alarm_actions(["root-use"]),
                  lambda: alarms.enable_alarm_actions(["root-use"])),
        ),
        defect(
            estate, "unpatched", (165, None), "aws.ssm.patch_compliance",
            f"instance:{estate.account}/eu-west-1/{lagging}", "A settlement worker missed its last patch window.",
            doing(lambda: estate.beside["lagging"].update({lagging: 4}), estate.beside["lagging"].clear),
        ),
    ]  # fmt: skip
