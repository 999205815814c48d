"""Halyard Payments as its people set it up on the first day: who they are, what they are audited for, what they say they do."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from compliance.access.roles import Role
from compliance.frameworks.models import Framework
from compliance.people.models import Membership, User
from compliance.programmes.models import Phase, PhaseKind, Programme, ProgrammeKind
from compliance.tenancy.ids import NIL
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor, ActorKind
from compliance.trail.services import record
from controls.models import Control, Design, Implementation
from controls.services.adopt import Terms
from controls.services.conclude import conclude_design, confirm_population
from controls.starter.reading import read_starter_set
from evidence.services.adopt import adopt_starter_set
from sample.base import Clock
from sample.people import CAST, ORGANIZATION, SLUG

TIMEZONE = "Europe/Lisbon"
ROLES = {
    "administrator": Role.ADMINISTRATOR, "compliance_manager": Role.COMPLIANCE_MANAGER, "compliance_analyst": Role.COMPLIANCE_MANAGER,
    "approver": Role.APPROVER, "chief_executive": Role.APPROVER, "employee": Role.EMPLOYEE,
    "owner_access": Role.CONTROL_OWNER, "owner_changes": Role.CONTROL_OWNER, "owner_engineering": Role.CONTROL_OWNER,
    "owner_people": Role.CONTROL_OWNER, "owner_platform": Role.CONTROL_OWNER, "owner_security": Role.CONTROL_OWNER,
    "owner_support": Role.CONTROL_OWNER, "owner_vendors": Role.CONTROL_OWNER,
}
#: Who holds the role that the starter set says should own a control.
OWNERS = {
    "Chief executive": "chief_executive", "Head of engineering": "owner_engineering", "Head of people": "owner_people",
    "IT lead": "owner_access", "Office manager": "owner_support", "Platform lead": "owner_platform",
    "Privacy lead": "owner_vendors", "Product lead": "owner_changes", "Security lead": "owner_security",
}
#: Controls that the company has not put in place yet, or has in part: what a real first audit meets.
PLANNED = {"PV-03", "PV-04", "DA-07"}
PARTLY = {"BC-03", "CM-03"}
#: Controls of which nobody has concluded on the design.
NOT_CONCLUDED = {"RK-02", "VN-04", "PH-03"}
#: Sampled controls whose population nobody has confirmed as complete.
NOT_CONFIRMED = {"AC-06", "IN-02", "VN-02"}


@dataclass(frozen=True)
class Cast:
    """The company's members by their part."""

    members: dict[str, Membership]

    def __getitem__(self, part: str) -> Membership:
        return self.members[part]

    def actor(self, part: str) -> Actor:
        member = self.members[part]
        return Actor(ActorKind.PERSON, member.name, member.user_id, member.pk)


def make_organization() -> Organization:
    """The organisation, flagged as a sample: only there may the clock be simulated."""
    return Organization.objects.create(name=ORGANIZATION, slug=SLUG, timezone=TIMEZONE, is_sample=True)


def password() -> str:
    """One password for everybody in the sample, made anew at each build unless FIELDWORK_DEMO_PASSWORD says another."""
    return os.environ.get("FIELDWORK_DEMO_PASSWORD") or "-".join(secrets.token_hex(2) for _ in range(4))


def set_passwords(chosen: str, emails: list[str]) -> None:
    """The same for all of the cast; hashed once, because a sample's time counts."""
    User.objects.filter(email__in=emails).update(password=make_password(chosen))


def bring_in_people() -> Cast:
    """Users and memberships of the cast."""
    members = {}
    for part, role in ROLES.items():
        person = CAST[part]
        user = User.objects.filter(email=person.email).first() or User.objects.create_user(person.email, None, name=person.name)
        members[part] = Membership.objects.create(user=user, role=role, name=person.name, email=person.email, title=person.title)
    cast = Cast(members)
    for part, member in members.items():
        record(actor=cast.actor("compliance_manager"), action="people.membership.began", target=member, after={"role": ROLES[part]})
    return cast


