"""What is done with a connection: testing, pausing, retiring, collecting now."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.outside import Outside
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from ..base import PermissionResult
from ..forms import RetireForm
from ..models import Connection
from ..registry import vendors
from ..services.connect import change_connection, record_trial, trial_of
from ..services.request import request_run
from ..services.retire import InTheWayError, retire_connection
from .finding import connection_or_404


@require_POST
@requires(Permission.CONNECTION_MANAGE)
def test(request: PageRequest, organization: str, connection: UUID) -> HttpResponse:
    """Try each permission. It calls the vendor for some seconds; collecting belongs to a job, never to a request."""
    tried = connection_or_404(connection)
    try:
        trial = trial_of(tried)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("connections:connection", organization, tried.pk)

    def answer(results: list[PermissionResult]) -> HttpResponse:
        try:
            record_trial(actor=request.actor, tried=tried, results=results)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            _say(request, results)
        return redirect("connections:connection", organization, tried.pk)

    return Outside(trial, answer)


def _say(request: PageRequest, results: list[PermissionResult]) -> None:
    missing = sum(not result.allowed for result in results)
    if missing:
        messages.warning(request, f"{missing} of {len(results)} permissions are missing. Below stands what to grant.")
    else:
        messages.success(request, f"All {len(results)} permissions are there.")


@require_POST
@requires(Permission.CONNECTION_MANAGE)
def pause(request: PageRequest, organization: str, connection: UUID) -> HttpResponse:
    """Collect nothing from it until it is resumed."""
    found = connection_or_404(connection)
    return _set_active(request, found, False, f"{found.name} is paused. What it brought stays, and grows old.")


@require_POST
@requires(Permission.CONNECTION_MANAGE)
def resume(request: PageRequest, organization: str, connection: UUID) -> HttpResponse:
    """Collect from it again."""
    found = connection_or_404(connection)
    then = "takes pushes again" if vendors()[found.vendor].pushed else "collects within a minute"
    return _set_active(request, found, True, f"{found.name} is resumed, and {then}.")


def _set_active(request: PageRequest, connection: Connection, active: bool, done: str) -> HttpResponse:
    try:
        change_connection(actor=request.actor, connection=connection, active=active)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return redirect("connections:connection", request.organization.slug, connection.pk)


@requires(Permission.CONNECTION_MANAGE)
def retire(request: PageRequest, organization: str, connection: UUID) -> HttpResponse:
    """Take it out of use for good, with the reason."""
    found, form, refused = connection_or_404(connection), RetireForm(sent(request)), False
    if request.method == "POST" and form.is_valid():
        try:
            retire_connection(actor=request.actor, connection=found, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            refused = isinstance(error, InTheWayError)
            show_refusal(form, error)
        else:
            messages.success(request, f"{found.name} is retired. What it brought stays evidence of its days.")
            return redirect("connections:connection", organization, found.pk)
    context = {"form": form, "connection": found, "refused": refused}
    return render(request, "collectors/retire.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.RUN_START)
def run(request: PageRequest, organization: str, connection: UUID) -> HttpResponse:
    """Ask for a collection now; a worker takes it up, and its page shows it live."""
    found = connection_or_404(connection)
    try:
        asked = request_run(actor=request.actor, connection=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("connections:connection", organization, found.pk)
    return redirect("connections:run", organization, asked.pk)
