"""Frameworks: which are loaded, and what each of them asks."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission

from . import selectors
from .models import Framework
from .reading import related_by_framework, rows


@requires(Permission.FRAMEWORK_VIEW)
def frameworks(request: HttpRequest, organization: str) -> HttpResponse:
    """Every framework that can be used here, with its edition, its publisher and its licence."""
    return render(request, "frameworks/list.html", {"frameworks": selectors.frameworks()})


@requires(Permission.FRAMEWORK_VIEW)
def framework(request: HttpRequest, organization: str, framework: UUID) -> HttpResponse:
    """What a framework asks, in its publisher's order; `?at=` lays one requirement beside it, with its relations."""
    found = get_object_or_404(Framework, pk=framework)
    text = request.GET.get("q", "").strip()
    listed = rows(selectors.requirements_of(found, text=text), selectors.relation_counts(found))
    at = request.GET.get("at")
    chosen = get_object_or_404(selectors.requirements_of(found), ref=at) if at else None
    context = {"framework": found, "rows": listed, "q": text, "chosen": chosen}
    if chosen is not None:
        context["related"] = related_by_framework(chosen, selectors.relations_of(chosen))
        context["points_of_focus"] = selectors.points_of_focus(chosen)
    return render(request, "frameworks/framework.html", context)
