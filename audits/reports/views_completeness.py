"""Completeness as a page: by criterion, and each control that will not survive a sample with its reasons."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.programmes.selectors import open_programmes

from .completeness import WHYS, completeness

SIZE = 100


@requires(Permission.REPORT_VIEW)
@require_GET
def page(request: PageRequest, organization: str) -> HttpResponse:
    """Of one programme; `criterion` and `why` narrow the list of controls."""
    known = list(open_programmes())
    wanted = request.GET.get("programme", "")
    chosen = next((each for each in known if str(each.pk) == wanted), None) if wanted else next(iter(known), None)
    if wanted and chosen is None:
        raise Http404
    if chosen is None:
        return render(request, "reports/completeness.html", {"known": known})
    found = completeness(chosen)
    criterion, why = request.GET.get("criterion", "")[:60], request.GET.get("why", "")
    failing = [
        each for each in found.failing
        if (not criterion or criterion in each.criteria) and (why not in WHYS or why in each.whys)
    ]  # fmt: skip
    context = {
        "known": known, "found": found, "chosen": chosen, "criterion": criterion, "why": WHYS.get(why, ""),
        "page": Paginator(failing, SIZE).get_page(request.GET.get("page")),
    }  # fmt: skip
    return render(request, "reports/completeness.html", context)
