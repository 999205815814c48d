"""Controls that our own report expects of customers (DC 6)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.keyset import keyset_page
from compliance.web.sent import sent

from .. import selectors, services
from ..forms import OwnCuecForm
from .forms_page import form_page


@requires(Permission.SCOPE_VIEW)
def own(request: PageRequest, organization: str) -> HttpResponse:
    """All of them, those withdrawn too."""
    page = keyset_page(selectors.own_controls(), order=("id",), cursor=request.GET.get("cursor", ""))
    return render(request, "parties/own.html", {"page": page})


@requires(Permission.SCOPE_CHANGE)
def add(request: PageRequest, organization: str) -> HttpResponse:
    """Enter one."""
    return form_page(
        request, OwnCuecForm(sent(request)), lambda asked: services.add_own_cuec(actor=request.actor, **asked),
        title="Expect a control of customers", back=reverse("parties:own", args=[organization]), crumb="",
        said="The control was entered.", button="Enter it",
        lede="A complementary user entity control: without it the criteria are not met, however well ours work.",
    )  # fmt: skip


@requires(Permission.SCOPE_CHANGE)
def change(request: PageRequest, organization: str, own_cuec: UUID) -> HttpResponse:
    """Word one anew, or let it bear on other criteria."""
    found = get_object_or_404(selectors.own_controls(), pk=own_cuec)
    refs = [each.requirement for each in found.bears_on.all()]
    return form_page(
        request, OwnCuecForm(sent(request), initial={"text": found.text, "requirements": refs}),
        lambda asked: services.change_own_cuec(actor=request.actor, own=found, **asked),
        title=f"Change {found.ref}", back=reverse("parties:own", args=[organization]), said=f"{found.ref} was changed.",
    )  # fmt: skip


@require_POST
@requires(Permission.SCOPE_CHANGE)
def withdraw(request: PageRequest, organization: str, own_cuec: UUID) -> HttpResponse:
    """Customers need no longer do it."""
    found = get_object_or_404(selectors.own_controls(), pk=own_cuec)
    services.withdraw_own_cuec(actor=request.actor, own=found)
    messages.success(request, f"{found.ref} was withdrawn. It stays on record.")
    return redirect("parties:own", organization)
