"""The scope register: the list, and what waits in it for a decision."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal

from .. import selectors, services
from ..forms import ManyDecisionsForm, SystemFilter
from ..models import System


@requires(Permission.SCOPE_VIEW)
def register(request: PageRequest, organization: str) -> HttpResponse:
    """Every system, what waits for a decision first."""
    return render(request, "registers/list.html", _page(request, ManyDecisionsForm(chosen=[])))


@require_POST
@requires(Permission.SCOPE_DECIDE)
def decide_many(request: PageRequest, organization: str) -> HttpResponse:
    """One decision on every system that was ticked; refused, the page comes back with what was ticked and written."""
    found = {str(system.pk): system for system in _ticked(request)}
    form = ManyDecisionsForm(request.POST, chosen=list(found))
    if form.is_valid():
        asked = form.cleaned_data
        try:
            decided = services.decide_many(
                actor=request.actor, systems=[found[each] for each in asked["systems"]], decision=asked["decision"],
                justification=asked["justification"],
            )  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        else:
            things = "One system is" if len(decided) == 1 else f"{len(decided)} systems are"
            messages.success(request, f"{things} now {'in' if asked['decision'] == 'in' else 'out of'} scope.")
            return redirect("registers:list", organization)
    return render(request, "registers/list.html", _page(request, form) | {"ticked": set(found)}, status=422)


def _ticked(request: PageRequest) -> QuerySet[System]:
    """The systems of this room among what was ticked; anything else is passed over."""
    identifiers = []
    for each in request.POST.getlist("systems"):
        with suppress(ValueError):
            identifiers.append(UUID(each))
    return selectors.systems_chosen(identifiers)


def _page(request: PageRequest, form: ManyDecisionsForm) -> dict[str, Any]:
    chosen = SystemFilter(request.GET)
    chosen.is_valid()
    asked = {name: chosen.cleaned_data.get(name, "") for name in ("kind", "decision")}
    found = selectors.systems(text=chosen.cleaned_data.get("q", "").strip(), **asked)
    page = keyset_page(found, order=("rank", "id"), cursor=request.GET.get("cursor", ""))
    return {
        "filter": chosen, "page": page, "form": form, "undecided": selectors.undecided_count(),
        "decision": asked["decision"], "filtered": any((asked["kind"], chosen.cleaned_data.get("q", ""))),
    }  # fmt: skip
