"""One object of every kind that a URL names, for the laws that walk all URLs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from audits.models import Audit, Request, RequestEvidence, Seat, SharedPack
from audits.readiness.models import FiguresAtClose
from audits.reports.models import Report
from compliance.commitments.models import Commitment
from compliance.descriptions.models import Description, Section
from compliance.descriptions.models import Version as DescriptionVersion
from compliance.frameworks.models import Framework, FrameworkImport, Requirement
from compliance.ledger.models import Change, Incident
from compliance.parties.models import (
    BridgeLetter,
    ExpectedControl,
    NestedCarveOut,
    OwnUserEntityControl,
    Party,
    PartyReport,
    PartyReview,
    UserEntityControl,
)
from compliance.people.models import Invitation, Membership, Token, User
from compliance.people.secrets import digest, issue
from compliance.programmes.models import BudgetLine, Demand, Phase, Programme, Selection
from compliance.registers.models import DataClass, Flow, Service, System, SystemService, Worker
from compliance.rounds.models import Action, Confirmation, Review
from compliance.scoping.models import Answer, CheckList, ScopeWarning, WarningDecision
from compliance.tenancy.clock import now, today
from compliance.tenancy.ids import NIL, uuid7
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here, scope
from compliance.trail.actors import SYSTEM
from compliance.web.imports.models import ImportDraft
from controls.applicability.models import Row, Statement
from controls.applicability.models import Version as StatementVersion
from controls.crosswalk.models import Dismissal
from controls.models import (
    Compensation,
    Control,
    ControlService,
    ControlSystem,
    ControlVersion,
    DesignConclusion,
    Mapping,
    Standing,
)
from controls.reviews.models import Answer as ReviewAnswer
from controls.reviews.models import Delegation, Notice, ReviewPlan
from controls.reviews.models import Review as ControlReview
from controls.saved_views.models import DefaultView, SavedView
from evidence.accessreviews.models import Account, AccountList, Campaign, Decision, ListSource, Removal
from evidence.assurance.models import PartyPaper
from evidence.attesting.models import Backing
from evidence.collectors.models import Connection, Cursor, KindState, PushRefusal, Run, RunStep, Snapshot
from evidence.coverage.models import Coverage
from evidence.judging.models import (
    CheckException,
    CheckState,
    CustomCheck,
    CustomCheckVersion,
    LookBack,
    ResourceInterval,
    ThresholdSetting,
)
from evidence.leaves import VERSION, told
from evidence.log.services.append import Told, append_leaves
from evidence.log.services.sign import sign_checkpoint
from evidence.models import Artefact, EvidenceLink, EvidenceRequirement, SourceLink, StatedCadence, Version
from evidence.packs.models import Pack
from evidence.populations.items import Item
from evidence.populations.models import (
    Conclusion,
    Draft,
    Mismatch,
    MismatchDecision,
    Population,
    PopulationControl,
    PopulationStatement,
    PopulationVersion,
    StepAnswer,
)
from evidence.reading.models import LintFinding
from evidence.reading.services import read_version
from evidence.requests.models import Ask, AskEvent
from evidence.storage import store
from evidence.uploads.models import Upload
from gaps.models import Gap, GapControl, Occurrence


@dataclass
class World:
    """What stands in a furnished room, by noun; `secret` opens its invitation, `seat_user` sits in its seat."""

    objects: dict[str, Any]
    invitation_secret: str
    seat_secret: str
    seat_user: User

    def __getitem__(self, noun: str) -> Any:
        return self.objects[noun]


def furnish(organization: Organization, member: Membership, name: str) -> World:
    """Put one of everything into a room. `name` is in every title, so that a leak can be seen."""
    moment = now()
    auditor = User.objects.create_user(f"auditor-{name}@firm.example", "correct horse battery", name=f"Auditor of {name}")
    with scope(organization):
        o: dict[str, Any] = {"membership": member}
        invitation_secret, kept = issue(organization.pk)
        o["invitation"] = Invitation.objects.create(
            email=f"new-{name}@x.example", role="employee", secret_hash=kept, expires_at=moment + timedelta(days=7)
        )
        o["token"] = Token.objects.create(
            name=f"token {name}", scopes=[], secret_hash=digest(name), hint="abcd", created_by=member, expires_at=moment + timedelta(days=9)
        )
        o["system"] = System.objects.create(ref="SYS-901", kind="repository", name=f"{name} repository", external_id=f"github:{name}/api")
        _landscape(o, member, name)
        o["worker"] = Worker.objects.create(external_id="w1", name=f"{name} worker", email=f"w@{name}.example", source="HR")
        o["framework"] = Framework.objects.get(organization_id=NIL, key="soc2-tsc-2017")
        o["requirement"] = Requirement.objects.get(organization_id=NIL, framework=o["framework"], ref="CC6.1")
        _frameworks(o, name)
        _parties(o, member, name)
        _programme(o, name)
        _warned(o, name)
        _happened(o, member, name)
        _control(o, member, name)
        _applicability(o, member, name)
        _evidence(o, member, name, moment)
        _populations(o, member, name, moment)
        _reviewed(o, member, name)
        _accessed(o, member, name, moment)
        _asked(o, member, name)
        _connection(o, name, moment)
        _gap(o, member, name)
        seat_secret = _audit(o, organization, auditor, member, name)
        o["pack"] = Pack.objects.create(
            kind="control", subject=o["control"].pk, ref=o["control"].ref, title=f"{name} pack", requested_by=member.name
        )
        _shared(o, member, name)
        o["report"] = Report.objects.create(kind="readiness", requested_by=member.name, state="due")
    return World(o, invitation_secret, seat_secret, auditor)


def _frameworks(o: dict[str, Any], name: str) -> None:
    o["own"] = Framework.objects.create(key="own", version="1", title=f"{name} rules", short_title=f"{name} rules", written_here=True)
    o["rule"] = Requirement.objects.create(
        framework=o["own"], ref="R1", position=0, level="rule", assessable=True, title=f"{name} rule", text="It holds."
    )
    o["brought"] = FrameworkImport.objects.create(
        file_name=f"{name}.csv", content=b"ref,title\n1,Own words\n", sha256="0" * 64, brought_by=name
    )


def _parties(o: dict[str, Any], member: Membership, name: str) -> None:
    day = today()
    system = System.objects.create(ref="SYS-902", kind="third_party", name=f"{name} party", decision="in")
    o["party"] = Party.objects.create(
        system=system, role="subservice", method="carve_out", services_used=["Compute"], reviewer=member, review_months=3,
        first_review_due=day + timedelta(days=20),
    )
    o["expected"] = ExpectedControl.objects.create(party=o["party"], text=f"{name} expects this.")
    o["party_report"] = PartyReport.objects.create(
        party=o["party"], kind="soc2_type_2", issuer=f"{name} auditor", starts_on=day - timedelta(days=400),
        ends_on=day - timedelta(days=40), services=["Compute"], opinion="unmodified",
    )
    o["nested"] = NestedCarveOut.objects.create(report=o["party_report"], name=f"{name} nested")
    o["cuec"] = UserEntityControl.objects.create(report=o["party_report"], number="1", text=f"{name} does this.")
    o["bridge_letter"] = BridgeLetter.objects.create(
        party=o["party"], report=o["party_report"], starts_on=day - timedelta(days=39), ends_on=day, services=["Compute"],
        signed_by=f"{name} officer", signed_on=day, incidents="none",
    )
    o["party_review"] = PartyReview.objects.create(
        party=o["party"], due_on=day - timedelta(days=70), outcome="satisfactory", note=f"{name} note", reviewed_by=member.name
    )
    o["own_cuec"] = OwnUserEntityControl.objects.create(ref="CUEC-901", text=f"{name} customers do this.")
    o["commitment"] = Commitment.objects.create(
        ref="COM-901", kind="commitment", promise="uptime", text=f"{name} is up.", source="Agreement, 7.2"
    )


def _landscape(o: dict[str, Any], member: Membership, name: str) -> None:
    o["service"] = Service.objects.create(ref="SVC-901", name=f"{name} service", owner=member)
    SystemService.objects.create(system=o["system"], service=o["service"])
    other = System.objects.create(ref="SYS-905", kind="database", name=f"{name} ledger")
    o["flow"] = Flow.objects.create(ref="FLW-901", source=o["system"], target=other, description=f"{name} flow")
    o["data_class"] = DataClass.objects.create(code="own", name=f"{name} class")
    o["systems_draft"] = ImportDraft.objects.create(
        noun="systems", file_name=f"{name}.csv", content=f"name,kind\n{name} shop,application\n".encode(), brought_by=name
    )
    o["flows_draft"] = ImportDraft.objects.create(
        noun="flows", file_name=f"{name} flows.csv", content=b"from,to\nSYS-905,SYS-901\n", brought_by=name
    )


def _programme(o: dict[str, Any], name: str) -> None:
    day = today()
    o["programme"] = Programme.objects.create(
        name=f"{name} SOC 2", kind="soc2_type_2", framework=o["framework"], period_start=day - timedelta(days=90),
        period_end=day + timedelta(days=90), fieldwork_start=day + timedelta(days=100), fieldwork_end=day + timedelta(days=120),
    )
    for position, kind in enumerate(("scoping", "assessment", "remediation", "pre_audit", "audit"), start=1):
        Phase.objects.create(
            programme=o["programme"], kind=kind, position=position, starts_on=day + timedelta(days=position),
            ends_on=day + timedelta(days=position + 1),
        )
    FiguresAtClose.objects.create(programme=o["programme"], figures={"name": f"{name} SOC 2"}, computed_at=now())
    o["demand"] = Demand.objects.create(programme=o["programme"], asked_by=f"{name} customer", report="Type II", months=6)
    o["budget_line"] = BudgetLine.objects.create(
        programme=o["programme"], phase="audit", unit="fee", what=f"{name} firm", currency="EUR", planned=20000
    )
    Selection.objects.create(programme=o["programme"], reason=f"{name} reason", author_label=name)


def _warned(o: dict[str, Any], name: str) -> None:
    day = today()
    o["scope_warning"] = ScopeWarning.objects.create(
        key=f"SCO-05:{o['system'].pk}", rule="SCO-05", severity="significant", title="Discovered, and not declared",
        subject=f"{name} repository", reason=f"{name} sees it.", todo="Decide.", system=o["system"], place="registers:system",
        place_id=o["system"].pk, basis="0" * 64, state="open",
    )
    o["decided_warning"] = ScopeWarning.objects.create(
        key="SCO-13:pci-dss", rule="SCO-13", severity="significant", title="Facts that call for another framework",
        subject=f"{name} cards", reason=f"{name} holds cards.", todo="Begin.", place="registers:list", basis="0" * 64,
        state="decided", programme=o["programme"],
    )
    WarningDecision.objects.create(
        warning=o["decided_warning"], verdict="stands", reason=f"{name} reason", review_on=day + timedelta(days=30),
        basis="0" * 64, decided_by=name,
    )
    o["check_list"] = CheckList.objects.create(system=o["system"], programme=o["programme"], starts_on=day)
    Answer.objects.create(check_list=o["check_list"], point="controls", text=f"{name} reason", answered_by=name)


def _happened(o: dict[str, Any], member: Membership, name: str) -> None:
    day = today()
    o["incident"] = Incident.objects.create(ref="INC-901", title=f"{name} incident", nature="It failed.", started_on=day)
    o["change"] = Change.objects.create(ref="CHG-901", kind="software", title=f"{name} change", happened_on=day)
    o["description"] = Description.objects.create(programme=o["programme"])
    o["section"] = Section.objects.create(description=o["description"], key="DC1", text=f"{name} text", revision=1)
    o["description_version"] = DescriptionVersion.objects.create(
        description=o["description"], number=1, kept_by=name, authors=[],
        sections=[{"key": "DC1", "title": "Types", "text": f"{name} text", "tables": [], "lacks": []}],
    )
    o["confirmation"] = Confirmation.objects.create(
        programme=o["programme"], number=1, how="recorded", confirmed_by=f"{name} auditor", confirmed_on=day, source="Mail.",
        recorded_by=name, snapshot={"programme": [f"{name} SOC 2"]},
    )
    o["review"] = Review.objects.create(
        programme=o["programme"], cadence="monthly", covers_from=day.replace(day=1), covers_to=day, opened_by=name,
        held_on=day, attended=f"{name} manager", framework_changes="None.", business_changes="None.", scope="Stands.",
        lessons="None.",
    )
    o["review_action"] = Action.objects.create(
        review=o["review"], text=f"{name} action", owner=member, owner_name=member.name, due_on=day
    )


def _control(o: dict[str, Any], member: Membership, name: str) -> None:
    o["control"] = Control.objects.create(
        ref="AC-91", title=f"{name} control", statement="Done daily.", owner=member, frequency="daily", implementation="implemented",
        test_procedures=[{"type": "inspection", "text": "Inspect it."}],
    )
    o["mapping"] = Mapping.objects.create(control=o["control"], requirement=o["requirement"])
    Standing.objects.create(control=o["control"], evidence="current", operation="fail")
    o["control_version"] = ControlVersion.objects.create(
        control=o["control"], number=1, stated={"title": f"{name} control", "statement": "Done daily."}, made_by=name
    )
    o["conclusion"] = DesignConclusion.objects.create(
        control=o["control"], version=o["control_version"], design="suitable", reason=f"{name} reason", concluded_by=name
    )
    o["second_control"] = Control.objects.create(ref="AC-93", title=f"{name} second control", statement="Done weekly.")
    o["sampled_control"] = Control.objects.create(
        ref="AC-95", title=f"{name} sampled control", statement="Done for each leaver.", tested_by_sample=True, implementation="implemented"
    )
    Mapping.objects.create(control=o["sampled_control"], requirement=o["requirement"])
    o["compensation"] = Compensation.objects.create(
        control=o["control"], by=o["second_control"], reason=f"{name} reason", starts_on=today(), made_by=name
    )
    ControlSystem.objects.create(control=o["control"], system=o["system"])
    ControlService.objects.create(control=o["control"], service=o["service"])
    o["saved_view"] = SavedView.objects.create(name=f"{name} view", query="operation=fail", owner=member, shared=True)
    DefaultView.objects.create(member=member, view=SavedView.objects.create(name=f"{name} all", owner=member))
    o["controls_draft"] = ImportDraft.objects.create(
        noun="controls", file_name=f"{name} controls.csv", content=f"Control,Title\nAC-91,{name} changed\n".encode(), brought_by=name
    )
    o["dismissal"] = Dismissal.objects.create(
        control=o["control"], requirement=o["requirement"], reason=f"{name} reason", dismissed_by=name
    )


def _applicability(o: dict[str, Any], member: Membership, name: str) -> None:
    iso = Framework.objects.get(organization_id=NIL, key="iso27001-2022")
    o["iso_programme"] = Programme.objects.create(name=f"{name} ISO 27001", kind="iso_stage_2", framework=iso)
    o["applicability_statement"] = Statement.objects.create(programme=o["iso_programme"])
    clear_desk = Requirement.objects.get(organization_id=NIL, framework=iso, ref="A.7.7")
    o["applicability_row"] = Row.objects.create(
        statement=o["applicability_statement"], requirement=clear_desk, decision="excluded", owner=member,
        scope_reason=f"{name} has no office.", risk_considered="Screens at home.", review_on=today() - timedelta(days=1),
        decided_by=name, decided_at=now() - timedelta(days=300),
    )
    o["applicability_version"] = StatementVersion.objects.create(
        statement=o["applicability_statement"], number=1, framework="ISO 27001", submitted_by=name,
    )


def _evidence(o: dict[str, Any], member: Membership, name: str, moment: Any) -> None:
    o["evidence_requirement"] = EvidenceRequirement.objects.create(
        ref="EVR-901", control=o["control"], key="k", title=f"{name} evidence", cadence="monthly", source="person",
        checks=["aws.iam.root_mfa"], owner=member, kind="sample", items=["PBC-062"], template="access-review",
        steps=["Fix the list.", "Decide on each line."], thresholds={"aws.iam.root_not_used": {"days": 90}},
    )
    o["stated_cadence"] = StatedCadence.objects.create(
        requirement=o["evidence_requirement"], number=1, before="quarterly", after="monthly", since=today(), reason=f"{name} reason",
        said_by=name,
    )
    o["artefact"] = Artefact.objects.create(ref="EV-9001", title=f"{name} artefact", source="person", latest_number=1)
    sha256, size = store(f"# {name}\n".encode())
    o["version"] = Version.objects.create(
        artefact=o["artefact"], number=1, sha256=sha256, size=size, media_type="text/markdown", filename=f"{name}.md",
        received_at=moment, effective_start=moment, effective_end=moment, provided_by_label=name,
    )
    o["document"] = read_version(actor=SYSTEM, version=o["version"])
    o["lint_finding"] = LintFinding.objects.get(version=o["version"])
    o["source_link"] = SourceLink.objects.create(
        artefact=o["artefact"], url="https://example.org/users", shows=f"{name} users.", as_of=today(), stated_by=name
    )
    # Begun by a program, so that everybody with the right may go on with it; a member's own is nobody else's.
    o["upload"] = Upload.objects.create(
        filename=f"{name}.txt", size=7, requirement=o["evidence_requirement"], member=None, begun_by=name,
        expires_at=moment + timedelta(days=2),
    )
    o["party_paper"] = PartyPaper.objects.create(report=o["party_report"], version=o["version"])
    o["link"] = EvidenceLink.objects.create(requirement=o["evidence_requirement"], artefact=o["artefact"])
    _logged(o, name)


def _logged(o: dict[str, Any], name: str) -> None:
    """The version's leaf after as many others as the name has letters: rooms of other names have other places."""
    others = [Told("note", uuid7(), None, {"said": name}) for _ in name]
    o["leaf"] = append_leaves([*others, told(VERSION, o["version"])])[-1]
    o["checkpoint"] = sign_checkpoint(actor=SYSTEM)
    o["coverage"] = Coverage.objects.create(
        requirement=o["evidence_requirement"], programme=o["programme"], on=today(here().timezone), worst="filled", filled=1,
        strip=[[(today() - timedelta(days=20)).isoformat(), (today() + timedelta(days=9)).isoformat(), "filled", 1]],
    )


