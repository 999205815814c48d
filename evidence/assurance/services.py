"""Keeping a third party's report or letter as evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.parties.models import BridgeLetter, PartyReport
from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record
from evidence.models import Artefact, Source, Version
from evidence.services.receive import add_artefact, receive_version
from evidence.spans import span_of

from .models import PartyPaper


@transaction.atomic
def keep_paper(
    *, actor: Actor, paper: PartyReport | BridgeLetter, content: Iterable[bytes], filename: str, media_type: str,
    provided_by: Membership | None = None,
) -> Version:  # fmt: skip
    """Store the file of a report or letter as a version of its artefact, with the days that the paper speaks of.

    The second file of one paper is the next version. Raises ValidationError for days that have not come.
    """
    is_report = isinstance(paper, PartyReport)
    mine = {"report": paper} if is_report else {"letter": paper}
    earlier = PartyPaper.objects.filter(**mine).select_related("version__artefact").first()
    title = f"{paper.party.name}: {paper}"
    artefact = earlier.version.artefact if earlier else _artefact(actor, title)
    try:
        starts, ends = _span(paper)
    except ValueError as error:
        raise ValidationError({"file": str(error)}) from None
    version = receive_version(
        actor=actor, artefact=artefact, content=content, filename=filename, media_type=media_type,
        effective_start=starts, effective_end=ends, provided_by=provided_by,
        provenance={"filename": filename, "provided_by": actor.label, "note": title},
    )  # fmt: skip
    PartyPaper.objects.create(version=version, **mine)
    record(
        actor=actor, action="assurance.paper.kept", target=paper,
        after={"evidence": artefact.ref, "version": version.number, "sha256": version.sha256},
    )  # fmt: skip
    return version


def _artefact(actor: Actor, title: str) -> Artefact:
    return add_artefact(actor=actor, title=title, source=Source.PERSON.value)


def _span(paper: PartyReport | BridgeLetter) -> tuple[datetime, datetime]:
    """A letter speaks of no day after its signature; a certificate that runs on into the future, of none after today."""
    zone, moment = ZoneInfo(here().timezone), now()
    last = paper.ends_on if isinstance(paper, PartyReport) else min(paper.ends_on, paper.signed_on)
    first = paper.starts_on or last
    last = min(last, moment.astimezone(zone).date())
    if first > last:
        return datetime.combine(last, time(), zone), moment
    return span_of(first, last, zone=zone, now=moment)
