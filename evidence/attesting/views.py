"""What backs the answers of a review: a panel of its page, or a page by itself."""

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
from compliance.web.refusals import show_refusal
from controls.reviews.models import AnswerKind, Review
from controls.reviews.selectors import reviews, right_of
from evidence.forms import LinkForm

from . import selectors, services


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def of_review(request: PageRequest, organization: str, control_review: UUID) -> HttpResponse:
    """The evidence that was linked to its answers, and when."""
    return _page(request, _find(control_review))


@require_POST
@requires(Permission.EVIDENCE_PROVIDE, Permission.EVIDENCE_PROVIDE_OWN)
def link(request: PageRequest, organization: str, control_review: UUID) -> HttpResponse:
    """Link an artefact by its reference to the latest attestation."""
    review = _find(control_review)
    if not _may_link(request, review):
        raise PermissionDenied("Its owner links what shows it, or who brings evidence.")
    form = LinkForm(request.POST)
    if form.is_valid() and (artefact := form.found):
        try:
            services.back_review(actor=request.actor, member=request.membership, review=review, artefact=artefact)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{artefact.ref} is linked.")
            return redirect("reviews:review", organization, review.pk)
    return _page(request, review, form=form, status=422)


def _find(control_review: UUID) -> Review:
    return get_object_or_404(reviews(), pk=control_review)


def _may_link(request: PageRequest, review: Review) -> bool:
    entitled = right_of(request.membership, review, today(request.organization.timezone)) is not None
    return entitled or may(request, Permission.EVIDENCE_PROVIDE)


def _page(request: PageRequest, review: Review, *, form: LinkForm | None = None, status: int = 200) -> HttpResponse:
    attested = review.answers.filter(kind=AnswerKind.ATTESTED).exists()
    context = {
        "review": review, "rows": selectors.backings_of(review), "attested": attested, "form": form or LinkForm(),
        "links": attested and _may_link(request, review),
    }  # fmt: skip
    fragment = request.htmx and form is None  # type: ignore[attr-defined]
    return render(request, "attesting/_of_review.html" if fragment else "attesting/of_review.html", context, status=status)