def _populations(o: dict[str, Any], member: Membership, name: str, moment: Any) -> None:
    """A population of leavers, with a version that waits for its confirmation and another on its way."""
    day = today()
    o["population"] = Population.objects.create(
        ref="POP-901", template="leavers", name=f"{name} leavers", source="people.leavers", owner=member, latest_number=1, state="ready"
    )
    PopulationControl.objects.create(population=o["population"], control=o["second_control"])
    PopulationStatement.objects.create(
        population=o["population"], valid_from=moment, stated={"owner": {"id": str(member.pk), "name": name}, "controls": []}
    )
    line = Item("okta", "w1 a", {"worker": "w1", "name": f"{name} leaver", "last_day": day.isoformat(), "system": "Okta"}).line()
    sha256, size = store(line)
    o["rows"] = Version.objects.create(
        artefact=Artefact.objects.create(ref="EV-9002", title=f"{name} rows", source="collector", latest_number=1), number=1,
        sha256=sha256, size=size, media_type="application/x-ndjson", filename=f"{name}.jsonl", received_at=moment,
        effective_start=moment, effective_end=moment, provided_by_label=name,
    )  # fmt: skip
    by_facts = {"result": "holds", "note": f"{name} facts."}
    o["population_version"] = PopulationVersion.objects.create(
        population=o["population"], number=1, rows=o["rows"], first=day - timedelta(days=90), last=day, zone="UTC",
        system=f"{name} Okta", query=f"{name} query", extractor=name, drawn_at=moment, frozen_by=name, collected=True, row_count=1,
        counted=1, total=1, covers=True, reconciled=True, mismatches=1, places=[0],
        facts=dict.fromkeys(("query", "count", "period", "cells"), by_facts),
        excluded=[{"source": "okta", "id": "w2", "reason": f"{name} reason"}],
        deviations=[{"rule": "leaver.in_time", "count": 1, "unsaid": 0, "named": [["okta", f"{name} row", f"{name} said"]]}],
    )  # fmt: skip
    for step in ("source", "out", "back"):
        StepAnswer.objects.create(version=o["population_version"], step=step, result="holds", note=f"{name} note", given_by=name)
    o["confirmed_version"] = _confirmed(o, member, name)
    o["mismatch"] = Mismatch.objects.create(
        version=o["population_version"], kind="nobody", system="okta", subject=f"{name} account", detail=f"{name} detail"
    )
    MismatchDecision.objects.create(mismatch=o["mismatch"], ruling="service", reason=f"{name} reason", decided_by=name)
    o["population_draft"] = Draft.objects.create(
        population=o["population"], raw=o["version"], first=day - timedelta(days=90), last=day - timedelta(days=1), zone="UTC",
        system=f"{name} HR", query=f"{name} export", drawn_at=moment, state="looked", asked_by=name, asker=member,
        report={"heads": [name], "chosen": [""], "rows": 1, "faulty": 0, "faults": [], "preview": [], "problem": ""},
    )  # fmt: skip


