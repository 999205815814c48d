"""What is done with a connection: testing, pausing, collecting now."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.outside import Outside

from ..base import PermissionResult
from ..registry import vendors
from ..services.connect import change_connection, record_trial, trial_of
from ..services.request import request_run
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
    found = change_connection(actor=request.actor, connection=connection_or_404(connection), active=False)
    messages.success(request, f"{found.name} is paused. What it brought stays, and grows old.")
    return redirect("connections:connection", organization, found.pk)


@require_POST
@requires(Permission.CONNECTION_MANAGE)
def resume(request: PageRequest, organization: str, connection: UUID) -> HttpResponse:
    """Collect from it again."""
    found = change_connection(actor=request.actor, connection=connection_or_404(connection), active=True)
    then = "takes pushes again" if vendors()[found.vendor].pushed else "collects within a minute"
    messages.success(request, f"{found.name} is resumed, and {then}.")
    return redirect("connections:connection", organization, found.pk)


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
