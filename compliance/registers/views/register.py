"""The scope register: the list, its bulk editor, and the files that it goes out as."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.imports.sending import sent_as
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal

from .. import selectors, services
from ..forms import ManyChangesForm, SystemFilter
from ..models import System
from ..tables import flows, systems


@requires(Permission.SCOPE_VIEW)
def register(request: PageRequest, organization: str) -> HttpResponse:
    """Every system, what waits for a decision first."""
    form = _bulk(request, []) if may(request, Permission.SCOPE_CHANGE) else None
    return render(request, "registers/list.html", _page(request, form))


@require_POST
@requires(Permission.SCOPE_CHANGE)
def change_many(request: PageRequest, organization: str) -> HttpResponse:
    """The bulk editor: what was set, for every system that was ticked. Refused, the page comes back as it was sent."""
    found = {str(system.pk): system for system in ticked(request)}
    form = _bulk(request, list(found))
    if form.is_valid():
        asked = form.cleaned_data
        try:
            changed = services.change_many(
                actor=request.actor, systems=[found[each] for each in asked["systems"]], reason=asked["reason"],
                decision=asked.get("decision", ""), **form.changes,
            )  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        else:
            done = "One system was" if len(changed) == 1 else f"{len(changed)} systems were"
            messages.success(request, f"{done} changed.")
            return redirect("registers:list", organization)
    return render(request, "registers/list.html", _page(request, form) | {"ticked": set(found)}, status=422)


@requires(Permission.SCOPE_VIEW)
def export(request: PageRequest, organization: str, table: str, form: str) -> HttpResponseBase:
    """The register or its flows as a file that the import reads back."""
    tables: dict[str, Any] = {
        "register": (systems.Systems(), systems.exported, "Scope register"),
        "flows": (flows.Flows(), flows.exported, "Data flows"),
    }
    if table not in tables or form not in ("csv", "xlsx"):
        raise Http404
    intake, rows, sheet = tables[table]
    return sent_as(form, f"scope-{table}", intake.columns, rows(), sheet=sheet)


def ticked(request: PageRequest) -> QuerySet[System]:
    """The systems of this room among what was ticked; anything else is passed over."""
    identifiers = []
    for each in request.POST.getlist("systems"):
        with suppress(ValueError):
            identifiers.append(UUID(each))
    return selectors.systems_chosen(identifiers)


def _bulk(request: PageRequest, chosen: list[str]) -> ManyChangesForm:
    sent = request.POST if request.method == "POST" else None
    return ManyChangesForm(sent, chosen=chosen, may_decide=may(request, Permission.SCOPE_DECIDE))


def _page(request: PageRequest, form: ManyChangesForm | None) -> dict[str, Any]:
    classes = selectors.data_classes()
    chosen = SystemFilter(request.GET, classes=classes)
    asked = {name: value for name, value in chosen.asked.items() if name != "q"}
    text = chosen.asked.get("q", "").strip()
    page = keyset_page(selectors.systems(text=text, **asked), order=("rank", "id"), cursor=request.GET.get("cursor", ""))
    return {
        "filter": chosen, "page": page, "form": form, "undecided": selectors.undecided_count(), "classes": classes,
        "decision": asked.get("decision", ""), "filtered": bool(text or asked.keys() - {"decision"}),
    }  # fmt: skip