def _confirmed(o: dict[str, Any], member: Membership, name: str) -> PopulationVersion:
    """A version that an auditor sees: of another population, confirmed, and sampled by a control of the programme."""
    kept = Population.objects.create(
        ref="POP-902", template="leavers", name=f"{name} confirmed leavers", source="people.leavers", owner=member, latest_number=1,
        confirmed_number=1, state="confirmed",
    )  # fmt: skip
    PopulationControl.objects.create(population=kept, control=o["sampled_control"])
    fields = {f.attname: getattr(o["population_version"], f.attname) for f in PopulationVersion._meta.concrete_fields}
    version = PopulationVersion.objects.create(**fields | {"id": uuid7(), "population_id": kept.pk, "reconciled": False, "mismatches": 0})
    for step in ("source", "out", "back"):
        StepAnswer.objects.create(version=version, step=step, result="holds", note=f"{name} note", given_by=name)
    Conclusion.objects.create(version=version, confirmed=True, note=f"{name} note", concluded_by=name)
    return version


def _reviewed(o: dict[str, Any], member: Membership, name: str) -> None:
    """A review of the control that waits for the member, once attested beside, and a leave of theirs that is to come."""
    day = today()
    o["plan"] = ReviewPlan.objects.create(
        control=o["control"], cadence="monthly", begins_on=day - timedelta(days=20), chosen=True, reason=f"{name} reason",
        set_by=name,
    )
    o["control_review"] = ControlReview.objects.create(
        ref="REV-901", control=o["control"], plan=o["plan"], cadence="monthly", covers_from=day - timedelta(days=20),
        remind_from=day - timedelta(days=1), due_on=day + timedelta(days=10), escalates_on=day + timedelta(days=14),
        closes_on=day + timedelta(days=17), assignee=member,
    )
    o["review_answer"] = ReviewAnswer.objects.create(
        review=o["control_review"], kind="attested", performed_on=day, said=f"{name} did it.", given_by=member,
        given_by_name=member.name, recorded_on=day, counts=False,
    )
    Notice.objects.create(review=o["control_review"], kind="asked", told=member.name, told_by=name, on=day)
    o["delegation"] = Delegation.objects.create(
        owner=member, owner_name=member.name, delegate=member, delegate_name=f"{name} colleague",
        starts_on=day + timedelta(days=200), ends_on=day + timedelta(days=210), reason=f"{name} leave", recorded_by=name,
    )
    o["backing"] = Backing.objects.create(answer=o["review_answer"], version=o["version"], linked_by=name)


