"""The request log as the organisation reads it: its lines, what answers them, and what was said of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from evidence.models import Acceptance, Artefact, Version, VersionDecision

from ..criteria import natural
from ..models import Audit, ExternalComment, InternalComment, Request, RequestEvidence
from ..moves import WAITS_FOR_US

#: As many versions of an artefact are offered for linking; the newest come first.
VERSIONS_OFFERED = 8


@dataclass(frozen=True)
class Narrowing:
    """Filters of the log. Empty means all."""

    state: str = ""
    assignee: str = ""
    criterion: str = ""
    overdue: bool = False
    text: str = ""


NOBODY = "nobody"


def requests_of(audit: Audit, narrowing: Narrowing | None = None) -> QuerySet[Request]:
    """The lines of an audit's log, narrowed, each with `linked`, the number of versions that answer it."""
    rows = Request.objects.filter(audit=audit).select_related("assignee", "control").annotate(linked=Count("evidence"))
    if narrowing is None:
        return rows
    if narrowing.state:
        rows = rows.filter(state=narrowing.state)
    if narrowing.assignee:
        rows = (
            rows.filter(assignee__isnull=True)
            if narrowing.assignee == NOBODY
            else rows.filter(assignee_id=UUID(narrowing.assignee))
        )
    if narrowing.criterion:
        rows = rows.filter(criteria_refs__contains=[narrowing.criterion])
    if narrowing.overdue:
        rows = rows.filter(state__in=WAITS_FOR_US, due_date__lt=today(here().timezone))
    if narrowing.text:
        said = narrowing.text
        rows = rows.filter(
            Q(title__icontains=said) | Q(detail__icontains=said) | Q(ref__iexact=said) | Q(auditor_ref__iexact=said)
        )
    return rows


def criteria_of(audit: Audit) -> list[str]:
    """Every single criterion that a request of this audit names, in natural order."""
    named: set[str] = set()
    for refs in Request.objects.filter(audit=audit).order_by().values_list("criteria_refs", flat=True).distinct():
        named.update(refs)
    return sorted(named, key=natural)


def assignees_of(audit: Audit) -> QuerySet[Membership]:
    """Everyone to whom a request of this audit is assigned, also those who have left."""
    assigned = Request.objects.filter(audit=audit).order_by().values("assignee_id")
    return Membership.objects.filter(organization_id=here().organization_id, pk__in=assigned).order_by("name")


def assignable() -> QuerySet[Membership]:
    """Members who may be given a request: those whose role lets them answer one."""
    return members_who_may(Permission.REQUEST_ANSWER_OWN)


def is_overdue(request: Request, day: date | None = None) -> bool:
    """Whether the due date has passed while the request waits for the organisation."""
    return request.state in WAITS_FOR_US and request.due_date < (day or today(here().timezone))


def references_in(audit: Audit) -> dict[str, str]:
    """The auditor's own references that the log holds, in small letters, each with our reference."""
    rows = Request.objects.filter(audit=audit).exclude(auditor_ref="").order_by().values_list("auditor_ref", "ref")
    return {theirs.casefold(): ours for theirs, ours in rows}


def linked_evidence(request: Request) -> list[RequestEvidence]:
    """The versions that answer a request, each with `acceptance`: our own decision on that version."""
    links = request.evidence.select_related("version__artefact").annotate(
        acceptance=Subquery(_acceptance("version_id"))
    )
    return list(links.order_by("pk"))


def returned_versions(request: Request) -> list[str]:
    """The linked versions that our own review returned, as `EV-0042 v2`."""
    links = request.evidence.annotate(acceptance=Subquery(_acceptance("version_id"))).filter(
        acceptance=Acceptance.RETURNED
    )
    return [f"{link.version.artefact.ref} v{link.version.number}" for link in links.select_related("version__artefact")]


def offered_artefacts(request: Request, text: str, limit: int = 20) -> list[Artefact]:
    """Artefacts that match a search, newest first, each with `offered`: its newest versions that are not linked yet."""
    found = Artefact.objects.filter(latest_number__gt=0)
    found = found.filter(Q(title__icontains=text) | Q(ref__istartswith=text) | Q(vendor__iexact=text))
    artefacts = list(found.order_by("-id")[:limit])
    versions = (
        Version.objects.filter(artefact__in=artefacts)
        .exclude(pk__in=request.evidence.values("version_id"))
        .annotate(rank=Window(RowNumber(), partition_by=F("artefact_id"), order_by=F("number").desc()))
        .filter(rank__lte=VERSIONS_OFFERED)
        .order_by("artefact_id", "-number")
    )
    by_artefact: dict[object, list[Version]] = {}
    for version in versions:
        by_artefact.setdefault(version.artefact_id, []).append(version)
    for artefact in artefacts:
        artefact.offered = by_artefact.get(artefact.pk, [])  # type: ignore[attr-defined]
    return artefacts


def internal_comments(request: Request) -> QuerySet[InternalComment]:
    """Said among ourselves, in order."""
    return request.internal_comments.order_by("id")


def external_comments(request: Request) -> QuerySet[ExternalComment]:
    """Said between us and the auditor, in order."""
    return request.external_comments.order_by("id")


EXPORTED = (
    "Reference",
    "Id",
    "Criterion",
    "Artefact",
    "Detail",
    "Kind",
    "Due",
    "State",
    "Assignee",
    "Submitted",
    "Decided",
    "Returned because",
    "Evidence",
)  # heads that the import reads again keep its names


def exported_rows(audit: Audit) -> Iterator[list[str]]:
    """The log as rows under `EXPORTED`, fit for the auditor: nothing internal, no evidence before it is submitted."""
    submitted = (
        RequestEvidence.objects.filter(submitted_at__isnull=False).select_related("version__artefact").order_by("id")
    )
    rows = (
        requests_of(audit).order_by("ref").prefetch_related(Prefetch("evidence", queryset=submitted, to_attr="given"))
    )
    for row in rows.iterator(chunk_size=500):
        yield [
            row.ref,
            row.auditor_ref,
            row.criteria,
            row.title,
            row.detail,
            row.kind,
            row.due_date.isoformat(),
            row.get_state_display(),
            row.assignee.name if row.assignee else "",
            _day(row.submitted_at),
            _day(row.decided_at),
            row.return_reason,
            "; ".join(
                f"{link.version.artefact.ref} v{link.version.number} {link.version.sha256}" for link in row.given
            ),
        ]


def _day(moment: datetime | None) -> str:
    return moment.astimezone(ZoneInfo(here().timezone)).date().isoformat() if moment else ""


def _acceptance(version: str) -> QuerySet[VersionDecision, Any]:
    return VersionDecision.objects.filter(version_id=OuterRef(version)).order_by("-id").values("acceptance")[:1]
