"""Taking the rows of a version away."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.views.decorators.http import require_GET

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest

from ..writing import sent
from .finding import version_or_404


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def as_csv(request: PageRequest, organization: str, population_version: UUID) -> HttpResponseBase:
    """The rows as CSV, in which no cell acts as a formula."""
    return sent(version_or_404(population_version), "csv", request.actor)


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def as_xlsx(request: PageRequest, organization: str, population_version: UUID) -> HttpResponseBase:
    """The rows as a workbook."""
    return sent(version_or_404(population_version), "xlsx", request.actor)


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def as_lines(request: PageRequest, organization: str, population_version: UUID) -> HttpResponseBase:
    """The stored lines, byte by byte as they were frozen."""
    return sent(version_or_404(population_version), "jsonl", request.actor)