def _accessed(o: dict[str, Any], member: Membership, name: str, moment: Any) -> None:
    """A review of access under way, with an account that waits for the member; another that is being prepared."""
    day = today()
    days = {
        "covers_from": day - timedelta(days=90), "covers_to": day, "due_on": day + timedelta(days=15),
        "valid_until": day + timedelta(days=105), "requirement": o["evidence_requirement"], "prepared_by": member,
    }
    o["campaign"] = Campaign.objects.create(ref="ARV-901", name=f"{name} access", **days)
    o["account_list"] = AccountList.objects.create(
        campaign=o["campaign"], system=o["system"], origin="collected", collected_at=moment, taken_at=moment, rows=1, reviewer=member
    )
    ListSource.objects.create(
        account_list=o["account_list"], version=o["version"], fact_kind="github.members", collected_at=moment, rows=1
    )
    o["account"] = Account.objects.create(
        campaign=o["campaign"], account_list=o["account_list"], key="a1", name=f"{name} account", kind="user", assignee=member,
        entitlements=["Owner"],
    )
    _reviewed_access(o, name, moment, days)
    o["prepared_campaign"] = Campaign.objects.create(ref="ARV-902", name=f"{name} access to come", **days)
    o["prepared_list"] = AccountList.objects.create(
        campaign=o["prepared_campaign"], system=o["system"], origin="none", reviewer=member
    )
    o["access_removal"] = Removal.objects.create(
        account=o["account"], campaign=o["campaign"], account_list=o["account_list"], asked_at=moment, due_on=day
    )
    o["campaign"].state = "open"
    o["campaign"].save()


