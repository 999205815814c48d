"""Entering in the log what was received before there was one. Used by the migration that brings the log, and by nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from typing import Any

from django.db import connection

from compliance.tenancy.clock import now
from compliance.tenancy.ids import uuid7

from evidence.leaves import DECISION, VERSION, told
from evidence.log.canonical import canonical
from evidence.log.merkle import leaf_hash
from evidence.log.services.append import FORMAT, moment_text

_WRITTEN = 1000


def enter_history(apps: Any) -> None:
    """In one organisation's room: a leaf for each version and decision, in the order in which they came.

    Each says `entered_later`: that it was there when the log began is proved from then on, and nothing about before.
    """
    Head, Leaf = apps.get_model("evidence_log", "Head"), apps.get_model("evidence_log", "Leaf")
    if Head.objects.exists():
        return
    organization, moment, waiting, size = _room(), now(), [], 0
    for _, kind, row in merge(_versions(apps), _decisions(apps), key=lambda each: each[0]):
        entry = told(kind, row, entered_later=True)
        own = {"v": FORMAT, "type": kind, "organization": organization, "at": moment_text(moment)}
        body = canonical({**entry.body, **own})
        waiting.append(
            Leaf(
                organization_id=organization, index=size, kind=kind, subject=entry.subject, artefact=entry.artefact,
                body=body.decode(), leaf_hash=leaf_hash(body), appended_at=moment,
            )
        )  # fmt: skip
        size += 1
        if len(waiting) == _WRITTEN:
            Leaf.objects.bulk_create(waiting)
            waiting = []
    Leaf.objects.bulk_create(waiting)
    if size:
        Head.objects.create(id=uuid7(), organization_id=organization, size=size)


def _versions(apps: Any) -> Iterator[tuple[datetime, str, Any]]:
    found = apps.get_model("evidence", "Version").objects.select_related("artefact").order_by("received_at", "id")
    return ((row.received_at, VERSION, row) for row in found.iterator(chunk_size=_WRITTEN))


def _decisions(apps: Any) -> Iterator[tuple[datetime, str, Any]]:
    found = apps.get_model("evidence", "VersionDecision").objects.select_related("version").order_by("decided_at", "id")
    return ((row.decided_at, DECISION, row) for row in found.iterator(chunk_size=_WRITTEN))


def _room() -> str:
    """A migration stands in a room by the database's setting alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.organization_id')")
        return str(cursor.fetchone()[0])
