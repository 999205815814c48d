"""The page that an auditor's invitation leads to. It stands before every room: the secret says which one to enter."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from compliance.people.models import User
from compliance.people.secrets import organization_of
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from ..forms.seats import AcceptForm
from ..models import Seat
from ..selectors.seats import seat_for_secret
from ..services import accept_seat
from ..services.seats import DECLARATION


@never_cache
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Show who invites to what; let the invited person sign in or up, declare independence, and take the seat."""
    named = organization_of(secret)
    organization = Organization.objects.tenants().filter(pk=named).first() if named else None
    if organization is None:
        return _over(request)
    user = request.user if isinstance(request.user, User) else None
    with scope(organization, user_id=user.pk if user else None):
        seat = seat_for_secret(secret)
        return _over(request) if seat is None else _offer(request, organization, seat, user)


def _offer(request: HttpRequest, organization: Organization, seat: Seat, user: User | None) -> HttpResponse:
    context = {
        "seat": seat, "audit": seat.audit, "host": organization, "next": request.path, "declaration": DECLARATION,
    }  # fmt: skip
    if user is None:
        request.session["invitation"] = True  # opens sign-up to whoever was invited, where it is closed
        return render(request, "audits/accept.html", context | {"step": "sign_in"})
    if user.email.casefold() != seat.email.casefold():
        return render(request, "audits/accept.html", context | {"step": "other"}, status=403)
    portal = reverse("portal:overview", args=[organization.slug, seat.audit_id])
    if seat.accepted_at is not None:
        return redirect(portal)
    form = AcceptForm(sent(request))
    if request.method == "POST" and form.is_valid() and _accept(request, form, seat, user):
        request.session.pop("invitation", None)
        return redirect(portal)
    status = 422 if form.is_bound else 200
    return render(request, "audits/accept.html", context | {"step": "declare", "form": form}, status=status)


def _accept(request: HttpRequest, form: AcceptForm, seat: Seat, user: User) -> bool:
    declared = form.cleaned_data["declares_independence"]
    try:
        accept_seat(user=user, seat=seat, declares_independence=declared, request_id=getattr(request, "request_id", ""))
    except ValidationError as error:
        show_refusal(form, error)
        return False
    except PermissionDenied as error:
        form.add_error(None, str(error))
        return False
    return True


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "audits/accept_over.html", status=404)