def _reviewed_access(o: dict[str, Any], name: str, moment: Any, days: dict[str, Any]) -> None:
    """A review of access that is over: what was kept, and what had to go and is gone."""
    version = o["version"]
    over = o["settled_campaign"] = Campaign.objects.create(
        ref="ARV-903", name=f"{name} access of the quarter", book=version, record=version, **days
    )
    held = AccountList.objects.create(
        campaign=over, system=o["system"], origin="collected", collected_at=moment, taken_at=moment, rows=2, sha256="0" * 64,
    )  # fmt: skip
    member = o["membership"]
    accounts = [
        Account.objects.create(
            campaign=over, account_list=held, key=verdict, name=f"{name} {verdict}", kind="user", assignee=member, verdict=verdict,
            decided_at=moment,
        )
        for verdict in ("keep", "remove")
    ]  # fmt: skip
    Campaign.objects.filter(pk=over.pk).update(state="open")
    for account in accounts:
        Decision.objects.create(
            account=account, verdict=account.verdict, reason=f"{name} reason", decided_by=member, decided_by_name=name
        )
    Removal.objects.create(
        account=account, campaign=over, account_list=held, asked_at=moment, due_on=today(), state="gone", gone_at=moment, proof=version
    )
    AccountList.objects.filter(pk=held.pk).update(signed_by=name, signed_at=moment)
    Campaign.objects.filter(pk=over.pk).update(state="completed", settled_at=moment, settled_by=name)


