"""The page that an invitation's link leads to."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from compliance.access.roles import Role
from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import services
from ..forms import AcceptForm
from ..models import Invitation, User
from ..secrets import digest
from ..selectors import organization_named_by


@dataclass(frozen=True)
class Found:
    """An invitation as its page shows it: from whom, as what, and how it has ended (empty where it has not)."""

    organization: Organization
    invitation: Invitation
    role: str
    invited_by: str
    ended: str


@never_cache
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Show an invitation to whoever holds its link; let the invited person accept it."""
    found = _find(secret)
    if found is None:
        return render(request, "people/invitation_ended.html", {"ended": "unknown"}, status=404)
    if found.ended:
        return render(request, "people/invitation_ended.html", {"found": found, "ended": found.ended}, status=410)
    if not request.user.is_authenticated:
        request.session["invitation"] = True  # opens sign-up to whoever was invited, where it is closed
        return render(request, "people/invitation.html", {"found": found, "next": request.path})
    if found.invitation.email.lower() != request.user.email.lower():
        return render(request, "people/invitation_other.html", {"found": found, "next": request.path}, status=403)
    return _answer(request, request.user, secret, found)


def _answer(request: HttpRequest, user: User, secret: str, found: Found) -> HttpResponse:
    form = AcceptForm(sent(request), user=user, initial={"your_name": found.invitation.name})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data.get("your_name"):
            user.name = form.cleaned_data["your_name"]
            user.save(update_fields=["name"])
        try:
            services.accept_invitation(user=user, secret=secret, request_id=getattr(request, "request_id", ""))
        except ValidationError as error:
            show_refusal(form, error)
        else:
            request.session.pop("invitation", None)
            return redirect(f"/o/{found.organization.slug}/")
    status = 422 if form.errors else 200
    return render(request, "people/invitation.html", {"found": found, "form": form}, status=status)


def _find(secret: str) -> Found | None:
    """The invitation that a link names, looked up inside the room that it carries."""
    organization = organization_named_by(secret)
    if organization is None:
        return None
    with scope(organization):
        invitation = Invitation.objects.select_related("invited_by").filter(secret_hash=digest(secret)).first()
    if invitation is None:
        return None
    invited_by = invitation.invited_by.name if invitation.invited_by else "Somebody"
    return Found(organization, invitation, Role(invitation.role).label, invited_by, _ended(invitation))


def _ended(invitation: Invitation) -> str:
    if invitation.accepted_at:
        return "used"
    if invitation.revoked_at:
        return "revoked"
    return "expired" if invitation.expires_at <= now() else ""