def start_programmes(cast: Cast, clock: Clock) -> list[Programme]:
    """A SOC 2 Type II whose six months end in about two weeks, and ISO 27001 stage 2 in five months."""
    start = clock.start.date() + timedelta(days=14)
    end = start + timedelta(days=183)
    soc2 = Programme.objects.create(
        name="SOC 2 Type II", kind=ProgrammeKind.SOC2_TYPE_2, framework=_framework("soc2-tsc-2017"),
        categories=["availability", "confidentiality"], period_start=start, period_end=end,
        fieldwork_start=end + timedelta(days=14), fieldwork_end=end + timedelta(days=42),
    )
    iso = Programme.objects.create(
        name="ISO 27001 certification", kind=ProgrammeKind.ISO_STAGE_2, framework=_framework("iso27001-2022"),
        period_start=start, period_end=end + timedelta(days=120),
        fieldwork_start=end + timedelta(days=130), fieldwork_end=end + timedelta(days=140),
    )
    for programme in (soc2, iso):
        _phases(programme, clock.start.date())
        record(
            actor=cast.actor("compliance_manager"), action="programmes.programme.started", target=programme,
            after={"kind": programme.kind},
        )
    return [soc2, iso]


def _framework(key: str) -> Framework:
    return Framework.objects.get(organization_id=NIL, key=key)


def _phases(programme: Programme, start: date) -> None:
    assert programme.fieldwork_start is not None and programme.fieldwork_end is not None
    before = programme.fieldwork_start - timedelta(days=30)
    spans = {
        PhaseKind.SCOPING: (start, start + timedelta(days=20)),
        PhaseKind.ASSESSMENT: (start + timedelta(days=21), start + timedelta(days=62)),
        PhaseKind.REMEDIATION: (start + timedelta(days=63), before - timedelta(days=1)),
        PhaseKind.PRE_AUDIT: (before, programme.fieldwork_start - timedelta(days=1)),
        PhaseKind.AUDIT: (programme.fieldwork_start, programme.fieldwork_end),
    }
    Phase.objects.bulk_create(
        [Phase(programme=programme, kind=kind, position=n, starts_on=a, ends_on=b) for n, (kind, (a, b)) in enumerate(spans.items(), 1)]
    )


def adopt(cast: Cast, clock: Clock) -> list[Control]:
    """The starter set with a named owner for each control, in place since before the period but for a few."""
    terms = {
        each.ref: Terms(cast[OWNERS[each.owner_role]], clock.start.date(), _state_of(each.ref))
        for each in read_starter_set().controls
    }
    return adopt_starter_set(actor=cast.actor("compliance_manager"), terms=terms)


def _state_of(ref: str) -> Implementation:
    if ref in PLANNED:
        return Implementation.PLANNED
    return Implementation.PARTLY if ref in PARTLY else Implementation.IMPLEMENTED


def conclude(cast: Cast, clock: Clock) -> None:
    """The gap assessment, six weeks in: designs concluded by somebody else than the owner, populations confirmed."""
    reason = "Walked through with its owner; the design meets the parts that are mapped to it."
    note = "Traced ten items each way between the list and its source, and looked for holes in the sequence."
    for control in Control.objects.exclude(ref__in=NOT_CONCLUDED).exclude(implementation=Implementation.PLANNED):
        judge = "compliance_analyst" if control.owner_id != cast["compliance_analyst"].pk else "compliance_manager"
        conclude_design(actor=cast.actor(judge), control=control, design=Design.SUITABLE, reason=reason)
        if control.tested_by_sample and control.ref not in NOT_CONFIRMED:
            confirm_population(actor=cast.actor(judge), control=control, note=note)


def members_of_room() -> Cast:
    """The cast of a company that is there already."""
    by_email = {member.email: member for member in Membership.objects.filter(organization_id=here().organization_id)}
    return Cast({part: by_email[CAST[part].email] for part in ROLES if CAST[part].email in by_email})
