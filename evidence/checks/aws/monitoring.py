"""The watchers: Config, GuardDuty, Security Hub and Inspector, switched on where we work."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.checks.aws.reading import arn
from evidence.checks.base import Facts, Finding, Row, Severity, check, each, required

RECORDERS, DETECTORS = "aws.config.recorders", "aws.guardduty.detectors"
HUBS, STATUS = "aws.securityhub.hubs", "aws.inspector.status"


@check(
    "aws.config.recorder", title="AWS Config is recording in every region", resource="region", version=2,
    severity=Severity.HIGH, criteria="CC7.1", annex_a="A.8.9", facts=RECORDERS,
    why="The recorder is the history of the configuration; what it did not see cannot be reconstructed.",
    remedy="Config, Settings: start the recorder.",
)  # fmt: skip
def recorder(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        recorders, recording = required(row, "recorders"), required(row, "recording")
        if not recorders:
            return False, "There is no recorder."
        on = any(recording.get(one["name"]) for one in recorders)
        return on, "" if on else "The recorder is stopped."

    return each(facts, RECORDERS, arn, judge)


@check(
    "aws.config.all_types", title="AWS Config records every type of resource", resource="region",
    severity=Severity.HIGH, criteria="CC7.1", annex_a="A.8.9", facts=RECORDERS,
    why="A type that is left out has no history, and it is the one that will be asked about.",
    remedy="Config, Settings: record all supported resource types.",
)  # fmt: skip
def all_types(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str] | None:
        recorders = required(row, "recorders")
        required(row, "recording")
        if not recorders:
            return None  # there is nothing that could leave a type out: that none records fails elsewhere
        whole = any(one["all_supported"] or one["strategy"] == "ALL_SUPPORTED_RESOURCE_TYPES" for one in recorders)
        return whole, "" if whole else "The recorder leaves resource types out."

    return each(facts, RECORDERS, arn, judge)


@check(
    "aws.guardduty.enabled", title="GuardDuty is on in every region", resource="region", severity=Severity.HIGH,
    criteria="CC7.2 CC6.8", annex_a="A.8.16 A.8.7", facts=DETECTORS,
    why="An intruder picks the region nobody watches.",
    remedy="GuardDuty in that region: enable it, or add the region to the organisation's delegated administrator.",
)  # fmt: skip
def guardduty_enabled(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        detectors = required(row, "detectors")
        if not detectors:
            return False, "There is no detector."
        on = any(one["status"] == "ENABLED" for one in detectors)
        return on, "" if on else "The detector is suspended."

    return each(facts, DETECTORS, arn, judge)


@check(
    "aws.securityhub.enabled", title="Security Hub is on with a standard in every region", resource="region",
    severity=Severity.MEDIUM, criteria="CC7.1 CC4.1", annex_a="A.8.9 A.5.36", facts=HUBS,
    why="It measures the configuration against a written standard every day, which is monitoring an auditor knows.",
    remedy="Security Hub in that region: enable it with AWS Foundational Security Best Practices.",
)  # fmt: skip
def securityhub_enabled(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        if not required(row, "enabled"):
            return False, "Security Hub is off."
        running = [one for one in required(row, "standards") if one["status"] in ("READY", "INCOMPLETE", "PENDING")]
        return bool(running), "" if running else "No standard is enabled."

    return each(facts, HUBS, arn, judge)


@check(
    "aws.inspector.enabled", title="Inspector scans instances, images and functions", resource="region",
    severity=Severity.HIGH, criteria="CC7.1", annex_a="A.8.8", facts=STATUS,
    why="A vulnerability nobody looks for is closed by nobody.",
    remedy="Inspector in that region: activate EC2, ECR and Lambda scanning.",
)  # fmt: skip
def inspector_enabled(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        scanning = required(row, "scanning")
        off = sorted(what for what, status in scanning.items() if status != "ENABLED")
        return not off, f"Not scanned: {', '.join(off)}." if off else ""

    return each(facts, STATUS, arn, judge)
