"""The list of reviews with its sums, and one review."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.keyset import keyset_page

from .. import selectors
from ..backing import offered
from ..forms import AttestForm, ReviewFilter
from ..models import DONE, AnswerKind, Review, ReviewState
from .finding import find_review


@require_GET
@requires(Permission.REVIEW_VIEW)
def reviews(request: PageRequest, organization: str) -> HttpResponse:
    """Reviews that fit the filters; the sums count what the filters but the state leave."""
    form = ReviewFilter(request.GET, owners=selectors.assignees())
    found = selectors.reviews_matching(form.asked)
    page = keyset_page(found, order=selectors.order_of(form.asked), cursor=request.GET.get("cursor", ""))
    others = {name: value for name, value in form.asked.items() if name != "state"} | {"state": selectors.ALL}
    counts = selectors.counts(selectors.reviews_matching(others))
    context = {
        "filter": form, "page": page, "any": bool(form.asked), "total": sum(counts.values()),
        "today": today(request.organization.timezone), "member": request.membership,
        "counts": [(state, ReviewState(state).label, number) for state, number in counts.items()],
    }  # fmt: skip
    return render(request, "reviews/list.html", context)


@require_GET
@requires(Permission.REVIEW_VIEW)
def review(request: PageRequest, organization: str, control_review: UUID) -> HttpResponse:
    """One review: what is asked, what was answered, who was told, and the form for who may answer."""
    return review_page(request, find_review(control_review))


def review_page(
    request: PageRequest, found: Review, *, form: AttestForm | None = None, status: int = 200
) -> HttpResponse:
    """The page, with a form that was refused in the place of a fresh one."""
    on = today(request.organization.timezone)
    right = selectors.right_of(request.membership, found, on)
    answerable = right is not None and found.state != ReviewState.WITHDRAWN
    attestable = answerable and found.state not in DONE
    if form is None and attestable:
        form = AttestForm(offered=offered(found.control), initial={"performed_on": on})
    held = selectors.delegations_on(on).filter(owner=found.assignee_id).first() if found.assignee_id else None
    waiting = found.state == ReviewState.OPEN
    answers = list(found.answers.all())
    context: dict[str, Any] = {
        "review": found, "answers": answers, "attested": any(each.kind == AnswerKind.ATTESTED for each in answers),
        "notices": list(found.notices.all()), "today": on,
        "overdue": waiting and found.due_on < on, "right": right, "answerable": answerable, "attestable": attestable,
        "form": form, "held": held, "waiting": waiting,
        "skippable": waiting and (right is not None or may(request, Permission.REVIEW_MANAGE)),
    }  # fmt: skip
    return render(request, "reviews/review.html", context, status=status)
