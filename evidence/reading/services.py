"""Reading versions, keeping what an auditor would bounce, and answering it."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record

from .. import storage
from ..models import Version
from . import lint, selectors
from .models import Document, LintAnswer, LintFinding
from .readers import Reading, read
from .searching import keep_words


@transaction.atomic
def read_version(*, actor: Actor, version: Version) -> Document:
    """Look into a version once: its words, its own facts, and what an auditor would bounce. A second time changes nothing."""
    known = selectors.document_of(version)
    if known is not None:
        return known
    reading = _reading_of(version)
    document = Document.objects.create(
        version=version, text=reading.text or "", searchable=reading.text is not None, reason=reading.reason[:300],
        facts=reading.facts, text_sha256=reading.text_sha256,
    )  # fmt: skip
    if document.searchable:
        keep_words(document)
    keep_findings(actor=actor, version=version, found=lint.lint(_brought(version, reading)))
    return document


def _reading_of(version: Version) -> Reading:
    try:
        with storage.open_stored(version.sha256) as stored:
            return read(stored, version.media_type)
    except FileNotFoundError:
        return Reading(None, "Its bytes are not in the store.")


def _brought(version: Version, reading: Reading) -> lint.Brought:
    zone = ZoneInfo(here().timezone)
    return lint.Brought(
        reading=reading, capture=version.provenance.get("capture", {}),
        first=version.effective_start.astimezone(zone).date(), last=version.effective_end.astimezone(zone).date(),
        periods=selectors.periods_of(selectors.requirements_served(version)),
        twins=selectors.twins_of(version.sha256, reading.text_sha256, version.pk),
    )  # fmt: skip


@transaction.atomic
def keep_findings(*, actor: Actor, version: Version, found: Sequence[lint.Found]) -> list[LintFinding]:
    """Keep what was found of a version; what is kept by the same rule already stays as it was told first."""
    known = set(LintFinding.objects.filter(version=version).values_list("rule", flat=True))
    made = LintFinding.objects.bulk_create(
        LintFinding(version=version, rule=each.rule, level=each.level, said=each.said[:500])
        for each in found
        if each.rule not in known
    )
    if made:
        record(
            actor=actor, action="evidence.version.linted", target=version.artefact,
            label=f"{version.artefact.ref} v{version.number}", after={"found": [each.rule for each in made]},
        )  # fmt: skip
    return made


@transaction.atomic
def answer_finding(*, actor: Actor, finding: LintFinding, text: str, member: Membership | None = None) -> LintAnswer:
    """Say why it is right all the same, or what is seen on it. Raises ValidationError under `text` for no words."""
    if not text.strip():
        raise ValidationError({"text": "Say why it is right as it is, or what can be seen on it."})
    answer = LintAnswer.objects.create(finding=finding, text=text.strip(), member=member, answered_by=actor.label[:254])
    artefact = finding.version.artefact
    record(
        actor=actor, action="evidence.lint.answered", target=artefact, label=f"{artefact.ref} v{finding.version.number}",
        after={"rule": finding.rule, "answer": text.strip()[:500]},
    )  # fmt: skip
    return answer
