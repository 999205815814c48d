"""The sample company's statement of applicability: written and approved in its second month, two exclusions, one that came back."""

from __future__ import annotations

from datetime import timedelta

from compliance.parties.models import Party
from compliance.programmes.models import Programme, ProgrammeKind
from controls.applicability.models import Decision, Doer, Row, Statement
from controls.applicability.services import (
    approve_version,
    determine_climate,
    sign_rows,
    statement_for,
    submit_statement,
    write_row,
)
from controls.models import Control, Implementation, Mapping
from sample.base import Clock
from sample.company import Cast

#: The day of the story on which it is written.
ON = 42
#: Reference, scope reason, risk considered, days until it is looked at again. The first is due before the story ends.
EXCLUDED = (
    ("A.7.6", "There are no secure areas: customer data is handled in cloud accounts, and the offices hold none of it.",
     "Somebody unsupervised in an office would reach screens that lock and disks that are encrypted.", 90),
    ("A.8.30", "All software of the service is developed by staff; no development is given to others.",
     "Code of others enters as libraries alone, which are reviewed and scanned under A.8.28 and A.8.8.", 365),
)  # fmt: skip
#: What drives the controls of a theme, beside what is named below.
_RISKS = {
    "organizational": "R-02: nobody answers for a duty, and it is not done",
    "people": "R-05: an insider misuses access to payments",
    "physical": "R-09: equipment is stolen or destroyed",
    "technological": "R-01: payment data is read or changed by somebody without right",
}
_FURTHER = {
    "A.5.31": ("law", "Payment services and data protection law of the countries of its merchants"),
    "A.5.34": ("law", "GDPR, articles 5, 25 and 32"), "A.8.24": ("contract", "Merchant agreement, 7.2: card data is encrypted"),
    "A.5.24": ("interested_party", "The central bank expects notice of major incidents"),
    "A.5.30": ("contract", "Merchant agreement, 9.1: restored within four hours"),
}  # fmt: skip
#: What the cloud provider does for the company, wholly or in part.
_INHERITED, _SHARED = ("A.7.11", "A.7.12"), ("A.8.13", "A.8.14", "A.8.20")


def write(cast: Cast, clock: Clock) -> None:
    """Write all of it, have the risk signed, and have it approved by somebody who wrote none of it."""
    manager = cast.actor("compliance_manager")
    programme = Programme.objects.select_related("framework").get(kind=ProgrammeKind.ISO_STAGE_2)
    statement = statement_for(actor=manager, programme=programme)
    determine_climate(
        actor=manager, statement=statement, issue=False, parties=True,
        reason="Regions of the cloud provider lie outside of flood plains, and either could carry the load alone. Two banks ask "
        "for yearly figures of emissions.",
    )  # fmt: skip
    for row in Row.objects.filter(statement=statement).select_related("requirement"):
        _say(cast, clock, row)
    rows = list(statement.rows.all())
    sign_rows(
        actor=cast.actor("approver"), rows=rows, signer=cast["approver"],
        reason="What remains is within the appetite that the board set in January.",
    )  # fmt: skip
    version = submit_statement(actor=manager, statement=Statement.objects.get(pk=statement.pk), note="For stage 1")
    approve_version(actor=cast.actor("approver"), version=version, approver=cast["approver"])


def _say(cast: Cast, clock: Clock, row: Row) -> None:
    manager, ref = cast.actor("compliance_manager"), row.requirement.ref
    controls = _controls(row)
    owner = next((each.owner for each in controls if each.owner), cast["compliance_manager"])
    excluded = next((each for each in EXCLUDED if each[0] == ref), None)
    if excluded:
        _, reason, risk, days = excluded
        write_row(
            actor=manager, row=row, decision=Decision.EXCLUDED, scope_reason=reason, risk_considered=risk, owner=owner,
            review_on=(clock.now + timedelta(days=days)).date(),
        )  # fmt: skip
        return
    host = Party.objects.filter(system__name="Amazon Web Services").first() if ref in (*_INHERITED, *_SHARED) else None
    doer = Doer.OWN if host is None else Doer.INHERITED if ref in _INHERITED else Doer.SHARED
    done = "; ".join(f"{each.ref} {each.title}" for each in controls[:4])
    write_row(
        actor=manager, row=row, decision=Decision.INCLUDED, owner=owner, implementation=doer, party=host,
        drivers={"risk": _RISKS[row.requirement.theme], **dict([_FURTHER[ref]] if ref in _FURTHER else [])},
        treatment=f"Treated by {done}." if done else "Treated as the information security policy says.",
    )  # fmt: skip


def _controls(row: Row) -> list[Control]:
    mapped = Mapping.objects.filter(requirement=row.requirement_id).values("control")
    found = Control.objects.filter(pk__in=mapped).exclude(implementation=Implementation.RETIRED)
    return list(found.select_related("owner").order_by("ref"))
