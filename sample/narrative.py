"""What the sample company has written of itself: incidents and changes, the system description so far, and its rounds."""

from __future__ import annotations

from datetime import date, timedelta

from compliance.descriptions.services import description_for, keep_version, write_section
from compliance.ledger.services import decide_disclosure, record_change, record_incident
from compliance.programmes.models import Programme
from compliance.registers.models import Kind, System
from compliance.rounds.services import add_action, close_review, open_review, record_confirmation, write_review
from sample.base import Clock
from sample.company import Cast

#: day of the story, kind, title, text, decision ("" is undecided), reason
CHANGES = (
    (40, "software", "Settlement files are written by a new service", "It replaces the nightly batch. Reviews, tests and "
     "approvals of changes apply to it from its first release.", "disclose", "Customers receive the files that it writes."),
    (76, "people", "Support has its own team lead", "Access of the team is reviewed by the lead since then.", "keep_out",
     "The controls and who answers for them to customers stay as they were."),
    (151, "infrastructure", "A second region holds the backups", "Copies are encrypted and restored from once a quarter.", "", ""),
)  # fmt: skip
INCIDENT = {
    "title": "Payment status was late for ninety minutes",
    "nature": "A release of the status service held its queue. An alarm of its age told the engineer on call.",
    "extent": "Statuses of 214 customers were up to ninety minutes late. No payment was lost, and no data was shown to anybody else.",
    "disposition": "The release was rolled back. A check of the queue’s age now runs before a release goes on; customers were told "
    "the same day.",
}  # fmt: skip
TEXTS = {
    "DC1": "Halyard Payments moves money between the accounts of merchants and their banks.\n\n"
    "Customers use the service in two ways:\n\n- **by API**, for payments and their status;\n- **by web page**, for reports and refunds.",
    "DC2": "Commitments are made in the master services agreement and on the status page. Requirements of the system follow from "
    "them and from law, and are kept in the register of commitments.",
    "DC3": "## Infrastructure and software\n\nThe service runs in two cloud accounts, production and log archive, in one region. "
    "Code is kept, reviewed and built in one code host.\n\n## Procedures\n\nAccess, changes, incidents and backups follow written "
    "procedures that are reviewed once a year.\n\n## Boundary\n\nThe Rotterdam office handles no customer data and lies outside.",
    "DC4": "One incident of the period led to a commitment that was not met. It is told in the table below, with what was done.",
    "DC5": "Management sets the tone by a code of conduct that everybody acknowledges each year. Risks are assessed twice a year; "
    "controls are watched by automated checks and by reviews of their owners.",
    "DC6": "Customers are told of these controls in the agreement and in the developer pages.",
    "DC7": "The organisations below are presented by the method named for each. Their reports are read once a year.",
    "DC8": "TBC once the counsel’s note on processing of personal data is in.",
}  # fmt: skip


def tell(cast: Cast, clock: Clock) -> None:
    """Write all of it, as it stands two weeks before the period ends. The changes of late and DC 9 wait for somebody."""
    programme = Programme.objects.select_related("framework").get(name="SOC 2 Type II")
    _happened(cast, clock)
    _described(cast, programme)
    _rounds(cast, clock, programme)


def _happened(cast: Cast, clock: Clock) -> None:
    actor = cast.actor("compliance_manager")
    touched = list(System.objects.filter(kind=Kind.CLOUD_ACCOUNT).order_by("ref")[:1])
    for day, kind, title, text, decision, reason in CHANGES:
        change = record_change(
            actor=actor, kind=kind, title=title, text=text, happened_on=clock.at(day).date(), systems=touched
        )
        if decision:
            decide_disclosure(actor=actor, entry=change, disclosure=decision, reason=reason)
    on = clock.at(95).date()
    incident = record_incident(actor=actor, started_on=on, ended_on=on, broke_commitments=True, systems=touched, **INCIDENT)
    decide_disclosure(actor=actor, entry=incident, disclosure="disclose", reason="A commitment of timeliness was not met.")


def _described(cast: Cast, programme: Programme) -> None:
    description = description_for(programme)
    for key, text in TEXTS.items():
        writer = "compliance_analyst" if key in {"DC3", "DC5"} else "compliance_manager"
        write_section(actor=cast.actor(writer), description=description, key=key, text=text, revision=0)
    keep_version(actor=cast.actor("compliance_manager"), description=description, note="For a first reading by the auditor")
    more = f"{TEXTS['DC1']}\n\nA third way, files over SFTP, is offered to banks."
    write_section(actor=cast.actor("compliance_analyst"), description=description, key="DC1", text=more, revision=1)


def _rounds(cast: Cast, clock: Clock, programme: Programme) -> None:
    actor, today = cast.actor("compliance_manager"), clock.now.date()
    record_confirmation(
        actor=actor, programme=programme, confirmed_by="Tamsin Oyelaran", firm="Corbel & Lyne LLP",
        confirmed_on=today - timedelta(days=3), source=f"Planning call, minutes of {today - timedelta(days=3):%d %B %Y}.",
    )  # fmt: skip
    last = today.replace(day=1) - timedelta(days=1)
    review = open_review(actor=actor, programme=programme, cadence="monthly", covers_from=last.replace(day=1), covers_to=last)
    write_review(actor=actor, review=review, **_notes(today))
    add_action(
        actor=actor, review=review, text="Decide whether the second region is told in DC 9", owner=cast["compliance_analyst"],
        due_on=today + timedelta(days=7),
    )  # fmt: skip
    add_action(
        actor=actor, review=review, text="Name who restores from the second region each quarter",
        owner=cast["owner_platform"], due_on=today - timedelta(days=1),
    )  # fmt: skip
    close_review(actor=actor, review=review)


def _notes(today: date) -> dict[str, object]:
    return {
        "held_on": today - timedelta(days=4), "attended": "Compliance manager, compliance analyst, platform lead, security lead",
        "framework_changes": "None: no new version, and no request of the auditor that changes a criterion.",
        "business_changes": "The second region for backups went live; the rest is in the list.",
        "scope": "The second region is inside the boundary. Its account is entered in the register.",
        "lessons": "A change of infrastructure reached the register two weeks late: platform changes now name it on the ticket.",
    }  # fmt: skip
