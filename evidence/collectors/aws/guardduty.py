"""GuardDuty: the detector of each region, and its open findings of high severity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evidence.checks.base import Reason, Row
from evidence.collectors.aws.answers import field, lists, unread
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import actions, regional
from evidence.collectors.base import Context, FactKind, Page

#: GuardDuty calls 7.0 and above high; archived findings are those somebody has dealt with.
_OPEN_AND_HIGH = {"Criterion": {"severity": {"GreaterThanOrEqual": 7}, "service.archived": {"Equals": ["false"]}}}
_CALLS = ("guardduty:ListDetectors", "guardduty:GetDetector")


def _detector_ids(session: AwsSession, region: str) -> list[str]:
    answers = session.shared("guardduty", "ListDetectors", region, expect="DetectorIds")
    return [id for answer in answers for id in answer["DetectorIds"]]


def _ask(session: AwsSession, region: str, context: Context) -> dict[str, Any]:
    detectors = [
        {"id": id, **session.call("guardduty", "GetDetector", region, DetectorId=id, expect="Status")}
        for id in _detector_ids(session, region)
    ]
    return {"GetDetector": {"detectors": detectors}}


def _read(answers: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "detectors": field(
            answers, "GetDetector",
            lambda a: [{"id": one["id"], "status": one["Status"]} for one in a["detectors"]],
        )
    }  # fmt: skip


def _findings(session: AwsSession, context: Context) -> Iterator[Page]:
    def fetch(region: str) -> Iterator[Page]:
        detectors = _detector_ids(session, region)
        if not detectors:
            yield session.page("guardduty:ListDetectors", {"DetectorIds": []}, region)
        for detector in detectors:
            listed = session.answers(
                "guardduty", "ListFindings", region, DetectorId=detector, FindingCriteria=_OPEN_AND_HIGH
            )
            ids = [id for answer in listed for id in answer["FindingIds"]]
            if not ids:
                yield session.page("guardduty:ListFindings", {"Findings": []}, region, DetectorId=detector)
            for fifty in (ids[start : start + 50] for start in range(0, len(ids), 50)):
                yield from session.pages(
                    "guardduty", "GetFindings", region, expect="Findings", DetectorId=detector, FindingIds=fifty
                )

    return session.by_region(fetch)


def _finding(item: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "arn": item["Arn"], "title": item.get("Title"), "type": item.get("Type"), "severity": item.get("Severity"),
        "created": item.get("CreatedAt"), "first_seen": (item.get("Service") or {}).get("EventFirstSeen"),
    }  # fmt: skip


def _finding_rows(pages: Sequence[Page]) -> Iterator[Row]:
    for page in pages:
        if page.call == "guardduty:ListDetectors" and "error" not in page.body:
            yield unread(page, Reason.NOT_LICENSED.value)  # nobody watches this region: its findings are not known
        else:
            yield from lists("Findings", _finding)([page])


KINDS: tuple[FactKind, ...] = (
    regional("aws.guardduty.detectors", "GuardDuty detectors", _CALLS, _ask, _read),
    FactKind(
        "aws.guardduty.findings", "Open GuardDuty findings of high severity", _findings, _finding_rows,
        actions("guardduty:ListDetectors", "guardduty:ListFindings", "guardduty:GetFindings"), can_be_empty=True,
    ),
)  # fmt: skip
