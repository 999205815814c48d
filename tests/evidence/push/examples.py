"""Rows that show what each check of pushed facts comes to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from evidence.checks import catalogue
from evidence.checks.base import Facts, FactSet, Outcome
from evidence.collectors.push.kinds import KINDS

NOW = datetime(2026, 11, 30, 6, tzinfo=UTC)
PASS, FAIL, UNKNOWN, NONE = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE
WORKERS = [
    {"email": "ada@acme.example", "active": True, "end_date": None},
    {"email": "gone@acme.example", "active": False, "end_date": "2026-10-31"},
]
_EMPTY = {kind.id: kind.can_be_empty for kind in KINDS}

ACCOUNT = {"login": "ada@acme.example", "active": True, "mfa": True}
CHANGE = {
    "id": "CHG-1", "author": "bo@acme.example", "approved_by": "ada@acme.example", "approved_at": "2026-11-28T10:00:00Z",
    "deployed_at": "2026-11-28T11:00:00Z",
}  # fmt: skip
HOLE = {"id": "CVE-1", "asset": "api-7", "severity": "high", "first_seen_at": "2026-11-20T04:00:00Z"}
BACKUP = {"store": "billing", "status": "succeeded", "finished_at": "2026-11-30T02:00:00Z"}
FOUND = {"check": "s3_public", "resource": "arn:aws:s3:::acme", "status": "pass"}

#: Check, what its row says differently from a sound one, what it comes to, and a word of its message.
CASES: list[tuple[str, dict[str, Any], Outcome, str]] = [
    ("push.accounts.second_factor", {}, PASS, ""),
    ("push.accounts.second_factor", {"mfa": False}, FAIL, "password alone"),
    ("push.accounts.second_factor", {"mfa": None}, UNKNOWN, "not sent"),
    ("push.accounts.second_factor", {"active": False, "mfa": False}, NONE, ""),
    ("push.accounts.second_factor", {"service_account": True, "mfa": False}, NONE, ""),
    ("push.accounts.leavers", {}, PASS, ""),
    ("push.accounts.leavers", {"login": "g", "email": "Gone@acme.example"}, FAIL, "2026-10-31"),
    ("push.accounts.leavers", {"login": "nobody@acme.example"}, UNKNOWN, "people list"),
    ("push.accounts.leavers", {"login": "gone@acme.example", "active": False}, NONE, ""),
    ("push.devices.encrypted", {"serial": "C1", "encrypted": True}, PASS, ""),
    ("push.devices.encrypted", {"serial": "C1", "encrypted": False, "name": "ada-mbp"}, FAIL, "ada-mbp"),
    ("push.devices.encrypted", {"serial": "C1"}, UNKNOWN, "not sent"),
    ("push.devices.encrypted", {"serial": "C1", "platform": "ios"}, NONE, ""),
    ("push.changes.approved", {}, PASS, ""),
    ("push.changes.approved", {"approved_by": "BO@acme.example"}, FAIL, "who made it"),
    ("push.changes.approved", {"approved_by": None}, FAIL, "Nobody"),
    ("push.changes.approved", {"approved_at": "2026-11-28T11:00:01Z"}, FAIL, "before it was approved"),
    ("push.changes.approved", {"approved_at": None}, UNKNOWN, "approved_at"),
    ("push.changes.approved", {"emergency": True, "approved_at": "2026-11-29T11:00:00Z"}, PASS, ""),
    ("push.changes.approved", {"emergency": True, "approved_at": "2026-12-02T11:00:00Z"}, FAIL, "days after"),
    ("push.changes.approved", {"emergency": True, "approved_by": None, "deployed_at": "2026-11-29T11:00:00Z"}, NONE, ""),
    ("push.changes.approved", {"emergency": True, "approved_by": None}, NONE, ""),
    ("push.vulnerabilities.in_time", {}, PASS, ""),
    ("push.vulnerabilities.in_time", {"first_seen_at": "2026-10-01T04:00:00Z"}, FAIL, "60 days"),
    ("push.vulnerabilities.in_time", {"severity": "unknown", "first_seen_at": "2026-11-10T04:00:00Z"}, FAIL, "critical"),
    ("push.vulnerabilities.in_time", {"first_seen_at": "yesterday"}, UNKNOWN, "no time"),
    ("push.vulnerabilities.in_time", {"severity": "low", "first_seen_at": "2020-01-01T00:00:00Z"}, NONE, ""),
    ("push.backups.fresh", {}, PASS, ""),
    ("push.backups.fresh", {"status": "failed"}, FAIL, "failed"),
    ("push.backups.fresh", {"status": "partial"}, FAIL, "a part"),
    ("push.backups.fresh", {"finished_at": "2026-11-28T02:00:00Z"}, FAIL, "52 hours"),
    ("push.backups.fresh", {"finished_at": "2026-11-28T02:00:00"}, UNKNOWN, "offset"),
    ("push.findings.open", {}, PASS, ""),
    ("push.findings.open", {"status": "fail", "severity": "high", "requirements": ["CIS 1", "SOC2 cc_6_1"]}, FAIL, "(SOC2 cc_6_1)"),
    ("push.findings.open", {"status": "fail", "muted": True, "detail": "Public."}, FAIL, "Muted at the scanner"),
    ("push.findings.open", {"status": "manual"}, UNKNOWN, "a person has to look"),
    ("push.findings.open", {"status": "unknown"}, UNKNOWN, "did not say"),
    ("push.findings.open", {"status": "unknown", "muted": True}, UNKNOWN, "did not say"),
]  # fmt: skip
_SOUND = {"push.accounts": ACCOUNT, "push.devices": {}, "push.changes": CHANGE, "push.vulnerabilities": HOLE,
          "push.backups": BACKUP, "push.findings": FOUND}  # fmt: skip

#: Check and rows, for tests/evidence/test_every_outcome.py.
EXAMPLES = [(check, [{**_SOUND[check.rpartition(".")[0]], **changed}]) for check, changed, _, _ in CASES]


def facts_of(check: str, rows: list[dict[str, Any]], **more: Any) -> Facts:
    """Facts of the kind that a check reads, with the people list beside them."""
    kind = next(each for each in catalogue.load()[check].facts if each.startswith("push."))
    sets = {
        kind: FactSet(kind, rows, NOW, can_be_empty=_EMPTY[kind], **more),
        "org.workers": FactSet("org.workers", WORKERS, NOW),
    }
    return Facts(NOW, sets)


def row_of(check: str, changed: dict[str, Any]) -> dict[str, Any]:
    return {**_SOUND[check.rpartition(".")[0]], **changed}
