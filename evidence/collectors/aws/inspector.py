"""Inspector: what it scans in each region, and the critical and high vulnerabilities it has open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evidence.collectors.aws.answers import field, lists
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import actions, regional
from evidence.collectors.base import Context, FactKind, Page


def _is(value: str) -> dict[str, str]:
    return {"comparison": "EQUALS", "value": value}


_OPEN = {"findingStatus": [_is("ACTIVE")], "severity": [_is("CRITICAL"), _is("HIGH"), _is("MEDIUM")]}


def _ask(session: AwsSession, region: str, context: Context) -> dict[str, Any]:
    answer = session.call(
        "inspector2", "BatchGetAccountStatus", region, accountIds=[session.account], expect="accounts"
    )
    return {"BatchGetAccountStatus": answer}


def _read(answers: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    def scanned(answer: Mapping[str, Any]) -> dict[str, str]:
        # No account in the answer is no answer about ours: IndexError makes the field unknown.
        mine = [one for one in answer["accounts"] if one["accountId"] == where["account"]][0]
        return {what: mine["resourceState"][what]["status"] for what in ("ec2", "ecr", "lambda")}

    return {"scanning": field(answers, "BatchGetAccountStatus", scanned)}


def _finding(item: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    resources = item.get("resources") or [{}]
    return {
        "arn": item["findingArn"], "title": item.get("title"), "severity": item.get("severity"),
        "first_seen": item.get("firstObservedAt"), "fix": item.get("fixAvailable"), "about": resources[0].get("id"),
    }  # fmt: skip


def _findings(session: AwsSession, context: Context) -> Iterator[Page]:
    # A delegated administrator is answered for all its members: only our account is asked about.
    wanted = {**_OPEN, "awsAccountId": [_is(session.account)]}
    return session.by_region(
        lambda region: session.pages("inspector2", "ListFindings", region, expect="findings", filterCriteria=wanted)
    )


KINDS: tuple[FactKind, ...] = (
    regional("aws.inspector.status", "What Inspector scans", ("inspector2:BatchGetAccountStatus",), _ask, _read),
    FactKind(
        "aws.inspector.findings", "Open vulnerabilities that Inspector found", _findings, lists("findings", _finding),
        actions("inspector2:ListFindings"), can_be_empty=True,
    ),
)  # fmt: skip
