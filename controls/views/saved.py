"""Saved views of the matrix: keeping one, the list of them, renaming, sharing, beginning with one, removing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal

from ..row_forms import ViewForm
from ..saved_views import services
from ..saved_views.models import SavedView
from ..saved_views.queries import address_of, kept_of
from ..saved_views.selectors import default_of, views_of


@requires(Permission.CONTROL_VIEW)
def views(request: PageRequest, organization: str) -> HttpResponse:
    """Every view that the person may use: what it shows, whose it is, and which one they begin with."""
    return render(request, "controls/views.html", _listed(request))


@require_POST
@requires(Permission.CONTROL_VIEW)
def save(request: PageRequest, organization: str) -> HttpResponse:
    """Keep what the address showed under a name."""
    query = kept_of(request.POST.get("query", ""))
    form = ViewForm(request.POST, may_share=may(request, Permission.CONTROL_CHANGE), auto_id="view_%s")
    if form.is_valid():
        try:
            view = services.save_view(actor=request.actor, member=request.membership, query=query, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"“{view.name}” is kept.")
            return redirect(f"{reverse('controls:matrix', args=[organization])}{address_of(view.query)}")
    return render(request, "controls/view_form.html", {"form": form, "query": query}, status=422)


@requires(Permission.CONTROL_VIEW)
def change(request: PageRequest, organization: str, saved_view: UUID) -> HttpResponse:
    """Another name, shared or not."""
    view = _find(request, saved_view)
    may_share = may(request, Permission.CONTROL_CHANGE)
    form = ViewForm(
        request.POST if request.method == "POST" else None, may_share=may_share, auto_id="view_%s",
        initial={"name": view.name, "shared": view.shared},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        asked = {"shared": view.shared} | form.cleaned_data
        try:
            services.change_view(actor=request.actor, member=request.membership, view=view, **asked)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"“{asked['name']}” is kept.")
            return redirect("controls:views", organization)
    return render(request, "controls/view_form.html", {"form": form, "view": view}, status=422 if form.errors else 200)


@require_POST
@requires(Permission.CONTROL_VIEW)
def remove(request: PageRequest, organization: str, saved_view: UUID) -> HttpResponse:
    """Remove a view."""
    view = _find(request, saved_view)
    try:
        services.remove_view(actor=request.actor, member=request.membership, view=view)
    except PermissionDenied as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{view.name}” was removed.")
    return redirect("controls:views", organization)


@require_POST
@requires(Permission.CONTROL_VIEW)
def begin(request: PageRequest, organization: str) -> HttpResponse:
    """Choose the view that the person's matrix opens with; none of them: everything."""
    chosen = request.POST.get("saved_view", "")
    view = next((each for each in views_of(request.membership) if str(each.pk) == chosen), None)
    services.begin_with(actor=request.actor, member=request.membership, view=view)
    messages.success(request, f"The matrix opens with “{view.name}”." if view else "The matrix opens with everything.")
    return redirect("controls:views", organization)


def _find(request: PageRequest, pk: UUID) -> SavedView:
    return get_object_or_404(views_of(request.membership), pk=pk)


def _listed(request: PageRequest) -> dict[str, Any]:
    mine, changing = request.membership.pk, may(request, Permission.CONTROL_CHANGE)
    rows = [
        (view, address_of(view.query), view.owner_id == mine or (view.shared and changing))
        for view in views_of(request.membership)
    ]
    return {"rows": rows, "chosen": default_of(request.membership)}
