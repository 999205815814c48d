"""A connection with facts of our own making: rows that a collection could have kept, step by step, at times of our choice."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from compliance.tenancy.clock import now
from compliance.trail.actors import SYSTEM
from evidence.collectors.models import Connection, KindState, Run, RunStep, Snapshot
from evidence.models import Artefact, Version
from evidence.services.receive import add_artefact, receive_version


def keep_look(
    connection: Connection, kind: str, body: Any, *, at: datetime | None = None, call: str = "GET /fact", reason: str = ""
) -> Version | None:
    """One look at a kind, as a run would have left it: its raw page as a version, its snapshot, and where the kind stands."""
    moment = at or now()
    number = Run.objects.filter(connection=connection).count() + 1
    run = Run.objects.create(
        connection=connection, number=number, trigger="manual", requested_by="test", state="finished",
        outcome="failed" if reason else "ok", finished_at=moment,
    )
    step = RunStep.objects.create(
        run=run, fact_kind=kind, position=0, state="done", finished_at=moment, reason=reason, message=reason and "It said no."
    )
    state, _ = KindState.objects.get_or_create(connection=connection, fact_kind=kind)
    state.last_looked_at = moment
    state.reason, state.message = reason, step.message
    version = None
    if not reason:
        version = _version(connection, kind, body, moment, call)
        snapshot = Snapshot.objects.create(
            connection=connection, step=step, version=version, fact_kind=kind, collected_at=moment, rows=1
        )
        state.last_good, state.last_good_at = snapshot, moment
    state.save()
    return version


def _version(connection: Connection, kind: str, body: Any, at: datetime, call: str) -> Version:
    pages: Sequence[dict[str, Any]] = [{"call": call, "parameters": {}, "body": body}]
    document = json.dumps({"collector_version": 1, "fact_kind": kind, "pages": pages}, sort_keys=True).encode()
    key = f"{connection.pk}:{kind}"
    artefact = Artefact.objects.filter(collected_key=key).first() or add_artefact(
        actor=SYSTEM, title=f"{connection.name}: {kind}", source="collector", vendor=connection.vendor, collected_key=key
    )
    return receive_version(
        actor=SYSTEM, artefact=artefact, content=gzip.compress(document, mtime=0), filename=f"{kind}.json.gz",
        media_type="application/gzip", effective_start=at, effective_end=at,
        provenance={"collector": kind, "connection": connection.slug, "run": 1, "vendor": connection.vendor},
    )
