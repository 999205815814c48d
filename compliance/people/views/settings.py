"""The organisation's settings."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import selectors, services
from ..forms import SettingsForm
from ..requests import PageRequest


@requires(Permission.ORGANIZATION_VIEW)
def settings(request: PageRequest, organization: str) -> HttpResponse:
    """Name, time zone and the second factor; who may not change them reads them, and who could."""
    room = request.organization
    changing = may(request, Permission.ORGANIZATION_CHANGE)
    if request.method == "POST" and not changing:
        raise PermissionDenied("Your role does not allow this.")
    initial = {name: getattr(room, name) for name in ("name", "timezone", "requires_second_factor")}
    form = SettingsForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_settings(actor=request.actor, organization=room, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "The settings were saved.")
            return redirect("people:settings", organization)
    who = [] if changing else list(selectors.members_who_may(Permission.ORGANIZATION_CHANGE)[:5])
    context = {"form": form, "changing": changing, "who_may": who}
    return render(request, "people/settings.html", context, status=422 if form.errors else 200)
