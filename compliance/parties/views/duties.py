"""What we expect of a third party, and our reviews of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import selectors, services
from ..forms import ExpectedControlForm, ReviewForm
from ..models import ExpectedControl
from .forms_page import form_page
from .parties import may_review, show


@require_POST
@requires(Permission.SCOPE_CHANGE, Permission.PARTY_REVIEW_OWN)
def review(request: PageRequest, organization: str, party: UUID) -> HttpResponse:
    """Record the review that is open: whoever changes the register may, and the one who is named for it."""
    found = get_object_or_404(selectors.with_papers(selectors.parties()), pk=party)
    if not may_review(request, found):
        raise PermissionDenied
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            done = services.record_review(actor=request.actor, party=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"The review due on {done.due_on:%-d %b %Y} was recorded.")
            return redirect("parties:party", organization, found.pk)
    return show(request, found, form, status=422)


@requires(Permission.SCOPE_CHANGE)
def expect(request: PageRequest, organization: str, party: UUID) -> HttpResponse:
    """Enter a control that we take the party to have."""
    found = get_object_or_404(selectors.parties(), pk=party)
    return form_page(
        request, ExpectedControlForm(sent(request)),
        lambda asked: services.expect_control(actor=request.actor, party=found, **asked),
        title="Expect a control", back=_back(organization, found.pk), crumb=str(found), said="The control is expected of it.",
        lede="A complementary subservice organisation control: with ours, it is needed to meet the criteria.",
        button="Enter it",
    )  # fmt: skip


@requires(Permission.SCOPE_CHANGE)
def change_expected(request: PageRequest, organization: str, expected: UUID) -> HttpResponse:
    """Word it anew, or let it bear on other criteria."""
    found = _expected(expected)
    refs = [each.requirement for each in found.bears_on.all()]
    return form_page(
        request, ExpectedControlForm(sent(request), initial={"text": found.text, "requirements": refs}),
        lambda asked: services.change_expected_control(actor=request.actor, expected=found, **asked),
        title="Change an expected control", back=_back(organization, found.party_id), crumb=str(found.party),
        said="The expected control was changed.",
    )  # fmt: skip


@require_POST
@requires(Permission.SCOPE_CHANGE)
def drop_expected(request: PageRequest, organization: str, expected: UUID) -> HttpResponse:
    """We no longer expect it."""
    found = _expected(expected)
    services.drop_expected_control(actor=request.actor, expected=found)
    messages.success(request, "It is no longer expected. The trail keeps what it said.")
    return redirect("parties:party", organization, found.party_id)


def _expected(identifier: UUID) -> ExpectedControl:
    found = ExpectedControl.objects.select_related("party__system").prefetch_related("bears_on__requirement")
    return get_object_or_404(found, pk=identifier)


def _back(organization: str, party: UUID) -> str:
    return reverse("parties:party", args=[organization, party])
