"""What was read and found, and what the rules of the lint need to know."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from compliance.programmes.models import Programme
from compliance.programmes.selectors import open_programmes
from compliance.tenancy.rooms import here
from controls.models import Mapping

from ..models import EvidenceLink, EvidenceRequirement, Source, Version
from .lint import Period, Twin
from .models import Document, LintFinding


def findings_of(version_ids: Collection[UUID]) -> QuerySet[LintFinding]:
    """What was found of some versions, with its answers."""
    return LintFinding.objects.filter(version_id__in=version_ids).prefetch_related("answers").order_by("version", "id")


def document_of(version: Version) -> Document | None:
    """What was read of a version, without its words; None while it waits to be read."""
    return Document.objects.filter(version=version).defer("text").first()


def unread_versions() -> QuerySet[Version]:
    """What people brought and nobody has looked into yet, the newest first."""
    read = Document.objects.filter(version=OuterRef("pk"))
    return Version.objects.filter(~Exists(read), artefact__source=Source.PERSON).select_related("artefact").order_by("-id")


def requirements_served(version: Version) -> list[UUID]:
    """The evidence requirements that a version's artefact serves."""
    links = EvidenceLink.objects.filter(artefact_id=version.artefact_id)
    return list(links.values_list("requirement_id", flat=True))


def periods_of(requirement_ids: Collection[UUID]) -> tuple[Period, ...]:
    """The periods of the programmes under way whose frameworks the controls of some evidence requirements meet."""
    controls = EvidenceRequirement.objects.filter(pk__in=list(requirement_ids)).values("control_id")
    frameworks = set(Mapping.objects.filter(control_id__in=controls).values_list("requirement__framework_id", flat=True))
    served = [each for each in open_programmes() if each.framework_id in frameworks]
    return tuple(period for each in served if (period := _period(each)))


def _period(programme: Programme) -> Period | None:
    if programme.period_end:
        return Period(programme.name, programme.period_start, programme.period_end)
    return Period(programme.name, None, programme.as_of) if programme.as_of else None


def twins_of(sha256: str, text_sha256: str, besides: UUID | None = None) -> tuple[Twin, ...]:
    """Versions with the same bytes or the same words."""
    zone = ZoneInfo(here().timezone)
    alike = Q(sha256=sha256)
    if text_sha256:
        alike |= Q(pk__in=Document.objects.filter(text_sha256=text_sha256).values("version_id"))
    others = Version.objects.exclude(pk=besides) if besides else Version.objects.all()
    found = others.filter(alike).select_related("artefact").order_by("-id")[:20]
    return tuple(
        Twin(f"{each.artefact.ref} version {each.number}", each.effective_end.astimezone(zone).date(), each.sha256 == sha256)
        for each in found
    )




#: What a file says of itself, as a page calls it.
_OWN = {
    "made": "Made", "changed": "Changed", "with": "Made with", "pages": "Pages", "rows": "Rows", "width": "Width in pixels",
    "height": "Height in pixels",
}  # fmt: skip


def own_facts(facts: dict[str, str | int]) -> list[tuple[str, str | int]]:
    """(label, value) of what a file says of itself."""
    return [(label, facts[name]) for name, label in _OWN.items() if name in facts]
