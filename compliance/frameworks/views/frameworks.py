"""Frameworks: which are loaded, and what each of them asks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission

from .. import selectors
from ..models import Framework
from ..reading import related_by_framework, rows

#: More rows than any shipped framework has; a longer one is paged.
_ROWS = 400


@requires(Permission.FRAMEWORK_VIEW)
def frameworks(request: HttpRequest, organization: str) -> HttpResponse:
    """Every framework that can be used here, with its edition, its publisher and its licence."""
    context = {"frameworks": selectors.frameworks(), "may_change": may(request, Permission.FRAMEWORK_CHANGE)}
    return render(request, "frameworks/list.html", context)


@requires(Permission.FRAMEWORK_VIEW)
def framework(request: HttpRequest, organization: str, framework: UUID) -> HttpResponse:
    """What a framework asks, in its publisher's order; `?at=` lays one requirement beside it, with its relations."""
    found = get_object_or_404(Framework, pk=framework)
    text = request.GET.get("q", "").strip()
    asked = selectors.requirements_of(found, text=text)
    at = request.GET.get("at")
    chosen = get_object_or_404(selectors.requirements_of(found), ref=at) if at else None
    counts = selectors.relation_counts(found)
    page = Paginator(rows(asked, counts), _ROWS).get_page(_page(request, asked, chosen, text))
    context: dict[str, Any] = {
        "framework": found, "rows": page.object_list, "page": page, "q": text, "chosen": chosen,
        "may_write": found.written_here and may(request, Permission.FRAMEWORK_CHANGE),
        "newer": selectors.successor(found), "older": selectors.followed(found),
    }  # fmt: skip
    if chosen is not None:
        context["related"] = related_by_framework(chosen, selectors.relations_of(chosen))
        context["points_of_focus"] = selectors.points_of_focus(chosen)
        context["suggested"] = selectors.suggested_controls(chosen)
    return render(request, "frameworks/framework.html", context)


def _page(request: HttpRequest, asked: Any, chosen: Any, text: str) -> Any:
    """The page that was asked for, else the one on which the chosen requirement stands."""
    if "page" in request.GET or chosen is None or text:
        return request.GET.get("page", 1)
    return asked.filter(position__lt=chosen.position).count() // _ROWS + 1
