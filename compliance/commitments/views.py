"""The commitments register: the list, and what is entered, changed and withdrawn."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from . import selectors, services
from .forms import CommitmentFilter, CommitmentForm, WithdrawForm
from .models import Commitment
from .suggesting import CATEGORY, suggested


@requires(Permission.SCOPE_VIEW)
def commitments(request: PageRequest, organization: str) -> HttpResponse:
    """What was promised, where it stands, and the category that each promise calls for."""
    chosen = CommitmentFilter(request.GET)
    asked = chosen.asked
    found = selectors.commitments(
        kind=asked.get("kind", ""), promise=asked.get("promise", ""), text=asked.get("q", "").strip()
    )
    page = keyset_page(found, order=("id",), cursor=request.GET.get("cursor", ""))
    rows = [
        {"commitment": each, "category": _category(each.promise), "differs": _differs(each)} for each in page
    ]
    context = {"filter": chosen, "page": page, "rows": rows, "filtered": bool(asked)}
    return render(request, "commitments/list.html", context)


@requires(Permission.SCOPE_CHANGE)
def add(request: PageRequest, organization: str) -> HttpResponse:
    """Enter a promise."""
    form = CommitmentForm(sent(request), initial={"kind": "commitment"})
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_commitment(actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{added.ref} was entered.")
            return redirect("commitments:list", organization)
    return render(request, "commitments/form.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.SCOPE_CHANGE)
def change(request: PageRequest, organization: str, commitment: UUID) -> HttpResponse:
    """Change what is known of one."""
    found = get_object_or_404(selectors.commitments(), pk=commitment)
    initial = {name: getattr(found, name) for name in services.EDITABLE}
    initial["requirements"] = [each.requirement for each in found.bears_on.all()]
    initial["services"] = [each.service_id for each in found.services.all()]
    form = CommitmentForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_commitment(actor=request.actor, commitment=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{found.ref} was changed.")
            return redirect("commitments:list", organization)
    context = {"form": form, "commitment": found}
    return render(request, "commitments/form.html", context, status=422 if form.errors else 200)


@requires(Permission.SCOPE_CHANGE)
def withdraw(request: PageRequest, organization: str, commitment: UUID) -> HttpResponse:
    """It is promised no more, and why."""
    found = get_object_or_404(selectors.commitments(), pk=commitment)
    form = WithdrawForm(sent(request))
    if request.method == "POST" and form.is_valid():
        services.withdraw_commitment(actor=request.actor, commitment=found, **form.cleaned_data)
        messages.success(request, f"{found.ref} was withdrawn. It stays on record.")
        return redirect("commitments:list", organization)
    context = {"form": form, "commitment": found, "withdraws": True}
    return render(request, "commitments/form.html", context, status=422 if form.errors else 200)


def _category(promise: str) -> str:
    return CATEGORY.get(promise, "").replace("_", " ")


def _differs(commitment: Commitment) -> str:
    """What the words suggest where a person chose otherwise: worth a second look, never a correction."""
    said = suggested(commitment.text)
    return said.label if said != commitment.promise and said != "other" else ""
