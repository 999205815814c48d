"""Third parties: the list, one of them, and changing what is known of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import selectors, services
from ..cadence import open_due, recordable
from ..dossiers import Dossier
from ..drawing import strip_of
from ..forms import PartyFilter, PartyForm, ReviewForm
from ..models import Party
from ..periods import main_period
from ..services.parties import EDITABLE


@requires(Permission.SCOPE_VIEW)
def parties(request: PageRequest, organization: str) -> HttpResponse:
    """Every third party with a role, what its papers cover, and how many warnings it raises."""
    chosen = PartyFilter(request.GET)
    asked = chosen.asked
    found = selectors.parties(role=asked.get("role", ""), method=asked.get("method", ""), text=asked.get("q", "").strip())
    page = keyset_page(selectors.with_papers(found), order=("id",), cursor=request.GET.get("cursor", ""))
    on, main = today(request.organization.timezone), main_period()
    period, reached = main.span if main else None, selectors.systems_reached()
    known = {party: selectors.dossier(party, on=on, period=period, reached=reached) for party in page}
    counts = selectors.warning_counts(selectors.warnings_among(known))
    rows = [_row(party, each, counts[party.pk]) for party, each in known.items()]
    context = {
        "filter": chosen, "page": page, "rows": rows, "filtered": bool(asked), "main": main,
        "roleless": selectors.without_role().count(),
    }  # fmt: skip
    return render(request, "parties/list.html", context)


def _row(party: Party, known: Dossier, warnings: int) -> dict[str, Any]:
    drawn = strip_of(known) if known.must_be_covered else None
    return {
        "party": party, "so_far": drawn.so_far if drawn else None, "warnings": warnings,
        "due": open_due(list(known.dues)), "newest": next(iter(party.reports.all()), None),
    }  # fmt: skip


@requires(Permission.SCOPE_VIEW)
def party(request: PageRequest, organization: str, party: UUID) -> HttpResponse:
    """One third party as a paper: what is wrong, what covers the period, what it shows, and our reviews of it."""
    return show(request, _party(party), ReviewForm())


def show(request: PageRequest, found: Party, form: ReviewForm, status: int = 200) -> HttpResponse:
    """The page of a party, with the review form as it stands."""
    on, main = today(request.organization.timezone), main_period()
    known = selectors.dossier(found, on=on, period=main.span if main else None)
    dues = list(known.dues)
    written = {each.due_on: each for each in found.reviews.all()}
    context: dict[str, Any] = {
        "party": found, "today": on, "main": main, "known": known, "form": form,
        "warnings": selectors.warnings_among({found: known}),
        "strip": strip_of(known), "recordable": recordable(dues, on), "may_review": may_review(request, found),
        "dues": [{"due": due, "review": written.get(due.due_on)} for due in reversed(dues)],
    }  # fmt: skip
    return render(request, "parties/party.html", context, status=status)


def may_review(request: PageRequest, found: Party) -> bool:
    """Who changes the register may, and the one who is named for it."""
    member = request.membership
    return member.may(Permission.SCOPE_CHANGE) or (found.reviewer_id is not None and found.reviewer_id == member.pk)


@requires(Permission.SCOPE_CHANGE)
def add(request: PageRequest, organization: str) -> HttpResponse:
    """Give a third party its role."""
    form = PartyForm(sent(request), initial={"system": request.GET.get("system", "")})
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_party(actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{added} has its role.")
            return redirect("parties:party", organization, added.pk)
    return render(request, "parties/party_form.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.SCOPE_CHANGE)
def change(request: PageRequest, organization: str, party: UUID) -> HttpResponse:
    """Change what is known of it."""
    found = _party(party)
    form = PartyForm(sent(request), party=found, initial={name: getattr(found, name) for name in EDITABLE})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_party(actor=request.actor, party=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{found} was changed.")
            return redirect("parties:party", organization, found.pk)
    context = {"form": form, "party": found}
    return render(request, "parties/party_form.html", context, status=422 if form.errors else 200)


def _party(identifier: UUID) -> Party:
    return get_object_or_404(selectors.with_papers(selectors.parties()), pk=identifier)
