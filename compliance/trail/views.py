"""The audit trail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.web.keyset import keyset_page

from . import selectors
from .forms import TrailFilter
from .wording import changes_of, deed


@requires(Permission.TRAIL_VIEW)
def trail(request: HttpRequest, organization: str) -> HttpResponse:
    """Who did what, when, from what to what; newest first. Nobody can edit it, so there is nothing to press."""
    chosen = TrailFilter(request.GET)
    chosen.is_valid()
    found = selectors.entries(**{name: value for name, value in chosen.cleaned_data.items() if value})
    page = keyset_page(found, order=("-id",), cursor=request.GET.get("cursor", ""))
    rows = [{"entry": entry, "deed": deed(entry.action), "changes": changes_of(entry)} for entry in page]
    return render(request, "trail/list.html", {"filter": chosen, "page": page, "rows": rows})
