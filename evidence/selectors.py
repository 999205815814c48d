"""Reading evidence. Each returns a queryset with what its rows are shown with."""

from __future__ import annotations

from collections.abc import Mapping as Values
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from compliance.people.models import Membership
from controls.models import Implementation, Mapping
from controls.selectors import NOBODY

from .models import (
    Acceptance,
    Artefact,
    EvidenceLink,
    EvidenceRequirement,
    Freshness,
    Source,
    SourceLink,
    Version,
    VersionDecision,
)
from .thresholds import in_force

#: The worst first: what asks for something stands above what is well.
ORDER = (
    Freshness.MISSING, Freshness.STALE, Freshness.DUE_SOON, Freshness.NOT_YET_DUE, Freshness.CURRENT,
    Freshness.EVENT_DRIVEN,
)  # fmt: skip


def evidence_requirements() -> QuerySet[EvidenceRequirement]:
    """Requirements with their control and owner."""
    return EvidenceRequirement.objects.select_related("control__owner", "owner")


def stale_requirements() -> QuerySet[EvidenceRequirement]:
    """What is stale or missing, the longest overdue first."""
    return (
        evidence_requirements().filter(freshness__in=[Freshness.STALE, Freshness.MISSING]).order_by("stale_at", "ref")
    )


def requirements_asked() -> QuerySet[EvidenceRequirement]:
    """Requirements of controls that are in use: of a retired one nothing is asked."""
    return evidence_requirements().exclude(control__implementation=Implementation.RETIRED)


def requirements_matching(asked: Values[str, str]) -> QuerySet[EvidenceRequirement]:
    """Requirements that fit the filters q, state, owner, control (a reference), source, kind, vendor; `rank` sorts them."""
    found = requirements_asked() if not asked.get("control") else evidence_requirements()
    if state := asked.get("state"):
        found = found.filter(freshness__in=[Freshness.STALE, Freshness.MISSING] if state == "overdue" else [state])
    if text := asked.get("q", "").strip():
        words = Q(title__icontains=text) | Q(artefact__icontains=text) | Q(control__title__icontains=text)
        found = found.filter(Q(ref__istartswith=text) | Q(control__ref__istartswith=text) | words)
    if owner := asked.get("owner"):
        found = _owned_by(found, owner)
    if control := asked.get("control"):
        found = found.filter(control__ref__iexact=control)
    if source := asked.get("source"):
        found = found.filter(source=source)
    if kind := asked.get("kind"):
        found = found.filter(kind=kind)
    if vendor := asked.get("vendor"):
        found = _of_vendor(found, vendor)
    whens = [When(freshness=state, then=Value(place)) for place, state in enumerate(ORDER)]
    return found.annotate(rank=Case(*whens, default=Value(len(ORDER)), output_field=IntegerField()))


#: What a row of the list is shown with, and no more.
_ROW = (
    "organization_id", "ref", "title", "freshness", "cadence", "source", "stale_at", "owner__organization_id", "owner__name",
    "control__organization_id", "control__ref", "control__owner__organization_id", "control__owner__name",
)  # fmt: skip


def requirements_in_rows(asked: Values[str, str]) -> QuerySet[EvidenceRequirement]:
    """Requirements that fit the filters, with what the list shows and nothing else."""
    return requirements_matching(asked).only(*_ROW)


def _owned_by(found: QuerySet[EvidenceRequirement], owner: str) -> QuerySet[EvidenceRequirement]:
    """Those that a member answers for: of their own, or of a control of theirs; `none` those that nobody does."""
    if owner == NOBODY:
        return found.filter(owner__isnull=True, control__owner__isnull=True)
    return found.filter(Q(owner=UUID(owner)) | Q(control__owner=UUID(owner)))


def _of_vendor(found: QuerySet[EvidenceRequirement], vendor: str) -> QuerySet[EvidenceRequirement]:
    """Those that some fact kind of a vendor serves; a fact kind begins with its vendor's id."""
    return found.annotate(kinds=Cast("fact_kinds", TextField())).filter(kinds__contains=f'"{vendor}.')


def requirements_of_control(control_id: UUID) -> QuerySet[EvidenceRequirement]:
    """What a control must show, each with the artefacts that show it, the newest first."""
    newest = EvidenceLink.objects.select_related("artefact").order_by("-artefact__latest_effective_end")
    return (
        evidence_requirements()
        .filter(control_id=control_id)
        .prefetch_related(Prefetch("links", newest))
        .order_by("ref")
    )


def freshness_counts(found: QuerySet[EvidenceRequirement]) -> dict[str, int]:
    """How many of the given requirements are in each state; they sum to all of them."""
    counts = {state.value: Count("pk", filter=Q(freshness=state)) for state in ORDER}
    counted: dict[str, int] = found.order_by().aggregate(**counts)
    return counted


