"""An organisation of a given size, and many small ones beside it, written in bulk. The stored bytes are not there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from typing import Any

from django.db import transaction

from audits.readiness.figures import rebuild_figures
from compliance.access.permissions import Permission
from compliance.frameworks.models import Framework, Requirement
from compliance.people.models import Membership, Token, User
from compliance.people.secrets import issue
from compliance.programmes.models import Programme
from compliance.tenancy.clock import now
from compliance.tenancy.ids import NIL
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from controls.models import Control, Design, Frequency, Implementation, Mapping, Standing
from evidence.checks import catalogue
from evidence.collectors.models import Connection, Health, Run, RunOutcome, RunState, RunStep
from evidence.judging.models import CheckState, ResourceInterval
from evidence.models import Artefact, EvidenceLink, EvidenceRequirement, Freshness, Version
from gaps.models import Gap, GapControl, Occurrence, Severity

AREAS = ("Access", "Change", "Network", "People", "Vendors", "Recovery", "Monitoring", "Data")
DIGEST = "0" * 64


@dataclass(frozen=True)
class Size:
    """How much of each; `neighbour` is what each of the organisations beside has."""

    controls: int
    artefacts: int
    gaps: int
    runs: int = 20


FULL, SMALL, NEIGHBOUR = Size(1000, 10_000, 1000), Size(20, 100, 20, 3), Size(3, 6, 2, 0)


@dataclass(frozen=True)
class Company:
    """What the measuring needs: where, as whom, and with which token."""

    slug: str
    user: User
    token: str


def make_company(slug: str, size: Size, user: User) -> Company:
    organization = Organization.objects.create(name=slug.title(), slug=slug)
    with scope(organization):
        member = Membership.objects.create(user=user, role="administrator", name=user.name, email=user.email)
        handed, kept = issue(organization.pk)
        Token.objects.create(
            name="bench", scopes=[permission.value for permission in Permission], secret_hash=kept, hint=handed[-4:],
            created_by=member, expires_at=now() + timedelta(days=1),
        )
        _fill(size, member)
        rebuild_figures()
    return Company(slug, user, handed)


def make_neighbours(count: int) -> None:
    """A hundred to a transaction: each room is a savepoint of it."""
    for first in range(0, count, 100):
        with transaction.atomic():
            for number in range(first, min(first + 100, count)):
                organization = Organization.objects.create(name=f"Neighbour {number}", slug=f"neighbour-{number}")
                with scope(organization):
                    _fill(NEIGHBOUR, None)


def _fill(size: Size, member: Membership | None) -> None:
    controls = _controls(size, member)
    requirements = _requirements(controls, member)
    _artefacts(size, requirements)
    connection = _connection(size)
    _gaps(size, controls, connection, member)
    if member is not None:
        _mappings(controls)


def _controls(size: Size, member: Membership | None) -> list[Control]:
    states = cycle(Implementation.values[:3])
    controls = Control.objects.bulk_create(
        Control(
            ref=f"C-{number:04d}", title=f"Control number {number} of the benchmark", statement="Access is reviewed. " * 8,
            area=AREAS[number % len(AREAS)], owner=member, owner_role="Security lead", frequency=Frequency.QUARTERLY,
            implementation=next(states), design=Design.SUITABLE, starts_on=now().date() - timedelta(days=200),
        )
        for number in range(1, size.controls + 1)
    )
    evidence, operation = cycle(Freshness.values), cycle(["pass", "fail", "unknown", "not_observed"])
    Standing.objects.bulk_create(
        Standing(
            control=control, evidence=next(evidence), evidence_counts={"current": 1, "missing": 1}, operation=next(operation),
            missing=["no owner is named"] if number % 7 == 0 else [],
            coverage={"filled": 3, "late": 0, "missed": 1, "unknown": 0, "to_come": 2},
            last_evidence_at=now(), last_review_at=now(), assessed=number % 2 == 0, open_gaps=number % 3,
            worst_gap=Severity.MINOR if number % 3 else "",
        )
        for number, control in enumerate(controls)
    )
    return controls


def _requirements(controls: list[Control], member: Membership | None) -> list[EvidenceRequirement]:
    fresh = cycle(Freshness.values)
    return EvidenceRequirement.objects.bulk_create(
        EvidenceRequirement(
            ref=f"EVR-{number:05d}", control=control, key=f"key-{number % 2}", title=f"What shows control {control.ref}",
            artefact="A list with dates", cadence=Frequency.QUARTERLY, source="person", owner=member, freshness=next(fresh),
            stale_at=now() + timedelta(days=number % 90), judged_at=now(), effective_end=now(),
        )
        for number, control in enumerate(control for control in controls for _ in range(2))
    )


def _artefacts(size: Size, requirements: list[EvidenceRequirement]) -> None:
    at = now()
    artefacts = Artefact.objects.bulk_create(
        (Artefact(
            ref=f"EV-{number:05d}", title=f"Evidence item {number}", source="person", latest_number=1,
            latest_effective_end=at, latest_received_at=at,
        ) for number in range(size.artefacts)),
        batch_size=2000,
    )  # fmt: skip
    Version.objects.bulk_create(
        (Version(
            artefact=artefact, number=1, sha256=DIGEST, size=4096, media_type="application/pdf", filename="evidence.pdf",
            received_at=at, effective_start=at - timedelta(days=30), effective_end=at, provided_by_label="bench",
        ) for artefact in artefacts),
        batch_size=2000,
    )  # fmt: skip
    pairs = zip(artefacts, cycle(requirements), strict=False)
    EvidenceLink.objects.bulk_create(
        (EvidenceLink(artefact=artefact, requirement=requirement) for artefact, requirement in pairs), batch_size=2000
    )


def _connection(size: Size) -> Connection:
    at = now()
    connection = Connection.objects.create(
        slug="aws", vendor="aws", name="AWS production", health=Health.OK, last_good_at=at, next_run_at=at + timedelta(days=1)
    )
    checks = list(catalogue.checks_of("aws"))
    outcomes = cycle(["pass", "fail", "pass", "unknown"])
    times: dict[str, Any] = {"since": at, "judged_at": at, "facts_at": at}
    if size.runs:
        CheckState.objects.bulk_create(
            CheckState(connection=connection, check_id=check.id, outcome=next(outcomes), counts={"pass": 10}, **times)
            for check in checks
        )
        ResourceInterval.objects.bulk_create(
            ResourceInterval(
                connection=connection, check_id=check.id, resource=f"arn:aws:s3:::bucket-{number}", outcome=next(outcomes),
                started_at=at, seen_until=at,
            )
            for check in checks for number in range(size.controls // 20)
        )  # fmt: skip
    runs = Run.objects.bulk_create(
        Run(
            connection=connection, number=number, trigger="schedule", requested_by="bench", state=RunState.FINISHED,
            outcome=RunOutcome.OK, started_at=at, finished_at=at, rows=100, calls=50,
        )
        for number in range(1, size.runs + 1)
    )
    RunStep.objects.bulk_create(
        RunStep(run=run, fact_kind=f"aws.kind_{position}", position=position, state="done", rows=10)
        for run in runs for position in range(10)
    )  # fmt: skip
    return connection


def _gaps(size: Size, controls: list[Control], connection: Connection, member: Membership | None) -> None:
    severities = cycle(Severity.values)
    gaps = Gap.objects.bulk_create(
        Gap(
            ref=f"GAP-{rank:04d}", rule="check.fails", subject=f"aws.check_{rank}", connection=connection,
            connection_key=str(connection.pk), title=f"Gap number {rank} of the benchmark", cause="A bucket is open. " * 5,
            remedy="Close it.", area=AREAS[rank % len(AREAS)], criteria=["CC6.1", "CC6.2"], severity=next(severities),
            points=1000.0 - rank / 2, rank=rank, reasons=["It is the only control of CC6.1.", "The audit starts in 30 days."],
            control=control, owner=member, due_date=(now() + timedelta(days=rank % 60)).date(),
        )
        for rank, control in enumerate(islice(cycle(controls), size.gaps), 1)
    )
    GapControl.objects.bulk_create(GapControl(gap=gap, control_id=gap.control_id) for gap in gaps)
    Occurrence.objects.bulk_create(
        Occurrence(gap=gap, resource=f"arn:aws:s3:::bucket-{number}", message="It is open.") for gap in gaps for number in range(3)
    )


def _mappings(controls: list[Control]) -> None:
    """Each control meets two requirements of SOC 2, for which there is a programme."""
    framework = Framework.objects.get(organization_id=NIL, key__icontains="soc2") if _one_soc2() else None
    if framework is None:
        raise LookupError("No single SOC 2 catalogue is loaded.")
    today = now().date()
    Programme.objects.create(
        name="SOC 2 Type II", kind="soc2_type_2", framework=framework, framework_owner_id=NIL,
        period_start=today - timedelta(days=100), period_end=today + timedelta(days=80),
    )
    asked = cycle(list(Requirement.objects.filter(framework=framework, assessable=True).values_list("pk", flat=True)))
    Mapping.objects.bulk_create(
        Mapping(control=control, requirement_id=next(asked), framework_owner_id=NIL) for control in controls for _ in range(2)
    )


def _one_soc2() -> bool:
    return Framework.objects.filter(organization_id=NIL, key__icontains="soc2").count() == 1
