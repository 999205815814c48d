"""Data flows between entries of the register, and the data classes that they carry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import selectors, services
from ..forms import DataClassForm, FlowFilter, FlowForm
from ..models import Flow
from ..services.landscape import FLOW_FIELDS


@requires(Permission.SCOPE_VIEW)
def flows(request: PageRequest, organization: str) -> HttpResponse:
    """Every flow: from where, to where, what, and how."""
    return render(request, "registers/flows.html", _page(request, DataClassForm()))


@requires(Permission.SCOPE_CHANGE)
def add_flow(request: PageRequest, organization: str) -> HttpResponse:
    """Enter a flow; `from` in the address chooses where it begins."""
    form = FlowForm(sent(request), initial={"source": request.GET.get("from", "")[:36]})
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_flow(actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{added.ref} was entered.")
            return redirect("registers:flows", organization)
    return render(request, "registers/flow_form.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.SCOPE_CHANGE)
def change_flow(request: PageRequest, organization: str, flow: UUID) -> HttpResponse:
    """Change a flow."""
    found = _flow(flow)
    initial = {name: getattr(found, name) for name in FLOW_FIELDS}
    initial["encrypted"] = {True: "yes", False: "no"}.get(initial["encrypted"], "")
    form = FlowForm(sent(request), held=found.data_classes, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_flow(actor=request.actor, flow=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{found.ref} was changed.")
            return redirect("registers:flows", organization)
    context = {"form": form, "flow": found}
    return render(request, "registers/flow_form.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.SCOPE_CHANGE)
def remove_flow(request: PageRequest, organization: str, flow: UUID) -> HttpResponse:
    """Take a flow out that is no more."""
    found = _flow(flow)
    services.remove_flow(actor=request.actor, flow=found)
    messages.success(request, f"{found.ref} was taken out. The audit trail keeps what it was.")
    return redirect("registers:flows", organization)


@require_POST
@requires(Permission.SCOPE_CHANGE)
def add_data_class(request: PageRequest, organization: str) -> HttpResponse:
    """Add a data class of one's own."""
    form = DataClassForm(request.POST)
    if form.is_valid():
        try:
            added = services.add_data_class(actor=request.actor, name=form.cleaned_data["name"])
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{added.name} can be chosen now.")
            return redirect("registers:flows", organization)
    return render(request, "registers/flows.html", _page(request, form), status=422)


def _flow(identifier: UUID) -> Flow:
    return get_object_or_404(Flow.objects.select_related("source", "target"), pk=identifier)


def _page(request: PageRequest, form: DataClassForm) -> dict[str, Any]:
    classes = selectors.data_classes()
    chosen = FlowFilter(request.GET, classes=classes)
    asked = chosen.asked
    found = selectors.flows(
        text=asked.get("q", "").strip(), holds=asked.get("holds", ""), encrypted=asked.get("encrypted", "")
    )
    page = keyset_page(found, order=("id",), cursor=request.GET.get("cursor", ""))
    rows = [(flow, [classes.get(each, each) for each in flow.data_classes]) for flow in page]
    return {"page": page, "rows": rows, "filter": chosen, "classes": classes, "form": form, "filtered": bool(asked)}
