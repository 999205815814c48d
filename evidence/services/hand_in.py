"""Bringing evidence by program: what a token hands in, for any number of requirements at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.trail.actors import Actor
from controls.models import Implementation

from ..models import Artefact, EvidenceRequirement, Source, Version
from .link import link_artefact, unlink_artefact
from .receive import add_artefact, receive_version


@transaction.atomic
def hand_in_artefact(*, actor: Actor, title: str, requirements: Sequence[EvidenceRequirement] = ()) -> Artefact:
    """A new artefact that a person or a program keeps, linked to what it serves. Raises ValidationError."""
    retired = [each.ref for each in requirements if each.control.implementation == Implementation.RETIRED]
    if retired:
        raise ValidationError({"requirements": f"Nothing is asked any more for {', '.join(retired)}: the control is retired."})
    artefact = add_artefact(actor=actor, title=title, source=Source.PERSON)
    for requirement in requirements:
        link_artefact(actor=actor, artefact=artefact, requirement=requirement)
    return artefact


@transaction.atomic
def hand_in_version(
    *,
    actor: Actor,
    artefact: Artefact,
    content: Iterable[bytes],
    filename: str,
    media_type: str,
    effective_start: datetime,
    effective_end: datetime,
    note: str = "",
    maker: Membership | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Version:
    """The next version of an artefact. `maker` made the token that hands it in, and so cannot approve it; `extra` goes
    into the provenance: how it was captured, that it was scanned.

    Raises ValidationError for an artefact that a collector keeps, for one that serves retired controls alone, and for a span
    that cannot be.
    """
    if artefact.source != Source.PERSON:
        raise ValidationError("A collector keeps this artefact: its versions come from runs.")
    served = set(artefact.links.values_list("requirement__control__implementation", flat=True))
    if served == {Implementation.RETIRED}:
        raise ValidationError("Nothing is asked any more of what this artefact serves: the control is retired.")
    try:
        return receive_version(
            actor=actor, artefact=artefact, content=content, filename=filename, media_type=media_type,
            effective_start=effective_start, effective_end=effective_end, provided_by=maker,
            provenance={"filename": filename[:255], "provided_by": actor.label, "note": note.strip(), **(extra or {})},
        )  # fmt: skip
    except ValueError as error:
        raise ValidationError({"effective_end": str(error)}) from None


@transaction.atomic
def take_back(*, actor: Actor, artefact: Artefact, requirement: EvidenceRequirement) -> None:
    """An artefact no longer serves a requirement; both stay. Raises ValidationError for what a collector would bring
    again at its next run."""
    if artefact.source != Source.PERSON and artefact.collected_key.partition(":")[2] in requirement.fact_kinds:
        raise ValidationError("This is collected for the checks that judge the requirement. Change its checks instead.")
    unlink_artefact(actor=actor, artefact=artefact, requirement=requirement)
