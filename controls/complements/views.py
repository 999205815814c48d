"""What a third party's report expects of us, and which of our controls do it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.parties.models import Party
from compliance.parties.selectors import current_cuecs, parties
from compliance.people.requests import PageRequest
from compliance.web.sent import sent
from controls.models import Control, Implementation

from . import selectors, services
from .forms import MapForm


@requires(Permission.CONTROL_VIEW)
def of_party(request: PageRequest, organization: str, party: UUID) -> HttpResponse:
    """The CUECs of a party's newest report with what answers each: by itself, or as a panel of the party's page."""
    found = _party(party)
    cuecs = list(current_cuecs(found))
    mapped = selectors.complements_of(cuecs)
    rows = [{"cuec": each, "answers": [_answer(c) for c in mapped.get(each.pk, ())]} for each in cuecs]
    template = "complements/_of_party.html" if request.htmx else "complements/of_party.html"  # type: ignore[attr-defined]
    return render(request, template, {"party": found, "rows": rows})


@requires(Permission.CONTROL_CHANGE)
def map_controls(request: PageRequest, organization: str, party: UUID) -> HttpResponse:
    """Map all of them in one go: all are written, or with a fault none."""
    found = _party(party)
    cuecs = list(current_cuecs(found))
    form = MapForm(sent(request), cuecs=cuecs, mapped=selectors.complements_of(cuecs))
    if request.method == "POST" and form.is_valid():
        services.map_many(actor=request.actor, cuecs=cuecs, answers=form.answers)
        messages.success(request, "The mapping was recorded.")
        return redirect("parties:party", organization, found.pk)
    controls = Control.objects.exclude(implementation=Implementation.RETIRED).order_by("ref").values_list("ref", "title")
    context = {"party": found, "form": form, "controls": controls, "count": len(cuecs)}
    return render(request, "complements/map.html", context, status=422 if form.errors else 200)


def _answer(complement: Any) -> dict[str, Any]:
    standing = getattr(complement.control, "standing", None)
    return {"control": complement.control, "evidence": standing.evidence if standing else "missing"}


def _party(identifier: UUID) -> Party:
    return get_object_or_404(parties(), pk=identifier)