def _shared(o: dict[str, Any], member: Membership, name: str) -> None:
    """A finished pack, and one that the auditors have."""
    sha256, size = store([f"{name} zip".encode()])
    made = {
        "kind": "programme", "subject": o["programme"].pk, "ref": o["programme"].name, "requested_by": member.name, "state": "ready",
        "filename": "pack.zip", "sha256": sha256, "size": size, "finished_at": now(), "items": 1, "total": 1,
    }  # fmt: skip
    o["ready_pack"] = Pack.objects.create(title=f"{name} finished pack", **made)
    o["shared_pack"] = SharedPack.objects.create(
        audit=o["audit"], pack=Pack.objects.create(title=f"{name} shared pack", **made), shared_by=member.name
    )


def _asked(o: dict[str, Any], member: Membership, name: str) -> None:
    """Somebody outside is asked for evidence; the member, for another."""
    day = today() + timedelta(days=9)
    more = {"requirement": o["evidence_requirement"], "due_on": day, "asked_by": member, "asked_by_name": member.name}
    o["ask"] = Ask.objects.create(ref="ASK-901", email=f"owner@{name}.example", name=f"{name} landlord", note=f"{name} note", **more)
    o["own_ask"] = Ask.objects.create(ref="ASK-902", member=member, name=member.name, **more)
    AskEvent.objects.create(ask=o["ask"], kind="asked", by=name, text=f"{name} note")


