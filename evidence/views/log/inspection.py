"""What the last inspection of the log found."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest

from ...log import selectors
from ...log.problems import Problem


@requires(Permission.EVIDENCE_VIEW)
def inspection(request: PageRequest, organization: str) -> HttpResponse:
    """What was compared, when, and everything that did not agree."""
    newest = selectors.latest_inspection()
    problems = [Problem(**each) for each in newest.problems] if newest else []
    earlier = list(selectors.inspections()[1:31])
    return render(request, "log/inspection.html", {"inspection": newest, "problems": problems, "earlier": earlier})
