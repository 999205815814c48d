"""One list of a campaign: where it comes from, who reviews it, and its signature."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.refusals import show_refusal
from compliance.web.sent import is_longer_than, sent, sent_with_files
from evidence.forms import too_large

from ..forms import BringForm, ReviewersForm, SignForm
from ..models import AccountList, CampaignState, Origin
from ..selectors import counted_lists
from ..services.bring import bring_list
from ..services.decide import changes_anything, sign_list
from ..services.freeze import take_list
from ..services.prepare import assign_reviewers, lacks_of
from .finding import find_list


@require_GET
@requires(Permission.ACCESS_REVIEW_VIEW)
def list_of(request: PageRequest, organization: str, account_list: UUID) -> HttpResponse:
    """One list."""
    return _page(request, find_list(account_list))


def _page(request: PageRequest, found: AccountList, *, form: SignForm | None = None, status: int = 200) -> HttpResponse:
    campaign = found.campaign
    counted = counted_lists(campaign).get(pk=found.pk)
    signable = campaign.state == CampaignState.OPEN and found.signed_at is None and found.reviewer_id == request.membership.pk
    context: dict[str, Any] = {
        "campaign": campaign, "list": counted, "sources": list(found.sources.select_related("version__artefact")),
        "lacks": lacks_of(found) if campaign.state == CampaignState.PREPARING else [], "signable": signable,
        "unchanged": not changes_anything(found), "form": form or SignForm(), "today": today(request.organization.timezone),
        "standing": list(found.removals.select_related("account")[:50]) if campaign.state != CampaignState.PREPARING else [],
        "bringable": campaign.state == CampaignState.PREPARING or found.origin == Origin.UPLOADED,
    }  # fmt: skip
    return render(request, "access_reviews/list_of.html", context, status=status)


@require_POST
@requires(Permission.ACCESS_REVIEW_MANAGE)
def take(request: PageRequest, organization: str, account_list: UUID) -> HttpResponse:
    """Take the list from the newest facts."""
    found = find_list(account_list)
    try:
        taken = take_list(actor=request.actor, account_list=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{taken.rows} accounts were taken.")
    return redirect("access_reviews:list_of", organization, found.pk)


@csrf_exempt  # the token lies in the body, which is only read once its length is known to be acceptable: below
@requires(Permission.ACCESS_REVIEW_MANAGE)
def bring(request: PageRequest, organization: str, account_list: UUID) -> HttpResponse:
    """Bring the list as a file."""
    found = find_list(account_list)
    if is_longer_than(request, settings.UPLOAD_MAX_BYTES):
        return _bring_page(request, found, BringForm(), 422, too_large())
    return _take_in(request, found)


@csrf_protect
def _take_in(request: PageRequest, found: AccountList) -> HttpResponse:
    form = BringForm(*sent_with_files(request), initial={"drawn_on": today(request.organization.timezone)})
    if request.method == "POST" and form.is_valid():
        file, asked = form.cleaned_data["file"], form.cleaned_data
        try:
            number = bring_list(
                actor=request.actor, member=request.membership, account_list=found, content=file.read(), filename=file.name,
                media_type=form.kind.type, drawn_on=asked["drawn_on"], note=asked["note"],
            )  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{number} accounts were read, and the file is kept.")
            return redirect("access_reviews:list_of", request.organization.slug, found.pk)
    return _bring_page(request, found, form, 422 if form.errors else 200)


def _bring_page(request: PageRequest, found: AccountList, form: BringForm, status: int, refused: str = "") -> HttpResponse:
    context = {
        "list": found, "campaign": found.campaign, "form": form, "refused": refused,
        "megabytes": settings.UPLOAD_MAX_BYTES // (1024 * 1024),
    }  # fmt: skip
    return render(request, "access_reviews/bring.html", context, status=status)


@requires(Permission.ACCESS_REVIEW_MANAGE)
def reviewers(request: PageRequest, organization: str, account_list: UUID) -> HttpResponse:
    """Name who reviews the list."""
    found = find_list(account_list)
    form = ReviewersForm(sent(request), initial={"reviewer": found.reviewer_id, "stand_in": found.stand_in_id})
    if request.method == "POST" and form.is_valid():
        try:
            assign_reviewers(actor=request.actor, account_list=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "What is not decided yet is theirs now.")
            return redirect("access_reviews:campaign", organization, found.campaign_id)
    context = {"list": found, "campaign": found.campaign, "form": form}
    return render(request, "access_reviews/reviewers.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.ACCESS_REVIEW_DECIDE_OWN)
def sign(request: PageRequest, organization: str, account_list: UUID) -> HttpResponse:
    """Sign the list."""
    found, form = find_list(account_list), SignForm(request.POST)
    if found.reviewer_id != request.membership.pk:
        raise PermissionDenied("Whoever reviews a list signs it.")
    if form.is_valid():
        try:
            sign_list(actor=request.actor, member=request.membership, account_list=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"The list of {found.system.name} is signed.")
            return redirect("access_reviews:campaign", organization, found.campaign_id)
    return _page(request, found, form=form, status=422)
