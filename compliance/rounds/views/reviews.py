"""Monthly and annual programme reviews."""

from __future__ import annotations

from typing import Any
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
from compliance.web.documents.parts import table_of
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import selectors, services
from ..facts import facts_for
from ..forms import ActionForm, DoneForm, OpenReviewForm, ReviewForm
from ..models import Action, Cadence, Review
from ..services import NOTES
from .finding import find_programme, find_review


@require_GET
@requires(Permission.ROUND_VIEW)
def reviews(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Every review of the programme, the latest first."""
    found = find_programme(programme)
    page = keyset_page(selectors.reviews(found), order=("-covers_to", "-id"), cursor=request.GET.get("cursor", ""))
    return render(request, "rounds/reviews.html", {"programme_shown": found, "page": page})


@requires(Permission.ROUND_CHANGE)
def begin(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Begin a review; `?cadence=annual` proposes a year, else the next month."""
    found = find_programme(programme)
    cadence = Cadence.ANNUAL if request.GET.get("cadence") == Cadence.ANNUAL else Cadence.MONTHLY
    first, last = selectors.next_span(found, cadence, today(request.organization.timezone))
    form = OpenReviewForm(sent(request), initial={"cadence": cadence, "covers_from": first, "covers_to": last})
    if request.method == "POST" and form.is_valid():
        try:
            review = services.open_review(actor=request.actor, programme=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return redirect("rounds:review", organization, programme, review.pk)
    return render(request, "rounds/begin.html", {"programme_shown": found, "form": form}, status=422 if form.errors else 200)


@require_GET
@requires(Permission.ROUND_VIEW)
def review(request: PageRequest, organization: str, programme: UUID, review: UUID) -> HttpResponse:
    """One review: the facts it begins from, what was said, and what follows."""
    return _shown(request, find_review(programme, review))


@require_POST
@requires(Permission.ROUND_CHANGE)
def write(request: PageRequest, organization: str, programme: UUID, review: UUID) -> HttpResponse:
    """Keep what was said; with `close` pressed, close the review for good."""
    found = find_review(programme, review)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form=form, status=422)
    try:
        found = services.write_review(actor=request.actor, review=found, **form.cleaned_data)
        if "close" in request.POST:
            services.close_review(actor=request.actor, review=found)
    except ValidationError as error:
        show_refusal(form, error)
        return _shown(request, found, form=form, status=422)
    messages.success(request, "The review is closed, and its record stands." if "close" in request.POST else "Saved.")
    return redirect("rounds:review", organization, programme, review)


@require_POST
@requires(Permission.ROUND_CHANGE)
def add_action(request: PageRequest, organization: str, programme: UUID, review: UUID) -> HttpResponse:
    """Ask something of somebody by a day."""
    found = find_review(programme, review)
    form = ActionForm(request.POST)
    if form.is_valid():
        try:
            services.add_action(actor=request.actor, review=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "The action waits for its owner in My work.")
            return redirect("rounds:review", organization, programme, review)
    return _shown(request, found, action_form=form, status=422)


@require_POST
@requires(Permission.ROUND_CHANGE, Permission.ROUND_ACT_OWN)
def finish_action(
    request: PageRequest, organization: str, programme: UUID, review: UUID, review_action: UUID
) -> HttpResponse:
    """Say that an action is done: its owner, or who runs the programme."""
    found = find_review(programme, review)
    action = get_object_or_404(Action, pk=review_action, review=found)
    if action.owner_id != request.membership.pk and not may(request, Permission.ROUND_CHANGE):
        raise PermissionDenied("It is somebody else’s action.")
    form = DoneForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        services.finish_action(actor=request.actor, action=action, note=note)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "The action is done.")
    return redirect("rounds:review", organization, programme, review)


def _shown(
    request: PageRequest, found: Review, *, form: ReviewForm | None = None, action_form: ActionForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    closed = found.closed_at is not None
    context: dict[str, Any] = {
        "programme_shown": found.programme, "review": found, "actions": selectors.actions(found), "done_form": DoneForm(),
        "facts": [table_of(each) for each in found.facts] if closed else facts_for(found),
        "form": form or ReviewForm(initial={name: getattr(found, name) for name in NOTES}),
        "action_form": action_form or ActionForm(), "writes": may(request, Permission.ROUND_CHANGE) and not closed,
        "today": today(request.organization.timezone), "member": request.membership,
    }  # fmt: skip
    return render(request, "rounds/review.html", context, status=status)
