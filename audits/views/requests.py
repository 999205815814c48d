"""Raising a request, reading it, changing what it asks."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from ..forms.requests import NewRequestForm, RequestForm
from ..services import Conflict, change_request, raise_request
from .finding import audit_or_404, request_or_404
from .request_page import request_page


@requires(Permission.REQUEST_MANAGE)
def raise_(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """Add a line to the log by hand."""
    audit = audit_or_404(pk)
    due = today(here().timezone) + timedelta(days=audit.turnaround_days)
    form = NewRequestForm(sent(request), initial={"due_date": due})
    if request.method == "POST" and form.is_valid():
        try:
            item = raise_request(actor=request.actor, audit=audit, **form.asked())
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{item.ref} is in the log.")
            return redirect("audits:request", organization, item.pk)
    return render(request, "audits/raise.html", {"form": form, "audit": audit}, status=422 if form.is_bound else 200)


@requires(Permission.REQUEST_VIEW)
def show(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """One request."""
    return request_page(request, request_or_404(pk))


@requires(Permission.REQUEST_MANAGE)
def change(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """Change what a request asks. Where somebody changed it meanwhile, both are shown and nothing typed is lost."""
    item = request_or_404(pk)
    form = RequestForm(sent(request), item=item, words_are_theirs=item.raised_by_auditor)
    context = {"form": form, "item": item, "audit": item.audit}
    if request.method == "POST" and form.is_valid():
        try:
            change_request(
                actor=request.actor, request=item, seen=form.cleaned_data["seen"], new=form.asked(),
            )  # fmt: skip
        except Conflict as conflict:
            return _conflict(request, context, form, conflict)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{item.ref} was changed.")
            return redirect("audits:request", organization, item.pk)
    return render(request, "audits/change_request.html", context, status=422 if form.is_bound else 200)


def _conflict(request: PageRequest, context: dict[str, object], form: RequestForm, conflict: Conflict) -> HttpResponse:
    """The form as it was typed, the present values beside it, and a mark that lets the next save through knowingly."""
    form.seen_anew(conflict.request)
    differences = [
        (form.fields[name].label or name.replace("_", " ").capitalize(), value)
        for name, value in conflict.differences.items()
    ]
    return render(
        request, "audits/change_request.html", context | {"differences": differences, "conflict": True}, status=409
    )
