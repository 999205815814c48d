"""Versions on their way: a freeze that was asked for, and a file that is looked through before it is frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.news import announce
from compliance.trail.actors import Actor
from compliance.trail.services import record
from compliance.web.workbook import MEDIA_TYPE as WORKBOOK
from evidence.models import Artefact, Source, Version
from evidence.services.receive import add_artefact, receive_version
from evidence.storage import open_stored

from ..catalogue import Template
from ..events import draft_asked
from ..given import Excluded
from ..models import Draft, DraftState, Population, PopulationVersion
from ..reading import READ_AT_ONCE, Read, read_file
from ..sources import Built
from ..spans import Reach
from .freeze import freeze, freeze_from_source, period_of

#: A draft whose worker died is tried this often, and then told as failed.
TRIES = 3


@transaction.atomic
def ask_freeze(
    *, actor: Actor, member: Membership | None, population: Population, first: date, last: date, zone: str
) -> Draft:
    """Ask for a version drawn from the population's source: a worker draws it. One that waits already is the answer.

    `member` is who asks. Raises ValidationError for a period that is not over.
    """
    if population.is_uploaded:
        raise ValidationError("Its rows are brought as a file.")
    period_of(first, last, zone)
    waiting = Draft.objects.filter(population=population, state=DraftState.DUE, raw=None, first=first, last=last, zone=zone)
    return waiting.first() or _asked(
        actor, Draft(population=population, first=first, last=last, zone=zone, freezes=True, asker=member)
    )


@transaction.atomic
def bring_file(
    *, actor: Actor, member: Membership | None, population: Population, content: Iterable[bytes], filename: str,
    media_type: str, first: date, last: date, zone: str, system: str, query: str, drawn_at: datetime, total: int | None = None,
    left_out: str = "",
) -> Draft:  # fmt: skip
    """Receive a file of rows. From receipt it is evidence that nobody can change; what it would make is looked at first.

    `system` and `query` say where it comes from and how it was drawn, `left_out` what the query leaves out and why, `total`
    what the source itself counts. Raises like `ask_freeze`, and for a file that was drawn in the future.
    """
    period = period_of(first, last, zone)
    faults = {name: words for name, given, words in (
        ("system", system, "Say which system it comes from."),
        ("query", query, "Say how it was drawn: the report, the screen with its filters, or the query."),
    ) if not given.strip()}  # fmt: skip
    if drawn_at > now():
        faults["drawn_at"] = "It cannot have been drawn in the future."
    if faults:
        raise ValidationError(faults)
    raw = receive_version(
        actor=actor, artefact=_artefact(actor, population), content=content, filename=filename, media_type=media_type,
        effective_start=period.starts, effective_end=min(period.ends, now()), provided_by=member,
        provenance={"filename": filename[:255], "provided_by": actor.label, "note": f"{system.strip()}: {query.strip()}"},
    )  # fmt: skip
    draft = Draft(
        population=population, raw=raw, first=first, last=last, zone=zone, system=system.strip()[:300], query=query.strip(),
        drawn_at=drawn_at, total=total, left_out=left_out.strip(), asker=member, mapping=population.settings.get("mapping", {}),
    )  # fmt: skip
    return _asked(actor, draft)


def _asked(actor: Actor, draft: Draft) -> Draft:
    draft.asked_by, draft.asked_at, draft.touched_at = actor.label[:254], now(), now()
    draft.save()
    what = "brought" if draft.raw_id else "asked"
    record(
        actor=actor, action=f"populations.draft.{what}", target=draft.population,
        after={"first": draft.first, "last": draft.last, "zone": draft.zone, "sha256": draft.raw.sha256 if draft.raw else ""},
    )  # fmt: skip
    if _is_short(draft):
        look_through(draft)
    else:
        announce(draft_asked, draft_id=draft.pk)
    return draft


@transaction.atomic
def map_columns(*, draft: Draft, mapping: Mapping[str, str]) -> Draft:
    """Say which column of the file holds which attribute. The population remembers it for the next file."""
    draft = _open(draft)
    population = Population.objects.select_for_update(of=("self",)).get(pk=draft.population_id)
    population.settings = population.settings | {"mapping": dict(mapping)}
    population.save(update_fields=["settings"])
    draft.mapping, draft.state, draft.touched_at = dict(mapping), DraftState.DUE, now()
    draft.save(update_fields=["mapping", "state", "touched_at"])
    if _is_short(draft):
        look_through(draft)
    else:
        announce(draft_asked, draft_id=draft.pk)
    return draft


def look_through(draft: Draft) -> Read:
    """Read the file of a draft, and keep what its page shows."""
    template = _template(draft)
    read = _read(draft, template)
    draft.report, draft.state, draft.touched_at = read.report(template), DraftState.LOOKED, now()
    draft.save(update_fields=["report", "state", "touched_at"])
    return read


@transaction.atomic
def freeze_draft(*, actor: Actor, draft: Draft) -> Draft:
    """Freeze a file that was looked through without a fault: at once where it is short, else by a worker, in the name of
    whoever says so, who need not have brought it.

    Raises ValidationError where it has faults.
    """
    draft = _open(draft)
    if draft.raw is None or draft.state != DraftState.LOOKED:
        raise ValidationError("It is still being read.")
    if draft.report.get("problem") or draft.report.get("faulty"):
        raise ValidationError("The file has faults, so nothing is frozen. Correct it and bring it again.")
    draft.freezes, draft.state, draft.touched_at = True, DraftState.DUE, now()
    draft.asked_by = actor.label[:254]  # who brought the file stands with it
    draft.asker = Membership.objects.filter(pk=actor.membership_id).first() if actor.membership_id else None
    draft.save(update_fields=["freezes", "state", "touched_at", "asked_by", "asker"])
    if _is_short(draft):
        make(actor=actor, draft=draft)
    else:
        announce(draft_asked, draft_id=draft.pk)
    return draft


@transaction.atomic
def discard_draft(*, actor: Actor, draft: Draft) -> None:
    """Put a draft aside. The file that was brought stays in evidence: what was received cannot vanish."""
    draft = _open(draft)
    draft.state, draft.touched_at = DraftState.DISCARDED, now()
    draft.save(update_fields=["state", "touched_at"])
    record(actor=actor, action="populations.draft.discarded", target=draft.population, after={"first": draft.first, "last": draft.last})


@transaction.atomic
def make(*, actor: Actor, draft: Draft) -> PopulationVersion | None:
    """Do what a draft waits for: draw it, read its file, or freeze what was read. Twice it is done once."""
    draft = Draft.objects.select_for_update(of=("self",)).select_related("population__connection", "raw", "asker").get(pk=draft.pk)
    if draft.state != DraftState.DUE:
        return None
    if draft.raw is None:
        version = freeze_from_source(
            actor=actor, population=draft.population, first=draft.first, last=draft.last, zone=draft.zone, by=draft.asker
        )
    else:
        read = look_through(draft)
        if not draft.freezes or not read.may_freeze:
            return None
        version = freeze(
            actor=actor, population=draft.population, built=_built(draft, read), period=draft.period, raw=draft.raw, by=draft.asker
        )
    draft.state, draft.frozen, draft.touched_at = DraftState.FROZEN, version, now()
    draft.save(update_fields=["state", "frozen", "touched_at"])
    return version


@transaction.atomic
def give_up(*, draft_id: Any, message: str) -> None:
    """Say on a draft why nothing came of it."""
    Draft.objects.filter(pk=draft_id, state=DraftState.DUE).update(state=DraftState.FAILED, message=message, touched_at=now())


def _is_short(draft: Draft) -> bool:
    """Whether it is read while its bringer waits. A workbook never is: what it unpacks to cannot be told from its size."""
    return draft.raw is not None and draft.raw.size <= READ_AT_ONCE and draft.raw.media_type != WORKBOOK


def _built(draft: Draft, read: Read) -> Built:
    assert draft.raw is not None
    assert draft.drawn_at is not None
    excluded = [Excluded(draft.system, "left out by the query", draft.left_out)] if draft.left_out else []
    return Built(
        read.items, draft.query, draft.system, f"{draft.asked_by}, as a file", draft.drawn_at, Reach(None, None),
        {"file": draft.raw.filename, "file_sha256": draft.raw.sha256, "mapping": dict(zip(read.heads, read.chosen, strict=False))},
        excluded, len(read.items), draft.total, "stated with the file" if draft.total is not None else "", collected=False,
    )  # fmt: skip


def _read(draft: Draft, template: Template) -> Read:
    assert draft.raw is not None
    with open_stored(draft.raw.sha256) as stored:
        content = stored.read()
    return read_file(content, template, draft.mapping, draft.period, draft.system or "file")


def _template(draft: Draft) -> Template:
    template = draft.population.kind
    if template is None:
        raise ValidationError("The template of this population is gone.")
    return template


def _artefact(actor: Actor, population: Population) -> Artefact:
    """The artefact of the files that people bring for a population, the newest of which is its next version."""
    earlier = Version.objects.filter(pk__in=Draft.objects.filter(population=population, raw__isnull=False).values("raw"))
    held = earlier.select_related("artefact").order_by("-id").first()
    return held.artefact if held else add_artefact(actor=actor, title=f"Files of population {population}", source=Source.PERSON)


def _open(draft: Draft) -> Draft:
    draft = Draft.objects.select_for_update(of=("self",)).select_related("population", "raw").get(pk=draft.pk)
    if draft.state in (DraftState.FROZEN, DraftState.DISCARDED):
        raise ValidationError("This was frozen or discarded already.")
    return draft