def evidence_counts() -> dict[str, int]:
    """How many requirements are in each state of freshness; they sum to all of them."""
    counts = {state.value: Count("pk", filter=Q(freshness=state)) for state in Freshness}
    found: dict[str, int] = EvidenceRequirement.objects.aggregate(**counts)
    return found


def requirement_owners() -> QuerySet[Membership]:
    """Those who own a requirement or a control that has one, by name."""
    required = EvidenceRequirement.objects.order_by()
    of_control = Q(pk__in=required.filter(control__owner__isnull=False).values("control__owner_id"))
    own = Q(pk__in=required.filter(owner__isnull=False).values("owner_id"))
    return Membership.objects.filter(own | of_control).only("organization_id", "name").order_by("name")


def thresholds_stated() -> dict[str, dict[str, Any]]:
    """By check, the numbers that controls in use state for it; a check that none of them speaks of is left out.

    Where two state one, the stricter holds (`thresholds.in_force`). One query.
    """
    return in_force(requirements_asked().exclude(thresholds={}).order_by("ref").values_list("thresholds", flat=True))


def links_of(requirement: EvidenceRequirement) -> QuerySet[EvidenceLink]:
    """The artefacts that serve a requirement, those that reach furthest first."""
    return (
        EvidenceLink.objects.filter(requirement=requirement)
        .select_related("artefact")
        .order_by("-artefact__latest_effective_end", "-artefact_id")
    )


def artefacts() -> QuerySet[Artefact]:
    """Artefacts, newest first."""
    return Artefact.objects.order_by("-id")


def artefacts_matching(asked: Values[str, str]) -> QuerySet[Artefact]:
    """Artefacts that fit the filters q, source, acceptance and vendor, newest first."""
    found = artefacts()
    if text := asked.get("q", "").strip():
        found = found.filter(Q(ref__istartswith=text) | Q(title__icontains=text))
    for name in ("source", "acceptance", "vendor"):
        if value := asked.get(name):
            found = found.filter(**{name: value})
    return found


def artefacts_to_offer(text: str, requirement: EvidenceRequirement) -> QuerySet[Artefact]:
    """Artefacts with a version that could serve a requirement and do not yet."""
    return artefacts_matching({"q": text}).filter(latest_number__gt=0).exclude(links__requirement=requirement)


def serves(artefact: Artefact) -> QuerySet[EvidenceLink]:
    """The requirements that an artefact serves, with their controls."""
    return artefact.links.select_related("requirement__control", "requirement__owner").order_by("requirement__ref")


def requirements_to_serve(text: str, artefact: Artefact) -> QuerySet[EvidenceRequirement]:
    """Requirements of controls in use that fit a text, and that an artefact does not serve yet."""
    served = EvidenceLink.objects.filter(artefact=artefact).values("requirement_id")
    return requirements_matching({"q": text}).exclude(pk__in=served)


def frameworks_served(artefact: Artefact) -> dict[str, list[str]]:
    """The frameworks that an artefact bears on through the controls that it shows, each with its requirements' references."""
    controls = EvidenceLink.objects.filter(artefact=artefact).values("requirement__control_id")
    met = Mapping.objects.filter(control_id__in=controls).order_by("requirement__framework__short_title", "requirement__position")
    served: dict[str, list[str]] = {}
    for name, ref in met.values_list("requirement__framework__short_title", "requirement__ref").distinct():
        served.setdefault(name, []).append(ref)
    return served


def source_of(artefact: Artefact) -> SourceLink | None:
    """Where an artefact can be seen, as it was stated last."""
    return SourceLink.objects.filter(artefact=artefact).first()


def versions_of(artefact_id: UUID) -> QuerySet[Version]:
    """All versions of an artefact, newest first, with their decisions."""
    return Version.objects.filter(artefact_id=artefact_id).prefetch_related("decisions")


def returned_versions(artefact: Artefact | None = None) -> list[UUID]:
    """The versions, of one artefact or of all, that were returned and not approved since: the newest decision holds."""
    said = VersionDecision.objects.order_by("version_id", "-id").distinct("version_id")
    if artefact is not None:
        said = said.filter(version__artefact=artefact)
    return [version for version, word in said.values_list("version_id", "acceptance") if word == Acceptance.RETURNED]


def newest_versions(artefact_ids: list[UUID]) -> dict[UUID, Version]:
    """The newest version of each artefact."""
    newest = (
        Version.objects.filter(artefact_id__in=artefact_ids).order_by("artefact_id", "-number").distinct("artefact_id")
    )
    return {version.artefact_id: version for version in newest}


def waiting_for_approval() -> QuerySet[Artefact]:
    """What a person brought and nobody has judged, the longest waiting first."""
    waiting = Artefact.objects.filter(source=Source.PERSON, acceptance=Acceptance.RECEIVED, latest_number__gt=0)
    return waiting.order_by("latest_received_at", "id")
