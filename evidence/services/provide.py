"""Bringing evidence by hand: a person's artefact for a requirement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.trail.actors import Actor
from controls.models import Implementation

from ..capture import CaptureError, capture_of
from ..models import Artefact, EvidenceRequirement, Source, Version
from .authority import may_provide
from .link import link_artefact, unlink_artefact
from .receive import add_artefact, receive_version


@transaction.atomic
def provide_evidence(
    *,
    actor: Actor,
    requirement: EvidenceRequirement,
    content: bytes | Iterable[bytes],
    filename: str,
    media_type: str,
    effective_start: datetime,
    effective_end: datetime,
    note: str = "",
    artefact: Artefact | None = None,
    title: str = "",
    extra: Mapping[str, Any] | None = None,
) -> Version:
    """Take in a file for a requirement: as the next version of `artefact`, else as a new artefact linked to it, which is
    called `title`, or as the requirement is.

    The provider is the actor; `extra` goes into the provenance: how it was captured, that it was scanned. Raises
    PermissionDenied where they may not provide for this requirement, ValidationError for an artefact that a collector keeps
    or that serves another requirement, ValueError for a span that cannot be.
    """
    provider = provider_of(actor, requirement)
    if artefact is None:
        artefact = add_artefact(actor=actor, title=title.strip() or requirement.title, source=Source.PERSON)
        link_artefact(actor=actor, artefact=artefact, requirement=requirement)
    elif artefact.source != Source.PERSON or not artefact.links.filter(requirement=requirement).exists():
        raise ValidationError({"artefact": "Choose an artefact of this requirement that a person keeps."})
    return receive_version(
        actor=actor, artefact=artefact, content=content, filename=filename, media_type=media_type,
        effective_start=effective_start, effective_end=effective_end, provided_by=provider,
        provenance={"filename": filename[:255], "provided_by": provider.name, "note": note.strip(), **(extra or {})},
    )  # fmt: skip


@transaction.atomic
def offer_artefact(*, actor: Actor, artefact: Artefact, requirement: EvidenceRequirement) -> None:
    """Let an artefact that is there already serve a requirement. Raises PermissionDenied like `provide_evidence`."""
    provider_of(actor, requirement)
    link_artefact(actor=actor, artefact=artefact, requirement=requirement)


@transaction.atomic
def withdraw_artefact(*, actor: Actor, artefact: Artefact, requirement: EvidenceRequirement) -> None:
    """An artefact no longer serves a requirement; both stay, and the log keeps that it did.

    Raises PermissionDenied like `provide_evidence`, ValidationError for what a collector brings: it would come back.
    """
    provider_of(actor, requirement)
    if artefact.source != Source.PERSON and set(requirement.fact_kinds) & {artefact.collected_key.partition(":")[2]}:
        raise ValidationError("This is collected for the checks that judge the requirement. Change its checks instead.")
    unlink_artefact(actor=actor, artefact=artefact, requirement=requirement)


def provenance_of(capture: Mapping[str, Any], scan: str) -> dict[str, Any]:
    """What a version's provenance says beyond file, provider and note. Raises ValidationError by term."""
    try:
        stated = capture_of(capture)
    except CaptureError as error:
        raise ValidationError({error.term: str(error)}) from error
    return ({"capture": stated} if stated else {}) | ({"scan": {"by": "ClamAV", "result": scan}} if scan == "clean" else {})


def provider_of(actor: Actor, requirement: EvidenceRequirement) -> Membership:
    """The member who acts, if they may provide for this requirement."""
    member = Membership.objects.filter(pk=actor.membership_id).first() if actor.membership_id else None
    if member is None or not may_provide(member, requirement):
        raise PermissionDenied(
            "Evidence is provided by who owns the requirement or its control, or by the compliance manager."
        )
    if requirement.control.implementation == Implementation.RETIRED:
        raise ValidationError("The control is retired: nothing is asked of it any more.")
    return member
