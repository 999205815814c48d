"""Inviting, inviting again, and taking an invitation back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.web.refusals import show_refusal

from .. import services
from ..forms import InviteForm
from ..models import Invitation
from ..requests import PageRequest
from .members import members_page


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def invite(request: PageRequest, organization: str) -> HttpResponse:
    """Send an invitation; a refused one comes back on the page of members with what is to be put right."""
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            invitation = services.invite(actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"An invitation goes to {invitation.email}.")
            return redirect("people:members", organization)
    return render(request, "people/members.html", members_page(request, form), status=422)


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def invite_again(request: PageRequest, organization: str, invitation: UUID) -> HttpResponse:
    """Send a new link; the one before is worth nothing from now on."""
    earlier = get_object_or_404(Invitation, pk=invitation, accepted_at__isnull=True)
    try:
        services.invite(actor=request.actor, email=earlier.email, role=earlier.role, name=earlier.name)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"A new link goes to {earlier.email}; the one before no longer works.")
    return redirect("people:members", organization)


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def revoke(request: PageRequest, organization: str, invitation: UUID) -> HttpResponse:
    """Take an invitation back."""
    found = get_object_or_404(Invitation, pk=invitation)
    try:
        services.revoke_invitation(actor=request.actor, invitation=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"The invitation of {found.email} no longer works.")
    return redirect("people:members", organization)
