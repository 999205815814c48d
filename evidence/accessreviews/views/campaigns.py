"""Campaigns: the list, one of them, preparing, beginning, completing and skipping it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import selectors
from ..forms import CampaignFilter, CampaignForm, SkipForm, first_days
from ..models import CampaignState
from ..offers import offers
from ..services.complete import complete_campaign
from ..services.prepare import lacks_of, prepare_campaign, skip_campaign, start_campaign
from .finding import find_campaign


@require_GET
@requires(Permission.ACCESS_REVIEW_VIEW)
def campaigns(request: PageRequest, organization: str) -> HttpResponse:
    """Every campaign, the one that is due last first, and what is due to be prepared."""
    form = CampaignFilter(request.GET)
    found = selectors.campaigns_matching(form.asked.get("state", ""))
    counts = selectors.counts_by_state()
    context = {
        "filter": form, "page": keyset_page(found, order=("-due_on", "-id"), cursor=request.GET.get("cursor", "")),
        "counts": [(state, CampaignState(state).label, number) for state, number in counts.items()],
        "total": sum(counts.values()), "offers": list(offers()) if may(request, Permission.ACCESS_REVIEW_MANAGE) else [],
        "standing": selectors.removals_matching(selectors.STANDS).count(), "today": today(request.organization.timezone),
    }  # fmt: skip
    return render(request, "access_reviews/list.html", context)


@require_GET
@requires(Permission.ACCESS_REVIEW_VIEW)
def campaign(request: PageRequest, organization: str, campaign: UUID) -> HttpResponse:
    """One campaign: how far each system and each reviewer is, what is still missing, and what became of it."""
    found = find_campaign(campaign)
    lists: list[Any] = list(selectors.counted_lists(found))
    preparing = found.state == CampaignState.PREPARING
    standing = found.removals.filter(state__in=selectors.STANDING).count()
    context = {
        "campaign": found, "lists": lists, "reviewers": selectors.reviewers_of(found), "today": today(request.organization.timezone),
        "lacks": [sentence for each in lists for sentence in lacks_of(each)][:20] if preparing else [],
        "total": sum(each.rows for each in lists), "waiting": sum(each.waiting_count for each in lists),
        "unsigned": [each for each in lists if each.signed_at is None], "standing": standing,
        "unchanged": [each for each in lists if each.answer], "member": request.membership,
        "sums": {name: sum(getattr(each, f"{name}_count") for each in lists) for name in (*selectors.MARKS, "keep", "change", "remove")},
    }  # fmt: skip
    return render(request, "access_reviews/campaign.html", context)


@requires(Permission.ACCESS_REVIEW_MANAGE)
def prepare(request: PageRequest, organization: str) -> HttpResponse:
    """Prepare a campaign: the days come from the offer that led here, if one did."""
    form = CampaignForm(sent(request), initial={"requirement": request.GET.get("requirement"), **first_days(request.GET)})
    if request.method == "POST" and form.is_valid():
        try:
            made = prepare_campaign(actor=request.actor, member=request.membership, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{made.ref} is prepared. Look at each list, then begin.")
            return redirect("access_reviews:campaign", organization, made.pk)
    return render(request, "access_reviews/prepare.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@requires(Permission.ACCESS_REVIEW_MANAGE)
def start(request: PageRequest, organization: str, campaign: UUID) -> HttpResponse:
    """Begin a campaign."""
    told = "The review has begun. Every reviewer finds their accounts in My work."
    return _do(request, campaign, start_campaign, told)


@require_POST
@requires(Permission.ACCESS_REVIEW_MANAGE)
def complete(request: PageRequest, organization: str, campaign: UUID) -> HttpResponse:
    """Complete a campaign."""
    told = "It is completed, and its result waits for approval by another person. Removals close by themselves."
    return _do(request, campaign, complete_campaign, told, member=request.membership)


def _do(request: PageRequest, campaign: UUID, service: Callable[..., Any], told: str, **more: Any) -> HttpResponse:
    found = find_campaign(campaign)
    try:
        service(actor=request.actor, campaign=found, **more)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, told)
    return redirect("access_reviews:campaign", request.organization.slug, found.pk)


@requires(Permission.ACCESS_REVIEW_MANAGE)
def skip(request: PageRequest, organization: str, campaign: UUID) -> HttpResponse:
    """Say that it will not be completed."""
    found, form = find_campaign(campaign), SkipForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            skip_campaign(actor=request.actor, campaign=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "It is skipped, and stays skipped.")
            return redirect("access_reviews:campaign", organization, found.pk)
    return render(request, "access_reviews/skip.html", {"campaign": found, "form": form}, status=422 if form.errors else 200)
