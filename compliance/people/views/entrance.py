"""The entrance: before any room is known."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from compliance.tenancy.models import Organization
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import services
from ..entrances import doors_of
from ..forms import FounderForm
from ..founding import claim_founding, may_found
from ..requests import VisitorRequest, visitor


def home(request: HttpRequest) -> HttpResponse:
    """A landing page for strangers; for those who are signed in the doors they have, or straight in by the only one."""
    if not request.user.is_authenticated:
        return render(request, "people/landing.html", {"open_signup": may_found()})
    doors = doors_of(request.user)
    if len(doors) == 1 and "all" not in request.GET:
        return redirect(doors[0].url)
    return render(request, "people/doors.html", {"doors": doors, "may_found": may_found()})


@login_required
def create_organization(request: VisitorRequest) -> HttpResponse:
    """The first organisation, made by the person who will run it."""
    if not may_found():
        raise PermissionDenied("Organisations are created by whoever runs this installation.")
    form = FounderForm(sent(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            organization = _found(request, form)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return redirect(f"/o/{organization.slug}/")
    return render(request, "people/found.html", {"form": form}, status=422 if form.errors else 200)


@transaction.atomic
def _found(request: VisitorRequest, form: FounderForm) -> Organization:
    claim_founding()
    asked = form.cleaned_data
    founder = request.user
    if asked.get("your_name"):
        founder.name = asked["your_name"]
        founder.save(update_fields=["name"])
    return services.create_organization(
        actor=visitor(request), founder=founder, name=asked["name"], slug=asked["slug"], timezone=asked["timezone"],
        role=asked["role"],
    )  # fmt: skip
