"""The register of business changes."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.keyset import keyset_page

from .. import selectors, services
from ..forms import ChangeFilter, ChangeForm
from ..models import Change
from .entries import entry_page, form_page


@require_GET
@requires(Permission.LEDGER_VIEW)
def changes(request: PageRequest, organization: str) -> HttpResponse:
    """Every business change, the latest first."""
    chosen = ChangeFilter(request.GET)
    chosen.is_valid()
    asked = chosen.cleaned_data
    found = selectors.changes(
        text=asked.get("q", "").strip(), disclosure=asked.get("disclosure", ""), kind=asked.get("kind", "")
    )
    page = keyset_page(found, order=("-happened_on", "-id"), cursor=request.GET.get("cursor", ""))
    context = {"filter": chosen, "page": page, "filtered": any(asked.values()), "undecided": selectors.undecided_changes().count()}
    return render(request, "ledger/changes.html", context)


@require_GET
@requires(Permission.LEDGER_VIEW)
def change(request: PageRequest, organization: str, change: UUID) -> HttpResponse:
    """One change, and whether the description tells it."""
    return entry_page(request, get_object_or_404(Change, pk=change), "change")


@require_POST
@requires(Permission.LEDGER_CHANGE)
def decide(request: PageRequest, organization: str, change: UUID) -> HttpResponse:
    """Decide whether the description tells it."""
    return entry_page(request, get_object_or_404(Change, pk=change), "change")


@requires(Permission.LEDGER_CHANGE)
def add(request: PageRequest, organization: str) -> HttpResponse:
    """Write a change down."""
    return form_page(request, "change", ChangeForm, None, services.record_change)


@requires(Permission.LEDGER_CHANGE)
def edit(request: PageRequest, organization: str, change: UUID) -> HttpResponse:
    """Put a change right."""
    found = get_object_or_404(Change, pk=change)
    return form_page(request, "change", ChangeForm, found, partial(services.change_change, change=found))