def _connection(o: dict[str, Any], name: str, moment: Any) -> None:
    o["connection"] = Connection.objects.create(
        slug="github", vendor="github", name=f"{name} GitHub", config={"organization": name}, last_good_at=moment
    )
    o["run"] = Run.objects.create(
        connection=o["connection"], number=1, trigger="manual", requested_by=name, state="finished", outcome="ok", finished_at=moment
    )
    o["source"] = Connection.objects.create(slug=f"{name}-payroll", vendor="push", name=f"{name} payroll", config={"system": name})
    PushRefusal.objects.create(
        connection=o["source"], by=f"Token {name}", origin=f"{name} host", fact_kind="push.accounts", status=400, faults=1,
        said=[[0, "login", f"{name} is missing."]],
    )  # fmt: skip
    said = {"kind": "push.accounts", "as_of": moment.isoformat(), "complete": True}
    o["dropped"] = ImportDraft.objects.create(
        noun=f"push-{o['source'].pk.hex}", file_name=f"{name}.csv", content=b"login,active\nada,yes\n", brought_by=name, report=said
    )
    o["step"] = RunStep.objects.create(run=o["run"], fact_kind="github.org", position=0, state="done", rows=1)
    Snapshot.objects.create(
        connection=o["connection"], step=o["step"], version=o["version"], fact_kind="github.org", collected_at=moment, rows=1
    )
    KindState.objects.create(connection=o["connection"], fact_kind="github.org", last_looked_at=moment)
    o["cursor"] = Cursor.objects.create(
        connection=o["connection"], fact_kind="github.merged_pull_requests", source=f"{name}/ledger", rows=3, complete_to=moment,
        state={"to": moment.isoformat()},
    )
    o["check_state"] = CheckState.objects.create(
        connection=o["connection"], check_id="github.org.2fa_required", outcome="fail", since=moment, judged_at=moment, facts_at=moment,
        counts={"fail": 1},
    )
    o["interval"] = ResourceInterval.objects.create(
        connection=o["connection"], check_id="github.org.2fa_required", resource=f"org:{name}", outcome="fail",
        started_at=moment, seen_until=moment,
    )
    o["exception"] = CheckException.objects.create(
        ref="EXC-901", check_id="github.org.2fa_required", connection=o["connection"], resource=f"org:{name}",
        reason=f"{name} migrates.", starts_on=moment.date(), until=moment.date() + timedelta(days=30), asked_by_name=name,
    )
    o["own_check"] = CustomCheck.objects.create(slug="own", number=1)
    o["own_version"] = CustomCheckVersion.objects.create(
        custom_check=o["own_check"], number=1, title=f"{name} asks", fact_kind="github.members", passes="row.two_factor",
        resource="row.login", severity="low", criteria=["CC6.1"], why="It matters.", remedy="Switch it on.", written_by_name=name,
        examples=[{"row": {"login": "a", "two_factor": True}, "outcome": "pass"},
                  {"row": {"login": "b", "two_factor": False}, "outcome": "fail"}],
    )  # fmt: skip
    o["threshold"] = ThresholdSetting.objects.create(
        check_id="okta.users.inactive", name="days", value=60, reason=f"{name} policy 4", set_by_name=name, control=o["control"]
    )
    o["look_back"] = LookBack.objects.create(
        connection=o["connection"], check_id="github.org.2fa_required", check_version=1, since=moment.date(), before=moment,
        reached=moment.date(), asked_by_name=name, finished_at=moment,
    )


