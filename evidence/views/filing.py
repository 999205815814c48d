"""As filed: criterion over control over files, under the names that files have where they leave the house."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest

from .. import filing


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def filed(request: PageRequest, organization: str) -> HttpResponse:
    """Every criterion that evidence is filed under; `?at=` opens one."""
    criteria = filing.criteria()
    at = next((each for each in criteria if str(each.pk) == request.GET.get("at", "")), None)
    folders = filing.folders_of(at.pk) if at else []
    context = {"criteria": criteria, "at": at, "folders": folders, "most": filing.MOST_FILES}
    return render(request, "evidence/filed.html", context)


