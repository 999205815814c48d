"""Whom the sample company relies on: seven third parties, six of them with one trouble each that a warning names, what it has
promised its own customers, and the store of their data that it left out of scope without looking at what it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from compliance.commitments.services import add_commitment
from compliance.frameworks.choosing import found_by_refs
from compliance.parties.models import Party, PartyReport
from compliance.parties.services import (
    add_cuecs,
    add_letter,
    add_own_cuec,
    add_party,
    add_report,
    expect_control,
    record_review,
)
from compliance.registers.models import System
from compliance.registers.services import add_system, decide_scope
from controls.complements.services import map_cuec
from controls.models import Control
from evidence.assurance.services import keep_paper
from sample.base import DAYS, Clock
from sample.company import Cast

#: Days of the story on which something of a third party happens.
BEGIN, REVIEWED, PAPERS, LETTERS = 0, 84, DAYS - 14, DAYS
ON = {BEGIN, REVIEWED, PAPERS, LETTERS}
#: A store of customers' data that was decided to be out of scope, and the rule that minds.
LEFT_OUT, MINDS = "Recordings of support calls", "SCO-04"


@dataclass(frozen=True)
class Relied:
    """A third party as the company relies on it, and the rule that its one trouble raises; empty for one in order."""

    name: str
    trouble: str  # in words: `trouble_said`
    services: tuple[str, ...]
    auditor: str = ""
    role: str = "subservice"
    method: str = "carve_out"
    regions: tuple[str, ...] = ()
    data: tuple[str, ...] = ("customer",)
    purpose: str = ""
    ends: int = PAPERS - 20
    opinion: str = "unmodified"
    exceptions: str = ""
    nested: tuple[str, ...] = ()
    letter: bool = True
    reviewed: bool = True
    expected: tuple[tuple[str, str], ...] = ()
    cuecs: tuple[tuple[str, str], ...] = field(default=())

    @property
    def trouble_said(self) -> str:
        return f"{_TROUBLES[self.trouble]}."


RELIED: tuple[Relied, ...] = (
    Relied(
        "Amazon Web Services", "PTY-01", ("EC2", "RDS", "S3", "KMS"), "Harcourt & Lowe LLP", regions=("eu-west-1",),
        purpose="Runs the servers, databases and storage of the payment platform.", ends=110, letter=False,
        expected=(
            ("Data centres are entered by authorised people only, and each entry is logged.", "CC6.4"),
            ("Media that held customer data are wiped or destroyed before they leave a data centre.", "CC6.5"),
            ("Power, cooling and networks of a region are redundant and watched.", "A1.2"),
        ),
        cuecs=(("Access to the account is given by role, with a second factor.", "AC-01"),),
    ),
    Relied(
        "Okta", "PTY-08", ("Workforce Identity",), "Merriden Assurance LLP",
        purpose="Signs the company’s people in to everything.", data=(),
        expected=(("Its staff enter customers’ tenants only with permission, and each entry is logged.", "CC6.1"),),
        cuecs=(
            ("Administrators sign in with a factor that resists phishing.", "AC-01"),
            ("Leavers are disabled on their last day.", ""),
            ("The system log is kept and looked at.", ""),
        ),
    ),
    Relied(
        "GitHub", "PTY-07", ("GitHub Enterprise Cloud",), "Merriden Assurance LLP",
        purpose="Holds the source code, its reviews and the pipeline that deploys it.", data=(), nested=("Northgate Hosting",),
        expected=(("Repositories are kept apart between customers.", "CC6.1"),),
        cuecs=(("Changes are reviewed before they are merged.", "SD-02"),),
    ),
    Relied(
        "Tessellate Card Processing", "PTY-06", ("Card acquiring",), "Dunmore CPA", opinion="qualified",
        purpose="Processes card payments on the company’s behalf.",
        exceptions="Access of four leavers to the settlement system stayed for up to 41 days.",
        expected=(("Card numbers are encrypted where they are stored.", "CC6.1"),),
        cuecs=(("Refunds above a limit are approved by a second person.", "DA-04"),),
    ),
    Relied(
        "Paperboat Mail", "PTY-12", ("Transactional mail",), "", role="vendor", method="", letter=False, reviewed=False,
        data=("customer", "personal"), purpose="Sends receipts and notices to the customers of merchants.",
    ),
    Relied(
        "Quillmark Payroll", "PTY-05", ("Payroll",), "Fennimore LLP", role="vendor", method="", letter=False, ends=-220, data=(),
        purpose="Pays the company’s people.",
    ),
    Relied(
        "Harbour Support Desk", "", ("Ticketing",), "", role="vendor", method="", letter=False,
        purpose="Holds what customers ask and what they were told.",
    ),
)  # fmt: skip

_TROUBLES = {
    "PTY-01": "days of the period that neither its report nor a letter covers",
    "PTY-05": "its newest report is older than a year",
    "PTY-06": "its auditor's opinion is qualified",
    "PTY-07": "it relies on another, and nobody has answered for that",
    "PTY-08": "duties that it leaves to us are mapped to no control",
    "PTY-12": "customers' data reach it, and nobody has reviewed it",
}  # fmt: skip

BY_NAME = {relied.name: relied for relied in RELIED}

COMMITMENTS: tuple[dict[str, Any], ...] = (
    {"kind": "commitment", "promise": "uptime", "text": "The payment API is available 99.9% of each calendar month.",
     "source": "Master services agreement, schedule 2, clause 1", "refs": "A1.1 A1.2"},
    {"kind": "commitment", "promise": "secrecy", "text": "Merchants’ data are kept confidential and encrypted in transit and at rest.",
     "source": "Master services agreement, clause 9.2", "refs": "C1.1 CC6.1 CC6.7"},
    {"kind": "commitment", "promise": "secrecy", "text": "A merchant’s data are deleted within 60 days of the end of the agreement.",
     "source": "Master services agreement, clause 14.4", "refs": "C1.2"},
    {"kind": "commitment", "promise": "accuracy", "text": "Each payment is settled completely and accurately, once.",
     "source": "Master services agreement, clause 4.1", "refs": ""},
    {"kind": "requirement", "promise": "other", "text": "Only people who need it for their work can reach production.",
     "source": "Information security policy, statement 12", "refs": "CC6.1 CC6.3"},
)
OWN = (
    ("Keep API keys secret, and replace one at once when it may have become known.", "CC6.1"),
    ("Remove dashboard accounts of people who leave.", "CC6.2 CC6.3"),
    ("Tell support without delay of payments that look wrong.", "CC7.3"),
)


def on_day(day: int, cast: Cast, clock: Clock) -> None:
    """What happens of it on a day of the story."""
    if day == BEGIN:
        _begin(cast, clock)
    elif day == REVIEWED:
        _review(cast)
    elif day == PAPERS:
        for relied in RELIED:
            if relied.auditor:
                _papers(cast, clock, relied)
    elif day == LETTERS:
        for report in PartyReport.objects.select_related("party__system").order_by("id"):
            if BY_NAME[report.party.name].letter:
                _letter(cast, clock, report)


def _begin(cast: Cast, clock: Clock) -> None:
    manager = cast.actor("compliance_manager")
    known = {system.name: system for system in System.objects.filter(kind="third_party")}
    for relied in RELIED:
        system = known.get(relied.name) or add_system(actor=manager, kind="third_party", name=relied.name, environment="production")
        if relied.data:
            System.objects.filter(pk=system.pk).update(data_classes=list(relied.data))
        if system.decision == "undecided":
            decide_scope(actor=manager, system=system, decision="in", justification=relied.purpose)
        cadence = {"review_months": 6, "first_review_due": _day(clock, REVIEWED + 5)} if relied.reviewed else {}
        party = add_party(
            actor=manager, system=system, role=relied.role, method=relied.method, purpose=relied.purpose,
            services_used=list(relied.services), regions=list(relied.regions), reviewer=cast["owner_vendors"], **cadence,
        )  # fmt: skip
        for text, refs in relied.expected:
            expect_control(actor=manager, party=party, text=text, requirements=found_by_refs(refs.split()))
    for promised in COMMITMENTS:
        fields = {name: promised[name] for name in ("kind", "promise", "text", "source")}
        add_commitment(actor=manager, requirements=found_by_refs(promised["refs"].split()), **fields)
    for text, refs in OWN:
        add_own_cuec(actor=manager, text=text, requirements=found_by_refs(refs.split()))
    store = add_system(
        actor=manager, kind="data_store", name=LEFT_OUT, data_classes=["customer", "personal"], environment="production"
    )
    decide_scope(actor=manager, system=store, decision="out", justification="Kept by Support for training; not part of the product.")


def _review(cast: Cast) -> None:
    for party in Party.objects.filter(first_review_due__isnull=False):
        record_review(
            actor=cast.actor("owner_vendors"), party=party, outcome="satisfactory",
            note="Contract, incidents and public statements were read; what it does for us has not changed.",
        )  # fmt: skip


def _papers(cast: Cast, clock: Clock, relied: Relied) -> None:
    manager = cast.actor("compliance_manager")
    party = Party.objects.select_related("system").get(system__name=relied.name)
    ends = _day(clock, relied.ends)
    report = add_report(
        actor=manager, party=party, kind="soc2_type_2", issuer=relied.auditor, starts_on=ends - timedelta(days=364), ends_on=ends,
        issued_on=ends + timedelta(days=12), services=list(relied.services), regions=list(relied.regions),
        opinion=relied.opinion, exceptions=relied.exceptions, nested=list(relied.nested),
    )  # fmt: skip
    keep_paper(
        actor=manager, paper=report, content=[_text(relied, report)], filename=f"{relied.name.lower().replace(' ', '-')}.md",
        media_type="text/markdown", provided_by=cast["compliance_manager"],
    )  # fmt: skip
    if relied.cuecs:
        rows = [(f"CUEC {number}", text) for number, (text, _) in enumerate(relied.cuecs, start=1)]
        added = add_cuecs(actor=manager, report=report, rows=rows)
        for cuec, (_, ref) in zip(added, relied.cuecs, strict=True):
            if ref:
                map_cuec(actor=manager, cuec=cuec, controls=[Control.objects.get(ref=ref)])


def _letter(cast: Cast, clock: Clock, report: PartyReport) -> None:
    """From the day after the report to the story's last, on which it is signed."""
    last = _day(clock, LETTERS)
    add_letter(
        actor=cast.actor("compliance_manager"), party=report.party, report=report, starts_on=report.ends_on + timedelta(days=1),
        ends_on=last, services=report.party.services_used, signed_by="Chief information security officer", signed_on=last,
        incidents="none", statement="No material change of controls and no incident since the report.",
    )  # fmt: skip


def _text(relied: Relied, report: PartyReport) -> bytes:
    lines = [f"# {relied.name}: {report.get_kind_display()}", "", f"Issued by {report.issuer} for {report.starts_on} to {report.ends_on}."]
    return "\n".join([*lines, "", "A sample: no such report was ever issued.", ""]).encode()


def _day(clock: Clock, number: int) -> date:
    return clock.at(number).date()
