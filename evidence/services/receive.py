"""Receiving evidence: from receipt a version is immutable, and the time of receipt is ours alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.news import announce
from compliance.tenancy.references import next_reference
from compliance.trail.actors import Actor
from compliance.trail.services import record

from .. import storage
from ..events import version_received
from ..leaves import VERSION, told
from ..log.services.append import append_leaves
from ..models import Acceptance, Artefact, Origin, Version
from .freshness import refresh_requirements
from .span import latest_end


@transaction.atomic
def add_artefact(*, actor: Actor, title: str, source: str, collected_key: str = "", vendor: str = "") -> Artefact:
    """A new artefact, without a version yet."""
    artefact = Artefact.objects.create(
        ref=next_reference("EV"), title=title[:200], source=source, collected_key=collected_key, vendor=vendor
    )
    record(actor=actor, action="evidence.artefact.added", target=artefact, after={"title": title, "source": source})
    return artefact


def collected_artefact(
    *, actor: Actor, connection_id: UUID, fact_kind: str, title: str, vendor: str, source: str = Origin.COLLECTOR
) -> Artefact:
    """The artefact of one fact kind of one connection, made at its first collection, or at its first push."""
    key = f"{connection_id}:{fact_kind}"
    artefact = Artefact.objects.filter(collected_key=key).first()
    return artefact or add_artefact(actor=actor, title=title, source=source, collected_key=key, vendor=vendor)


@transaction.atomic
def receive_version(
    *, actor: Actor, artefact: Artefact, content: bytes | Iterable[bytes], filename: str, media_type: str,
    effective_start: datetime, effective_end: datetime, provenance: Mapping[str, Any], provided_by: Membership | None = None,
) -> Version:
    """Take in one version, and enter it in the log. The span is stated by who provides it, `received_at` by the system.

    Raises ValueError for a span that ends before it starts or lies in the future.
    """
    received = now()
    if effective_end < effective_start:
        raise ValueError("The span ends before it starts.")
    if effective_end > received:
        raise ValueError("Evidence cannot speak of a time that has not come.")
    artefact = Artefact.objects.select_for_update().get(pk=artefact.pk)
    sha256, size = storage.store(content)
    version = Version.objects.create(
        artefact=artefact, number=artefact.latest_number + 1, sha256=sha256, size=size, media_type=media_type,
        filename=filename[:255], received_at=received, effective_start=effective_start, effective_end=effective_end,
        provenance=dict(provenance), provided_by=provided_by, provided_by_label=actor.label[:254],
    )
    artefact.latest_number = version.number
    artefact.acceptance = Acceptance.RECEIVED
    artefact.latest_received_at = received
    artefact.latest_effective_end = latest_end(artefact)
    artefact.save(update_fields=["latest_number", "acceptance", "latest_received_at", "latest_effective_end"])
    record(
        actor=actor, action="evidence.version.received", target=artefact, label=f"{artefact.ref} v{version.number}",
        after={"number": version.number, "sha256": sha256, "size": size, "effective_end": effective_end},
    )
    append_leaves([told(VERSION, version)])
    if artefact.source == Origin.PERSON:  # a run says so once for all that it brought
        refresh_requirements(actor=actor, requirement_ids=list(artefact.links.values_list("requirement_id", flat=True)))
        announce(version_received, artefact_id=artefact.pk)
    return version
