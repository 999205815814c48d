"""Evidence to test with, made by the services that make the real one. Each stands in the room of its caller."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from compliance.tenancy.clock import now
from compliance.trail.actors import SYSTEM, Actor
from controls.models import Control
from evidence.collectors.models import Connection, Run, RunStep
from evidence.collectors.services.connect import create_connection
from evidence.collectors.services.request import request_run
from evidence.judging.models import CheckState, ResourceInterval
from evidence.models import EvidenceRequirement, Version
from evidence.services.link import link_artefact
from evidence.services.provide import provide_evidence
from evidence.services.receive import add_artefact, receive_version
from evidence.services.require import add_requirements

from .controls import make_control

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n"
CHECK = "github.org.2fa_required"


def make_requirement(actor: Actor, control: Control | None = None, **fields: Any) -> EvidenceRequirement:
    """Something that a person brings every quarter, unless said otherwise."""
    values: dict[str, Any] = {
        "key": "review", "title": "Signed access review", "artefact": "The list with each decision.", "cadence": "quarterly",
        "source": "person", "span": "period",
    }  # fmt: skip
    return add_requirements(actor=actor, wanted=[(control or make_control(), values | fields)])[0]


def bring(person: Any, requirement: EvidenceRequirement, days_ago: int = 1, **fields: Any) -> Version:
    """A file that somebody hands in for a requirement, speaking of the month up to `days_ago`."""
    values: dict[str, Any] = {
        "content": PDF, "filename": "review.pdf", "media_type": "application/pdf", "note": "Exported from Okta.",
        "effective_start": now() - timedelta(days=days_ago + 30), "effective_end": now() - timedelta(days=days_ago),
    }  # fmt: skip
    return provide_evidence(actor=person.actor, requirement=requirement, **values | fields)


def collect(connection: Connection, requirement: EvidenceRequirement, rows: int = 3) -> Version:
    """A version as a run brings it."""
    artefact = add_artefact(
        actor=SYSTEM, title=f"{connection.name}: The organisation", source="collector", vendor=connection.vendor,
        collected_key=f"{connection.pk}:github.org",
    )  # fmt: skip
    link_artefact(actor=SYSTEM, artefact=artefact, requirement=requirement)
    return receive_version(
        actor=SYSTEM, artefact=artefact, content=b"\x1f\x8b raw", filename="github.org.json.gz", media_type="application/gzip",
        effective_start=now(), effective_end=now(),
        provenance={
            "collector": "github.org", "collector_version": 1, "connection": connection.slug, "vendor": connection.vendor,
            "run": 1, "identity": "acme-bot", "rows": rows, "calls": 2, "call": "GET /orgs/acme", "parameters": {"per_page": 100},
        },
    )  # fmt: skip


def upload(content: bytes = PDF, name: str = "review.pdf") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def make_connection(actor: Actor, **fields: Any) -> Connection:
    """GitHub, connected with a token."""
    values: dict[str, Any] = {
        "vendor": "github", "name": "GitHub", "fields": {"organization": "acme", "token": "ghp_very_secret"},
    }  # fmt: skip
    return create_connection(actor=actor, **values | fields)


def make_run(actor: Actor, connection: Connection, **fields: Any) -> Run:
    """A run that was asked for; with fields, one as it then stood."""
    run = request_run(actor=actor, connection=connection)
    for name, value in fields.items():
        setattr(run, name, value)
    run.save()
    return run


def finish_step(run: Run, kind: str, **fields: Any) -> RunStep:
    """A step of a run as it ended."""
    step = run.steps.get(fact_kind=kind)
    for name, value in ({"state": "done", "started_at": now(), "finished_at": now()} | fields).items():
        setattr(step, name, value)
    step.save()
    return step


def judged(connection: Connection, outcome: str = "fail", check_id: str = CHECK, **fields: Any) -> CheckState:
    """How a check stands on a connection."""
    moment = now()
    values: dict[str, Any] = {"since": moment, "judged_at": moment, "facts_at": moment, "counts": {outcome: 1}}
    return CheckState.objects.create(connection=connection, check_id=check_id, outcome=outcome, **values | fields)


def resource(connection: Connection, name: str, outcome: str = "fail", **fields: Any) -> ResourceInterval:
    """What a check says of one resource, since yesterday."""
    values: dict[str, Any] = {"check_id": CHECK, "started_at": now() - timedelta(days=1), "seen_until": now()}
    return ResourceInterval.objects.create(connection=connection, resource=name, outcome=outcome, **values | fields)
