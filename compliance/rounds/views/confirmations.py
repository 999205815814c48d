"""The auditor's confirmation of scope, period, categories and method, and what changed since."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import selectors, services
from ..forms import ConfirmationForm
from ..snapshot import facts_of, of_programme
from .finding import find_programme


@require_GET
@requires(Permission.ROUND_VIEW)
def confirmation(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """What was confirmed, and each later change of it."""
    found = find_programme(programme)
    present = of_programme(found)
    latest = selectors.latest_confirmation(found)
    context = {
        "programme_shown": found, "latest": latest, "facts": facts_of(latest.snapshot if latest else present),
        "differences": selectors.changes_since(latest, present) if latest else [],
        "earlier": selectors.confirmations(found)[1:20],
    }  # fmt: skip
    return render(request, "rounds/confirmation.html", context)


@requires(Permission.ROUND_CHANGE)
def record(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Record a confirmation that came by letter, mail or word."""
    found = find_programme(programme)
    form = ConfirmationForm(sent(request), initial={"confirmed_on": today(request.organization.timezone)})
    if request.method == "POST" and form.is_valid():
        try:
            services.record_confirmation(actor=request.actor, programme=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "The confirmation is recorded, with everything as it now stands.")
            return redirect("rounds:confirmation", organization, programme)
    context = {"programme_shown": found, "form": form, "facts": facts_of(of_programme(found))}
    return render(request, "rounds/record.html", context, status=422 if form.errors else 200)
