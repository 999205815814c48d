"""Many rows of a noun, made from the one that stands in a furnished world, with what hangs on each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Model

from audits.models import Audit, Seat
from compliance.commitments.models import CommitmentRequirement
from compliance.parties.models import ExpectedControlRequirement, OwnUserEntityControlRequirement
from compliance.people.models import Membership, User
from compliance.programmes.models import Phase
from compliance.programmes.selectors import annex_of
from compliance.scoping.models import WarningDecision
from compliance.tenancy.ids import uuid7
from compliance.trail.actors import SYSTEM
from controls.applicability.models import Row
from controls.complements.models import Complement
from controls.models import Control, ControlService, ControlSystem, Mapping, Standing
from evidence.accessreviews.models import Removal
from evidence.assurance.models import PartyPaper
from evidence.collectors.models import Connection, RunStep
from evidence.log.services.append import Told, append_leaves
from evidence.log.services.sign import sign_checkpoint
from evidence.models import EvidenceLink, Version, VersionDecision
from evidence.populations.models import MismatchDecision, PopulationControl
from evidence.reading.models import LintAnswer
from evidence.uploads.models import UploadPart
from gaps.models import Gap
from tests.house.world import World

Maker = Callable[[World, int], None]


def copies(row: Model, number: int, /, **changed: Callable[[int], Any]) -> list[Any]:
    """So many copies of a row; `changed` says what of each is its own."""
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    return type(row)._base_manager.bulk_create(
        [type(row)(id=uuid7(), **fields | {name: value(n) for name, value in changed.items()}) for n in range(number)]
    )


def _ref(prefix: str) -> Callable[[int], str]:
    return lambda n: f"{prefix}-{uuid7().hex[-8:]}"


def _plain(noun: str, **changed: Callable[[int], Any]) -> Maker:
    def make(world: World, number: int) -> None:
        copies(world[noun], number, **changed)

    return make


def _people(world: World, number: int) -> list[Membership]:
    users = User.objects.bulk_create([User(email=f"{uuid7()}@acme.example", name=f"Person {n}") for n in range(number)])
    return copies(world["membership"], number, user_id=lambda n: users[n].pk)


def _controls(world: World, number: int) -> list[Control]:
    owners = iter(_people(world, number))
    made = copies(world["control"], number, ref=lambda n: f"B-{uuid7().hex[-8:]}", owner_id=lambda n: next(owners).pk)
    Mapping.objects.bulk_create([Mapping(control=control, requirement=world["requirement"]) for control in made])
    Standing.objects.bulk_create([Standing(control=control) for control in made])
    ControlSystem.objects.bulk_create([ControlSystem(control=control, system=world["system"]) for control in made])
    ControlService.objects.bulk_create([ControlService(control=control, service=world["service"]) for control in made])
    return made


def _applicability_rows(world: World, number: int) -> list[Any]:
    """Rows of the one statement, each with an owner, and a control that meets what it speaks of."""
    row = world["applicability_row"]
    held = Row.objects.filter(statement=row.statement_id).values("requirement_id")
    asked = list(annex_of(world["iso_programme"]).exclude(pk__in=held)[:number])
    owners, controls = _people(world, len(asked)), _controls(world, len(asked))
    Mapping.objects.bulk_create([Mapping(control=one, requirement=each) for one, each in zip(controls, asked, strict=True)])
    return copies(row, len(asked), requirement_id=lambda n: asked[n].pk, owner_id=lambda n: owners[n].pk)


def _statements(world: World, number: int) -> None:
    made = copies(world["iso_programme"], number)
    copies(world["applicability_statement"], number, programme_id=lambda n: made[n].pk)


def _coverage(world: World, number: int) -> None:
    """Requirements of as many controls, each counted in the programme."""
    asked = _requirements(world, number)
    copies(world["coverage"], number, requirement_id=lambda n: asked[n].pk)


def _requirements(world: World, number: int) -> list[Any]:
    controls = iter(_controls(world, number))
    return copies(world["evidence_requirement"], number, ref=_ref("EVR"), control_id=lambda n: next(controls).pk)


def _artefacts(world: World, number: int) -> None:
    requirements = _requirements(world, number)
    made = copies(world["artefact"], number, ref=_ref("EV"))
    EvidenceLink.objects.bulk_create(
        [EvidenceLink(artefact=artefact, requirement=each) for artefact, each in zip(made, requirements, strict=True)]
    )


def _versions(world: World, number: int) -> list[Version]:
    givers = iter(_people(world, number))
    made = copies(world["version"], number, number=lambda n: n + 2, provided_by_id=lambda n: next(givers).pk)
    VersionDecision.objects.bulk_create(
        [VersionDecision(version=version, acceptance="approved", decided_by="Femi") for version in made]
    )
    return made


def _connections(world: World, number: int) -> list[Connection]:
    makers = iter(_people(world, number))
    return copies(world["connection"], number, slug=lambda n: f"c-{uuid7().hex}", created_by_id=lambda n: next(makers).pk)


def _on_connections(noun: str, **changed: Callable[[int], Any]) -> Maker:
    def make(world: World, number: int) -> None:
        found = iter(_connections(world, number))
        copies(world[noun], number, connection_id=lambda n: next(found).pk, **changed)

    return make


def _programmes(world: World, number: int) -> list[Any]:
    made = copies(world["programme"], number)
    phase = Phase.objects.filter(programme=world["programme"]).first()
    for programme in made:
        copies(phase, 1, programme_id=lambda n, pk=programme.pk: pk)
    return made


def _gaps(world: World, number: int) -> None:
    controls, found = _controls(world, number), iter(_connections(world, number))
    asked = copies(world["evidence_requirement"], number, ref=_ref("EVR"), key=lambda n: f"k{n}")
    copies(
        world["gap"], number, ref=_ref("GAP"), subject=lambda n: f"s{n}", rank=lambda n: n + 2,
        control_id=lambda n: controls[n].pk, owner_id=lambda n: controls[n].owner_id,
        requirement_id=lambda n: asked[n].pk, connection_id=lambda n: next(found).pk,
    )  # fmt: skip


def _audits(world: World, number: int) -> list[Audit]:
    programmes = iter(_programmes(world, number))
    return copies(world["audit"], number, ref=_ref("AUD"), programme_id=lambda n: next(programmes).pk)


def _requests(world: World, number: int) -> None:
    controls = _controls(world, number)
    copies(
        world["request"], number, ref=_ref("REQ"), control_id=lambda n: controls[n].pk,
        assignee_id=lambda n: controls[n].owner_id, requirement_id=lambda n: world["requirement"].pk,
    )  # fmt: skip


def _request_evidence(world: World, number: int) -> None:
    artefacts = iter(copies(world["artefact"], number, ref=_ref("EV")))
    made = copies(world["version"], number, artefact_id=lambda n: next(artefacts).pk)
    copies(world["request_evidence"], number, version_id=lambda n: made[n].pk)


def _comments(kind: str) -> Maker:
    def make(world: World, number: int) -> None:
        copies(getattr(world["request"], kind).first(), number)

    return make


def _shared_packs(world: World, number: int) -> None:
    packs = copies(world["ready_pack"], number)
    copies(world["shared_pack"], number, pack_id=lambda n: packs[n].pk)


def _seats(world: World, number: int) -> None:
    copies(Seat.objects.get(pk=world["seat"].pk), number, email=lambda n: f"a{n}@firm.example")


def _decisions(world: World, number: int) -> None:
    from compliance.registers.models import ScopeDecision

    ScopeDecision.objects.bulk_create(
        [ScopeDecision(system=world["system"], decision="in", justification="x", decided_by="Mei") for _ in range(number)]
    )


def _systems(world: World, number: int) -> None:
    owners = _people(world, number)
    copies(world["system"], number, ref=_ref("SYS"), external_id=lambda n: f"x:{n}", owner_id=lambda n: owners[n].pk)


def _services(world: World, number: int) -> None:
    owners = _people(world, number)
    copies(
        world["service"], number, ref=_ref("SVC"), name=lambda n: f"Service {n}", owner_id=lambda n: owners[n].pk
    )


def _flows(world: World, number: int) -> None:
    ends = copies(world["system"], number, ref=_ref("SYF"), external_id=lambda n: f"f:{n}")
    copies(world["flow"], number, ref=_ref("FLW"), target_id=lambda n: ends[n].pk)


def _tokens(world: World, number: int) -> None:
    makers = _people(world, number)
    copies(world["token"], number, secret_hash=lambda n: f"{n}", created_by_id=lambda n: makers[n].pk)


def _compensations(world: World, number: int) -> None:
    """Each by another control, of those that are there already as far as they go."""
    taken = [world["control"].pk, world["second_control"].pk]
    controls = list(Control.objects.exclude(pk__in=taken)[:number])
    controls += _controls(world, number - len(controls))
    copies(world["compensation"], number, by_id=lambda n: controls[n].pk)


def _mappings(world: World, number: int) -> None:
    from compliance.frameworks.models import Requirement

    wanted = Requirement.objects.exclude(pk=world["requirement"].pk).filter(framework=world["framework"])[:number]
    Mapping.objects.bulk_create([Mapping(control=world["control"], requirement=requirement) for requirement in wanted])


def _occurrences(world: World, number: int) -> None:
    copies(Gap.objects.get(pk=world["gap"].pk).occurrences.first(), number, resource=lambda n: f"r{n}")


def _steps(world: World, number: int) -> None:
    copies(RunStep.objects.get(pk=world["step"].pk), number, fact_kind=lambda n: f"github.k{n}")


def _of_connection(world: World, number: int) -> None:
    copies(world["run"], number, number=lambda n: n + 2)


#: Every list of the API and how it gets rows; None where the rows are there already, as shipped.
def _parties(world: World, number: int) -> None:
    """Each with a report and its expectations, a review, and a reviewer of its own."""
    people = iter(_people(world, number))
    base = world["party"].system
    systems = copies(base, number, ref=_ref("SYS"), name=lambda n: f"Party {n}")
    made = copies(world["party"], number, system_id=lambda n: systems[n].pk, reviewer_id=lambda n: next(people).pk)
    reports = copies(world["party_report"], number, party_id=lambda n: made[n].pk)
    copies(world["party_review"], number, party_id=lambda n: made[n].pk)
    copies(world["cuec"], number, report_id=lambda n: reports[n].pk)
    copies(world["bridge_letter"], number, party_id=lambda n: made[n].pk, report_id=lambda n: reports[n].pk)


def _reports_of_party(world: World, number: int) -> None:
    copies(world["party_report"], number)


def _scope_warnings(world: World, number: int) -> None:
    systems = copies(world["system"], number, ref=_ref("SYW"), external_id=lambda n: f"w:{n}")
    made = copies(
        world["scope_warning"], number, key=lambda n: f"SCO-05:{systems[n].pk}", system_id=lambda n: systems[n].pk
    )
    WarningDecision.objects.bulk_create(
        [WarningDecision(warning=each, verdict="withdrawn", reason="x", basis="0" * 64, decided_by="Mei") for each in made]
    )


def _of_day(noun: str, prefix: str) -> Maker:
    """Incidents or changes, each with a system that it touched."""

    def make(world: World, number: int) -> None:
        systems = copies(world["system"], number, ref=_ref("SYS"), external_id=lambda n: f"{noun}:{n}")
        for each, system in zip(copies(world[noun], number, ref=_ref(prefix)), systems, strict=True):
            each.touched.create(system=system)

    return make


def _descriptions(world: World, number: int) -> None:
    programmes = iter(_programmes(world, number))
    made = iter(copies(world["description"], number, programme_id=lambda n: next(programmes).pk))
    copies(world["section"], number, description_id=lambda n: next(made).pk)


def _reviews(world: World, number: int) -> None:
    copies(world["review"], number, covers_from=lambda n: world["review"].covers_from - timedelta(days=n + 1))


def _review_actions(world: World, number: int) -> None:
    owners = _people(world, number)
    copies(world["review_action"], number, owner_id=lambda n: owners[n].pk)


def _control_reviews(world: World, number: int) -> None:
    controls = _controls(world, number)
    copies(
        world["control_review"], number, ref=_ref("REV"), control_id=lambda n: controls[n].pk,
        assignee_id=lambda n: controls[n].owner_id,
    )  # fmt: skip


def _review_plans(world: World, number: int) -> None:
    controls = _controls(world, number)
    copies(world["plan"], number, control_id=lambda n: controls[n].pk)


def _review_evidence(world: World, number: int) -> None:
    made = iter(copies(world["review_answer"], number))
    copies(world["backing"], number, answer_id=lambda n: next(made).pk)


def _access_lists(world: World, number: int) -> list[Any]:
    """Lists of the review that is being prepared, each of a system and with a reviewer of its own."""
    systems = copies(world["system"], number, ref=_ref("SYA"), external_id=lambda n: f"a:{uuid7()}")
    people = _people(world, number)
    return copies(
        world["prepared_list"], number, system_id=lambda n: systems[n].pk, reviewer_id=lambda n: people[n].pk,
        stand_in_id=lambda n: people[n].pk,
    )  # fmt: skip


def _access_accounts(world: World, number: int) -> list[Any]:
    people, kept = _people(world, number), world["prepared_list"]
    return copies(
        world["account"], number, key=lambda n: f"{uuid7()}", campaign_id=lambda n: kept.campaign_id,
        account_list_id=lambda n: kept.pk, assignee_id=lambda n: people[n].pk,
    )  # fmt: skip


def _access_removals(world: World, number: int) -> None:
    removal = world["access_removal"]
    Removal.objects.bulk_create(
        [
            Removal(
                account=each, campaign_id=each.campaign_id, account_list_id=each.account_list_id, asked_at=removal.asked_at,
                due_on=removal.due_on,
            )
            for each in _access_accounts(world, number)
        ]
    )  # fmt: skip


def _evidence_asks(world: World, number: int) -> None:
    """Each of a member and for a requirement of its own."""
    people, asked = _people(world, number), _requirements(world, number)
    copies(
        world["own_ask"], number, ref=_ref("ASK"), member_id=lambda n: people[n].pk, requirement_id=lambda n: asked[n].pk
    )


def _expected(world: World, number: int) -> None:
    made = copies(world["expected"], number)
    ExpectedControlRequirement.objects.bulk_create(
        [ExpectedControlRequirement(expected=each, requirement=world["requirement"]) for each in made]
    )


def _cuecs(world: World, number: int) -> None:
    made = copies(world["cuec"], number)
    Complement.objects.bulk_create([Complement(cuec=each, control=world["control"], mapped_by="Mei") for each in made])


def _own_cuecs(world: World, number: int) -> None:
    made = copies(world["own_cuec"], number, ref=_ref("CUE"))
    OwnUserEntityControlRequirement.objects.bulk_create(
        [OwnUserEntityControlRequirement(own=each, requirement=world["requirement"]) for each in made]
    )


def _party_files(world: World, number: int) -> None:
    made = copies(world["version"], number, number=lambda n: n + 100_000)
    PartyPaper.objects.bulk_create([PartyPaper(report=world["party_report"], version=each) for each in made])


def _commitments(world: World, number: int) -> None:
    made = copies(world["commitment"], number, ref=_ref("COM"))
    CommitmentRequirement.objects.bulk_create(
        [CommitmentRequirement(commitment=each, requirement=world["requirement"]) for each in made]
    )


def _leaves(world: World, number: int) -> None:
    artefact = world["artefact"].pk
    append_leaves([Told("note", uuid7(), artefact, {"said": str(each)}) for each in range(number)])


def _checkpoints(world: World, number: int) -> None:
    """Each of a log that has grown by one."""
    for _ in range(number):
        _leaves(world, 1)
        sign_checkpoint(actor=SYSTEM)
def _own_checks(world: World, number: int) -> None:
    made = copies(world["own_check"], number, slug=lambda n: f"own-{uuid7().hex[-8:]}")
    copies(world["own_version"], number, custom_check_id=lambda n: made[n].pk)
def _populations(world: World, number: int) -> list[Any]:
    owners, controls = _people(world, number), _controls(world, number)
    made = copies(world["population"], number, ref=_ref("POP"), owner_id=lambda n: owners[n].pk)
    PopulationControl.objects.bulk_create(
        [PopulationControl(population=each, control=one) for each, one in zip(made, controls, strict=True)]
    )
    return made


def _population_versions(world: World, number: int) -> None:
    for each in copies(world["population_version"], number, number=lambda n: n + 2):
        copies(world["population_version"].answers.first(), 1, version_id=lambda n, pk=each.pk: pk)
        copies(world["mismatch"], 2, version_id=lambda n, pk=each.pk: pk)


def _mismatches(world: World, number: int) -> None:
    made = copies(world["mismatch"], number)
    decision = world["mismatch"].decisions.first()
    MismatchDecision.objects.bulk_create(
        [MismatchDecision(mismatch=each, ruling=decision.ruling, reason="x", decided_by="Mei") for each in made]
    )
def _uploads(world: World, number: int) -> None:
    made = copies(world["upload"], number)
    UploadPart.objects.bulk_create([UploadPart(upload=each, number=1, size=7, sha256="0" * 64) for each in made])


def _documents(world: World, number: int) -> None:
    artefacts = copies(world["artefact"], number, ref=_ref("EV"))
    versions = copies(world["version"], number, artefact_id=lambda n: artefacts[n].pk)
    copies(world["document"], number, version_id=lambda n: versions[n].pk)


def _lint_findings(world: World, number: int) -> None:
    made = copies(world["lint_finding"], number, rule=lambda n: f"rule-{n}")
    LintAnswer.objects.bulk_create([LintAnswer(finding=each, text="It is so.", answered_by="Mei") for each in made])


LISTS: dict[str, Maker | None] = {
    "population-templates": None,
    "populations": lambda world, number: _populations(world, number) and None,
    "population-drafts": _plain("population_draft"),
    "population-versions": _population_versions,
    "population-differences": _mismatches,
    "incidents": _of_day("incident", "INC"), "changes": _of_day("change", "CHG"), "descriptions": _descriptions,
    "description-versions": _plain("description_version", number=lambda n: n + 2),
    "scope-confirmations": _plain("confirmation", number=lambda n: n + 2), "programme-reviews": _reviews,
    "programme-reviews/{review}/actions": _review_actions, "review-actions": _review_actions,
    "memberships": lambda world, number: _people(world, number) and None,
    "tokens": _tokens,
    "trail": _plain("entry"),
    "frameworks": None,
    "requirements": None,
    "crosswalk": None,
    "own-frameworks": _plain("own", key=lambda n: f"own-{n}"),
    "own-requirements": _plain("rule", ref=lambda n: f"R{n + 10}"),
    "systems": _systems,
    "systems/{system}/decisions": _decisions,
    "services": _services,
    "flows": _flows,
    "data-classes": _plain("data_class", code=lambda n: f"own-{n}"),
    "workers": _plain("worker", external_id=lambda n: f"w{n + 10}"),
    "parties": _parties,
    "party-reviews": _plain("party_review", due_on=lambda n: date(2020, 1, 1) + timedelta(days=n)),
    "party-reports": _reports_of_party,
    "carve-outs": _plain("nested"),
    "bridge-letters": _plain("bridge_letter"),
    "expected-controls": _expected,
    "user-entity-controls": _cuecs,
    "own-user-entity-controls": _own_cuecs,
    "party-files": _party_files,
    "commitments": _commitments,
    "scope-warnings": _scope_warnings,
    "report-demands": _plain("demand"),
    "budget-lines": _plain("budget_line"),
    "programmes": lambda world, number: _programmes(world, number) and None,
    "controls": lambda world, number: _controls(world, number) and None,
    "controls/{control}/mappings": _mappings,
    "controls/{control}/versions": _plain("control_version", number=lambda n: n + 2),
    "controls/{control}/conclusions": _plain("conclusion"),
    "controls/{control}/compensations": _compensations,
    "control-reviews": _control_reviews,
    "control-reviews/{control_review}/answers": _plain("review_answer"),
    "review-plans": _review_plans,
    "review-delegations": _plain("delegation"),
    "review-evidence": _review_evidence,
    "applicability-statements": _statements,
    "applicability-rows": lambda world, number: _applicability_rows(world, number) and None,
    "applicability-versions": _plain("applicability_version", number=lambda n: n + 2),
    "evidence-requirements": lambda world, number: _requirements(world, number) and None,
    "evidence": _artefacts,
    "evidence/{artefact}/versions": lambda world, number: _versions(world, number) and None,
    "log/leaves": _leaves,
    "log/checkpoints": _checkpoints,
    "packs": _plain("pack"),
    "source-links": _plain("source_link"),
    "uploads": _uploads,
    "documents": _documents,
    "lint-findings": _lint_findings,
    "access-reviews": _plain("prepared_campaign", ref=_ref("ARV")),
    "access-lists": lambda world, number: _access_lists(world, number) and None,
    "access-accounts": lambda world, number: _access_accounts(world, number) and None,
    "access-removals": _access_removals,
    "evidence-asks": _evidence_asks,
    "vendors": None,
    "fact-kinds": None,
    "connections": lambda world, number: _connections(world, number) and None,
    "connections/{connection}/runs": _of_connection,
    "connections/{connection}/cursors": lambda world, number: copies(world["cursor"], number, source=lambda n: f"acme/r{n}"),
    "runs": _on_connections("run"),
    "runs/{run}/steps": _steps,
    "checks": None,
    "check-results": _on_connections("check_state"),
    "check-intervals": _on_connections("interval"),
    "coverage": _coverage,
    "check-exceptions": _plain("exception", ref=_ref("EXC")),
    "own-checks": _own_checks,
    "check-thresholds": _plain("threshold"),
    "look-backs": _plain("look_back", since=lambda n: date(2020, 1, 1) + timedelta(days=n)),
    "gaps": _gaps,
    "gaps/{gap}/occurrences": _occurrences,
    "audits": lambda world, number: _audits(world, number) and None,
    "audits/{audit}/seats": _seats,
    "audits/{audit}/packs": _shared_packs,
    "audits/{audit}/requests": _requests,
    "requests": _requests,
    "requests/{item}/evidence": _request_evidence,
    "requests/{item}/internal-comments": _comments("internal_comments"),
    "requests/{item}/comments": _comments("external_comments"),
}