def _gap(o: dict[str, Any], member: Membership, name: str) -> None:
    o["gap"] = Gap.objects.create(
        ref="GAP-901", rule="check.fails", subject="github.org.2fa_required", connection=o["connection"],
        connection_key=str(o["connection"].pk), title=f"{name} gap", cause="It fails.", severity="critical", rank=1, control=o["control"],
        criteria=["CC6.1"], area="CC6", owner=member, reasons=["Critical: it fails."],
    )
    GapControl.objects.create(gap=o["gap"], control=o["control"])
    Occurrence.objects.create(gap=o["gap"], resource=f"org:{name}")


def _audit(o: dict[str, Any], organization: Organization, auditor: User, member: Membership, name: str) -> str:
    day = today(organization.timezone)
    o["audit"] = Audit.objects.create(
        ref="AUD-901", programme=o["programme"], name=f"{name} audit", firm="Firm LLP", starts_on=day, ends_on=day + timedelta(days=30)
    )
    seat_secret, kept = issue(organization.pk)
    o["seat"] = Seat.objects.create(
        audit=o["audit"], user=auditor, email=auditor.email, name=auditor.name, firm="Firm LLP", starts_on=day - timedelta(days=1),
        until=day + timedelta(days=30), secret_hash=kept, accepted_at=now(), declared_independent_at=now(),
    )
    o["request"] = Request.objects.create(
        audit=o["audit"], ref="REQ-901", title=f"{name} request", due_date=day, assignee=member, state="submitted", raised_by=name,
        criteria="CC6.1", control=o["control"], raised_by_seat=o["seat"],
    )
    o["request_evidence"] = RequestEvidence.objects.create(
        request=o["request"], version=o["version"], linked_by=name, submitted_at=now()
    )
    return seat_secret
