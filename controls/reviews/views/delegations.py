"""Leave: who answers whose reviews, from when to when."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal

from .. import selectors
from ..forms import DelegationForm
from ..models import Delegation
from ..services.delegate import delegate_reviews, end_delegation


@require_GET
@requires(Permission.REVIEW_VIEW)
def delegations(request: PageRequest, organization: str) -> HttpResponse:
    """Every delegation, the latest first, and the form for a new one."""
    return _page(request)


@require_POST
@requires(Permission.REVIEW_ANSWER_OWN, Permission.REVIEW_MANAGE)
def delegate(request: PageRequest, organization: str) -> HttpResponse:
    """Record one."""
    form = DelegationForm(request.POST, member=request.membership)
    if form.is_valid():
        try:
            made = delegate_reviews(actor=request.actor, member=request.membership, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"Recorded: {made}.")
            return redirect("reviews:delegations", organization)
    return _page(request, form=form, status=422)


@require_POST
@requires(Permission.REVIEW_ANSWER_OWN, Permission.REVIEW_MANAGE)
def end(request: PageRequest, organization: str, delegation: UUID) -> HttpResponse:
    """End one before its last day."""
    found = get_object_or_404(Delegation, pk=delegation)
    if found.owner_id != request.membership.pk and not may(request, Permission.REVIEW_MANAGE):
        raise PermissionDenied("It is ended by whoever gave it, or who manages reviews.")
    try:
        end_delegation(actor=request.actor, member=request.membership, delegation=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "It ends now. What was answered under it stands.")
    return redirect("reviews:delegations", organization)


def _page(request: PageRequest, *, form: DelegationForm | None = None, status: int = 200) -> HttpResponse:
    records = may(request, Permission.REVIEW_ANSWER_OWN) or may(request, Permission.REVIEW_MANAGE)
    page = keyset_page(selectors.delegations(), order=("-starts_on", "-id"), cursor=request.GET.get("cursor", ""))
    context = {
        "page": page, "today": today(request.organization.timezone), "member": request.membership,
        "form": form or (DelegationForm(member=request.membership) if records else None),
    }  # fmt: skip
    return render(request, "reviews/delegations.html", context, status=status)
