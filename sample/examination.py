"""The audit that has been announced: its firm, the auditor's seat, and the request log so far."""

from __future__ import annotations

from datetime import timedelta

from audits.models import Audit, Request, Seat
from audits.services.audits import open_audit
from audits.services.comments import comment_as_auditor, comment_internally, comment_to_auditor
from audits.services.linking import link_version
from audits.services.moving import fulfil_request, return_request, submit_for_review, submit_request
from audits.services.requests import raise_request
from audits.services.seats import accept_seat, invite_auditor
from compliance.people.models import Membership, User
from compliance.programmes.models import Programme
from compliance.trail.actors import Actor, ActorKind
from controls.models import Control
from evidence.models import EvidenceLink, Version
from sample.base import Clock
from sample.company import Cast

FIRM = "Corbel & Lyne LLP"
AUDITOR = ("tamsin.oyelaran@corbel-lyne.example", "Tamsin Oyelaran")
#: reference of the auditor, criterion, what, kind, control, days until due, how far it has come.
REQUESTS = (
    ("C&L-001", "CC1.1", "Code of conduct with acknowledgements", "document", "EN-01", -6, "fulfilled"),
    ("C&L-002", "CC1.2", "Board minutes in which security was discussed", "document", "EN-02", -6, "submitted"),
    ("C&L-003", "CC2.2", "Internal communication of security duties", "document", "EN-03", -3, "returned"),
    ("C&L-004", "CC3.2", "Risk assessment and risk register", "document", "RK-01", 2, "submitted"),
    ("C&L-005", "CC4.1", "Internal audit plan and results", "document", "CM-01", 4, "in_review"),
    ("C&L-006", "CC6.1", "Settings that require a second factor", "configuration", "AC-01", 4, "submitted"),
    ("C&L-007", "CC6.2/CC6.3", "Population of joiners and leavers in the period", "population", "HR-01", 1, "assigned"),
    ("C&L-008", "CC6.3", "Quarterly access reviews, all quarters", "sample", "AC-05", -2, "assigned"),
    ("C&L-009", "CC6.6", "Rules that admit traffic from the internet", "configuration", "NW-01", 6, "in_review"),
    ("C&L-010", "CC6.7", "Encryption of data in transit", "configuration", "CR-01", 6, "assigned"),
    ("C&L-011", "CC7.1", "Vulnerabilities with their age", "population", "VM-01", 7, "assigned"),
    ("C&L-012", "CC7.2", "Audit logs and alarms", "configuration", "LG-01", 7, "assigned"),
    ("C&L-013", "CC7.3-CC7.5", "Population of incidents in the period", "population", "IN-01", 8, "open"),
    ("C&L-014", "CC8.1", "Population of merged changes", "population", "SD-01", 5, "assigned"),
    ("C&L-015", "CC8.1", "Twenty-five changes, with review and checks", "sample", "SD-01", 12, "open"),
    ("C&L-016", "CC9.2", "Vendor register and yearly reviews", "document", "VN-01", 9, "open"),
    ("C&L-017", "A1.2", "Backups and the latest restore test", "document", "BC-01", 9, "assigned"),
    ("C&L-018", "C1.1", "Inventory of confidential data", "document", "DA-01", 10, "open"),
    ("C&L-019", "Engagement", "Organisation chart", "document", "EN-04", -8, "fulfilled"),
    ("C&L-020", "DC1-DC9", "Draft system description", "document", "", 14, "open"),
)


def announce_audit(cast: Cast, clock: Clock) -> Audit:
    """Two weeks before the period ends: the audit is open, its auditor seated, the request list in."""
    programme = Programme.objects.get(name="SOC 2 Type II")
    assert programme.fieldwork_start and programme.fieldwork_end
    manager = cast.actor("compliance_manager")
    today = clock.now.date()
    audit = open_audit(
        actor=manager, programme=programme, name="SOC 2 Type II examination", firm=FIRM,
        starts_on=programme.fieldwork_start, ends_on=programme.fieldwork_end,
    )
    seat = _seat(cast, audit, clock)
    auditor = Actor(ActorKind.AUDITOR, str(seat), seat.user_id)
    for auditor_ref, criteria, title, kind, control_ref, due, state in REQUESTS:
        control = Control.objects.filter(ref=control_ref).select_related("owner").first()
        request = raise_request(
            actor=manager, audit=audit, title=title, due_date=today + timedelta(days=due), kind=kind, criteria=criteria,
            auditor_ref=auditor_ref, control=control, assignee=control.owner if control and state != "open" else None,
        )
        _bring(cast, request, control, state, seat, auditor)
    return audit


def _seat(cast: Cast, audit: Audit, clock: Clock) -> Seat:
    address, name = AUDITOR
    user = User.objects.filter(email=address).first() or User.objects.create_user(address, None, name=name)
    seat = invite_auditor(
        actor=cast.actor("compliance_manager"), audit=audit, email=address, name=name, firm=FIRM,
        starts_on=clock.now.date(), until=audit.ends_on,
    )
    return accept_seat(user=user, seat=seat, declares_independence=True)


def _bring(cast: Cast, request: Request, control: Control | None, state: str, seat: Seat, auditor: Actor) -> None:
    """Move a request as far as it has come, by the hands that would move it."""
    if state in {"open", "assigned"} or control is None or control.owner is None:
        return
    owner, manager = _as(control.owner), cast.actor("compliance_manager")
    for version in _newest(control):
        link_version(actor=owner, request=request, version=version)
    comment_internally(actor=owner, request=request, text="This is the newest we have; the earlier ones are under the same reference.")
    request = submit_for_review(actor=owner, request=request)
    if state == "in_review":
        return
    request = submit_request(actor=manager, request=request)
    if state == "fulfilled":
        fulfil_request(actor=auditor, request=request, seat=seat)
    elif state == "returned":
        comment_as_auditor(actor=auditor, request=request, seat=seat, text="Which of these was shown to new joiners, and when?")
        return_request(actor=auditor, request=request, seat=seat, reason="It does not show when it was communicated.")
        comment_to_auditor(actor=manager, request=request, text="We will add the dates from the people system.")


def _as(member: Membership) -> Actor:
    return Actor(ActorKind.PERSON, member.name, member.user_id, member.pk)


def _newest(control: Control) -> list[Version]:
    """The newest version of each artefact that serves the control, two at most."""
    ids = EvidenceLink.objects.filter(requirement__control=control).values_list("artefact_id", flat=True)
    found = Version.objects.filter(artefact_id__in=list(ids)).order_by("artefact_id", "-number").distinct("artefact_id")
    return list(found[:2])
