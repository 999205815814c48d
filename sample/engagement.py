"""Why Halyard wants its reports: who asked, what was chosen and approved, what it is to cost and has cost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from compliance.programmes.models import BudgetLine, BudgetUnit, PhaseKind, Programme
from compliance.programmes.services import (
    add_budget_line,
    add_demand,
    approve_selection,
    change_budget_line,
    write_selection,
)
from sample.base import Clock
from sample.company import Cast

_HOURS, _FEE = BudgetUnit.HOURS, BudgetUnit.FEE
#: Phase, unit, of whom or for what, planned, what it came to (None: not yet known).
_BUDGET: tuple[tuple[str, str, str, int, int | None], ...] = (
    (PhaseKind.SCOPING, _HOURS, "Security", 30, 34),
    (PhaseKind.SCOPING, _HOURS, "Engineering", 16, 12),
    (PhaseKind.ASSESSMENT, _HOURS, "Security", 80, 96),
    (PhaseKind.ASSESSMENT, _HOURS, "Engineering", 40, 58),
    (PhaseKind.ASSESSMENT, _HOURS, "People", 12, 9),
    (PhaseKind.REMEDIATION, _HOURS, "Engineering", 160, 122),
    (PhaseKind.REMEDIATION, _HOURS, "Platform", 120, 131),
    (PhaseKind.REMEDIATION, _FEE, "Penetration test", 18_000, 17_400),
    (PhaseKind.PRE_AUDIT, _HOURS, "Security", 60, None),
    (PhaseKind.AUDIT, _HOURS, "Security", 80, None),
    (PhaseKind.AUDIT, _FEE, "Corbel & Lyne, SOC 2 examination", 42_000, None),
)
_REASON = (
    "Two customers ask for a Type II report that covers at least six months, one of them before it signs. Security alone would "
    "not answer their questions on uptime and on the secrecy of their pricing, so availability and confidentiality are in. "
    "Privacy is not: what we hold of persons is held on behalf of merchants, and nobody has asked for it."
)


def begin(cast: Cast, clock: Clock) -> None:
    """The choice behind the SOC 2 programme, made and approved before its period began, and its budget as it stands."""
    programme = Programme.objects.get(name="SOC 2 Type II")
    manager = cast.actor("compliance_manager")
    assert programme.fieldwork_end is not None
    report = programme.fieldwork_end + timedelta(days=42)
    for asked_by, deal, needed_by, wanted, months in (
        ("Brightwater Retail", "Renewal of the payments contract", report + timedelta(days=30), "SOC 2 Type II", 6),
        ("Norrland Bank", "First contract, merchant insights", report + timedelta(days=75), "SOC 2 Type II with confidentiality", 6),
        ("Investors", "Condition of the next round", None, "SOC 2 report", 0),
    ):
        add_demand(
            actor=manager, programme=programme, asked_by=asked_by, deal=deal, needed_by=needed_by,
            report=wanted, months=months,
        )  # fmt: skip
    selection = write_selection(actor=manager, programme=programme, reason=_REASON, author=cast["compliance_manager"])
    approve_selection(actor=cast.actor("approver"), selection=selection, approver=cast["approver"])
    for phase, unit, what, planned, _ in _BUDGET:
        add_budget_line(
            actor=manager, programme=programme, phase=phase, unit=unit, what=what, currency="EUR" if unit == _FEE else "",
            planned=Decimal(planned),
        )  # fmt: skip


def account(cast: Cast) -> None:
    """What the phases that are over came to, entered six months on."""
    spent = {(phase, what): actual for phase, _, what, _, actual in _BUDGET if actual is not None}
    for line in BudgetLine.objects.filter(programme__name="SOC 2 Type II"):
        if (line.phase, line.what) in spent:
            change_budget_line(
                actor=cast.actor("compliance_manager"), line=line, actual=Decimal(spent[line.phase, line.what])
            )
