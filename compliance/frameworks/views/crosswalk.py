"""The crosswalk: how far each framework covers each other, and requirement by requirement for one pair."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission

from .. import selectors
from ..coverage import covered, share_of, shares
from ..forms import CoverageFilter
from ..models import Crosswalk, Framework, Requirement
from ..sources import in_words

_ROWS = 100


@requires(Permission.FRAMEWORK_VIEW)
def crosswalk(request: HttpRequest, organization: str) -> HttpResponse:
    """Every pair of frameworks with its share; `?of=…&by=…` opens one pair."""
    if request.GET.get("of") and request.GET.get("by"):
        return _pair(request)
    frameworks = list(selectors.frameworks())
    found = _shares(frameworks)
    related = {pk for pair in found for pk in pair}
    context = {
        "frameworks": [each for each in frameworks if each.pk in related],
        "lines": [_line(one, frameworks, found, related) for one in frameworks if one.pk in related],
        "alone": [each for each in frameworks if each.pk not in related],
    }
    return render(request, "frameworks/crosswalk.html", context)


def _line(one: Framework, frameworks: list[Any], found: dict[Any, Any], related: set[UUID]) -> dict[str, Any]:
    cells = [(other, found.get((one.pk, other.pk))) for other in frameworks if other.pk in related]
    return {"of": one, "cells": cells}


def _shares(frameworks: list[Any]) -> dict[Any, Any]:
    asked = {each.pk: each.assessable for each in frameworks}
    framework_of = dict(Requirement.objects.filter(assessable=True).order_by().values_list("pk", "framework_id"))
    return shares(asked, framework_of, Crosswalk.objects.only("source_id", "target_id", "relation", "organization_id"))


def _pair(request: HttpRequest) -> HttpResponse:
    form = CoverageFilter(request.GET, frameworks=list(Framework.objects.order_by("short_title", "version")))
    of, by = _framework(request.GET["of"]), _framework(request.GET["by"])
    asked = list(selectors.requirements_of(of).filter(assessable=True))
    relations = selectors.relations_between(of, by).select_related("source", "target")
    found = covered(asked, relations)
    show = form.asked.get("show", "")
    listed = [each for each in found if show in ("", each.cover)]
    page = Paginator(listed, _ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form, "of": of, "by": by, "share": share_of(found), "show": show, "page": page,
        "rows": [_row(each) for each in page.object_list], "unresolved": selectors.unresolved_between(of, by),
    }  # fmt: skip
    return render(request, "frameworks/pair.html", context)


def _framework(pk: str) -> Framework:
    try:
        return get_object_or_404(Framework, pk=UUID(pk))
    except ValueError:
        return get_object_or_404(Framework, pk=None)


def _row(each: Any) -> dict[str, Any]:
    sides = [{"side": side, "sources": ", ".join(in_words(side.sources))} for side in each.sides]
    return {"requirement": each.requirement, "cover": each.cover, "sides": sides}
