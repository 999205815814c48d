"""What an exception does to what a check found. Pure.

Only a failure can be excepted: what could not be looked at was never approved by anybody. An exception of all resources
covers no more failures than there were when it was approved; where there are more the facts are worse than what was
approved, and none is covered by it (definitions, Gaps).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from evidence.checks.base import Finding, Outcome


@dataclass(frozen=True)
class Exempt:
    """An exception that holds today. `resource` empty: all of them, at most `most` failures."""

    ref: str
    resource: str
    until: date
    approved_by: str
    most: int | None = None


def covered(findings: Sequence[Finding], holding: Iterable[Exempt]) -> list[Finding]:
    """The findings, with those failures excepted that an exception covers. What was seen stays in the message."""
    by_resource: dict[str, Exempt] = {}
    general: Exempt | None = None
    for exempt in sorted(holding, key=lambda each: each.until):
        if exempt.resource:
            by_resource[exempt.resource] = exempt
        else:
            general = exempt
    failing = sum(f.outcome is Outcome.FAIL and f.resource[:400] not in by_resource for f in findings)
    if general is not None and general.most is not None and failing > general.most:
        general = None
    return [_excepted(finding, by_resource.get(finding.resource[:400]) or general) for finding in findings]


def _excepted(finding: Finding, exempt: Exempt | None) -> Finding:
    if exempt is None or finding.outcome is not Outcome.FAIL:
        return finding
    said = f"Excepted until {exempt.until.isoformat()} by {exempt.ref}, approved by {exempt.approved_by}."
    seen = f"{finding.message.rstrip('.')}. " if finding.message else ""
    return replace(finding, outcome=Outcome.EXCEPTED, message=f"{seen}{said}")
