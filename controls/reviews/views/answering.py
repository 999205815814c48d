"""Answering a review: attesting it, reporting an exception, skipping it; and reminding who has to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from ..backing import offered
from ..forms import AttestForm, ExceptionForm, SkipForm
from ..models import Answer, Review
from ..selectors import right_of
from ..services import answer as services
from ..services.remind import remind as remind_of
from .finding import find_review, right_or_403
from .reading import review_page


@require_POST
@requires(Permission.REVIEW_ANSWER_OWN)
def attest(request: PageRequest, organization: str, control_review: UUID) -> HttpResponse:
    """Attest that the control was performed."""
    review = find_review(control_review)
    right_or_403(request, review)
    form = AttestForm(request.POST, offered=offered(review.control))
    if form.is_valid():
        said = form.cleaned_data | {"evidence": [UUID(each) for each in form.cleaned_data.get("evidence", [])]}
        try:
            answer = services.attest(actor=request.actor, member=request.membership, review=review, **said)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _attested(answer))
            return redirect("reviews:review", organization, review.pk)
    return review_page(request, review, form=form, status=422)


def _attested(answer: Answer) -> str:
    if not answer.counts:
        return "The attestation is recorded beside it. What it was settled as stays."
    return "It is attested, late. Both days are kept." if answer.late else "It is attested."


@requires(Permission.REVIEW_ANSWER_OWN)
def report_exception(request: PageRequest, organization: str, control_review: UUID) -> HttpResponse:
    """Report that the control was not performed as it is stated."""
    review = find_review(control_review)
    right_or_403(request, review)
    form = ExceptionForm(sent(request))
    told = "The exception is recorded. It is unfavourable evidence, and stays."
    return _answered(request, review, form, services.report_exception, "reviews/exception.html", told)


@requires(Permission.REVIEW_ANSWER_OWN, Permission.REVIEW_MANAGE)
def skip(request: PageRequest, organization: str, control_review: UUID) -> HttpResponse:
    """Say that it will not take place."""
    review = find_review(control_review)
    mine = right_of(request.membership, review, today(request.organization.timezone))
    if mine is None and not may(request, Permission.REVIEW_MANAGE):
        raise PermissionDenied("Its owner skips a review, or who manages reviews.")
    form = SkipForm(sent(request))
    return _answered(request, review, form, services.skip, "reviews/skip.html", "It is skipped, and stays skipped.")


def _answered(
    request: PageRequest, review: Review, form: forms.Form, answer: Callable[..., Any], template: str, told: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            answer(actor=request.actor, member=request.membership, review=review, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, told)
            return redirect("reviews:review", request.organization.slug, review.pk)
    return render(request, template, {"review": review, "form": form}, status=422 if form.errors else 200)


@require_POST
@requires(Permission.REVIEW_MANAGE)
def remind(request: PageRequest, organization: str, control_review: UUID) -> HttpResponse:
    """Put it before whoever has to answer, today."""
    review = find_review(control_review)
    try:
        notice = remind_of(actor=request.actor, review=review)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{notice.told} finds it in My work and at the head of the next digest.")
    return redirect("reviews:review", organization, review.pk)
