"""What the log is told of evidence: rows as the members of leaves (docs/domain/log-and-packs.md, Leaves). Pure.

The names and values are fixed: the log's inspection, the packs and their verifiers compare rows with leaves by them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from .log.services.append import Told, moment_text

VERSION = "version"
DECISION = "decision"
SUPERSESSION = "supersession"
#: What a run saw again, unchanged. It has no row of its own: its moments stand on what was seen.
SIGHTINGS = "sightings"


def version_members(version: Any) -> dict[str, Any]:
    """A version with its artefact, as it was received."""
    artefact = version.artefact
    return {
        "id": str(version.pk), "artefact": artefact.ref, "artefact_id": str(artefact.pk), "number": version.number,
        "sha256": version.sha256, "size": version.size, "media_type": version.media_type, "filename": version.filename,
        "source": str(artefact.source), "received_at": _moment(version.received_at),
        "effective_start": _moment(version.effective_start), "effective_end": _moment(version.effective_end),
        "provided_by": version.provided_by_label, "provenance": json.loads(json.dumps(version.provenance)),
    }  # fmt: skip


def decision_members(decision: Any) -> dict[str, Any]:
    """A decision with the digest of what was decided on."""
    return {
        "id": str(decision.pk), "version": str(decision.version_id), "version_sha256": decision.version.sha256,
        "acceptance": str(decision.acceptance), "reason": decision.reason, "decided_by": decision.decided_by,
        "decided_at": _moment(decision.decided_at),
    }  # fmt: skip


def supersession_members(supersession: Any) -> dict[str, Any]:
    """Which version takes the place of which, and why."""
    return {
        "id": str(supersession.pk), "version": str(supersession.version_id), "by": str(supersession.by_id),
        "reason": supersession.reason, "decided_by": supersession.decided_by,
        "decided_at": _moment(supersession.decided_at),
    }  # fmt: skip


def sighting_members(run: Any, seen: Sequence[tuple[Any, datetime]]) -> dict[str, Any]:
    """The versions whose very bytes a run saw again, each with the moment."""
    return {
        "run": run.number, "connection": run.connection.slug, "connection_id": str(run.connection_id),
        "seen": [{"version": str(version.pk), "sha256": version.sha256, "at": _moment(at)} for version, at in seen],
    }  # fmt: skip


#: How each type of leaf is written from its row.
MEMBERS: dict[str, Callable[[Any], dict[str, Any]]] = {
    VERSION: version_members, DECISION: decision_members, SUPERSESSION: supersession_members,
}  # fmt: skip


def told(kind: str, row: Any, **more: Any) -> Told:
    """A row as the log is told of it."""
    version = row if kind == VERSION else row.version
    return Told(kind, row.pk, version.artefact_id, MEMBERS[kind](row) | more)


def _moment(at: datetime) -> str:
    return moment_text(at)
