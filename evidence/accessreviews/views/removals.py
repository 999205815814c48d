"""What had to go, over all campaigns."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.keyset import keyset_page

from ..forms import RemovalFilter
from ..selectors import removals_matching


@require_GET
@requires(Permission.ACCESS_REVIEW_VIEW)
def removals(request: PageRequest, organization: str) -> HttpResponse:
    """Removals, the first due first."""
    form = RemovalFilter(request.GET)
    found = removals_matching(form.asked.get("state", ""))
    context = {
        "filter": form, "any": bool(form.asked), "today": today(request.organization.timezone),
        "page": keyset_page(found, order=("due_on", "id"), cursor=request.GET.get("cursor", "")),
    }  # fmt: skip
    return render(request, "access_reviews/removals.html", context)
