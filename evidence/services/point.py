"""Pointing at a source: an address where something can be seen. Not evidence yet, and never counted as such."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..capture import is_web_address
from ..models import Artefact, EvidenceRequirement, Source, SourceLink
from .link import link_artefact
from .provide import provider_of
from .receive import add_artefact


@transaction.atomic
def point_at_source(
    *, actor: Actor, requirement: EvidenceRequirement, title: str, url: str, shows: str, as_of: date
) -> Artefact:
    """A new artefact that is a link, for a requirement. It counts from the first capture of what it shows.

    Raises PermissionDenied where the actor may not provide for the requirement, ValidationError by field.
    """
    provider_of(actor, requirement)
    artefact = add_artefact(actor=actor, title=title, source=Source.PERSON)
    link_artefact(actor=actor, artefact=artefact, requirement=requirement)
    state_source(actor=actor, artefact=artefact, url=url, shows=shows, as_of=as_of)
    return artefact


@transaction.atomic
def state_source(*, actor: Actor, artefact: Artefact, url: str, shows: str, as_of: date) -> SourceLink:
    """Say where an artefact can be seen. What was said before stays. Raises ValidationError by field."""
    if artefact.source != Source.PERSON:
        raise ValidationError("A collector keeps this artefact and knows where it comes from.")
    if not is_web_address(url):
        raise ValidationError({"url": "Write the whole address: https://…"})
    if as_of > today(here().timezone):
        raise ValidationError({"as_of": "Nobody has seen a day that has not come."})
    link = SourceLink.objects.create(
        artefact=artefact, url=url[:500], shows=shows.strip(), as_of=as_of, stated_by=actor.label[:254]
    )
    record(
        actor=actor, action="evidence.source.stated", target=artefact, after={"url": url, "shows": shows[:500], "as_of": as_of}
    )
    return link
