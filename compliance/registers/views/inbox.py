"""The inbox of scope: what nobody has decided on yet, what connections discovered above all."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal

from .. import selectors, services
from ..forms import ManyDecisionsForm
from ..models import Kind
from .register import ticked


@requires(Permission.SCOPE_VIEW)
def inbox(request: PageRequest, organization: str) -> HttpResponse:
    """What waits for a decision, by kind."""
    return render(request, "registers/inbox.html", _page(request, ManyDecisionsForm(chosen=[])))


@require_POST
@requires(Permission.SCOPE_DECIDE)
def decide_many(request: PageRequest, organization: str) -> HttpResponse:
    """One decision on every system that was ticked; refused, the page comes back with what was ticked and written."""
    found = {str(system.pk): system for system in ticked(request)}
    form = ManyDecisionsForm(request.POST, chosen=list(found))
    if form.is_valid():
        asked = form.cleaned_data
        try:
            decided = services.decide_many(
                actor=request.actor, systems=[found[each] for each in asked["systems"]], decision=asked["decision"],
                justification=asked["justification"], effective_on=asked["effective_on"],
            )  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        else:
            things = "One system is" if len(decided) == 1 else f"{len(decided)} systems are"
            messages.success(request, f"{things} now {'in' if asked['decision'] == 'in' else 'out of'} scope.")
            return redirect("registers:inbox", organization)
    return render(request, "registers/inbox.html", _page(request, form) | {"ticked": set(found)}, status=422)


def _page(request: PageRequest, form: ManyDecisionsForm) -> dict[str, Any]:
    waiting = selectors.waiting_kinds()
    kind = request.GET.get("kind", "")
    found = selectors.systems_waiting(kind=kind if kind in Kind.values else "")
    return {
        "page": keyset_page(found, order=("kind", "id"), cursor=request.GET.get("cursor", "")), "form": form, "kind": kind,
        "kinds": [(each, Kind(each).label, number) for each, number in waiting.items()], "waiting": sum(waiting.values()),
    }  # fmt: skip
