"""What incidents and changes have in common on their pages: one entry, its form, and the decision on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from ..forms import ChangeForm, DisclosureForm, IncidentForm
from ..models import Change, Incident
from ..services import decide_disclosure

Form = type[IncidentForm] | type[ChangeForm]


def entry_page(request: PageRequest, entry: Incident | Change, noun: str) -> HttpResponse:
    """One entry; a POST decides on its disclosure."""
    initial = {"disclosure": entry.disclosure, "reason": entry.disclosure_reason}
    form = DisclosureForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            decide_disclosure(actor=request.actor, entry=entry, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{entry.ref}: {entry.get_disclosure_display().lower()}. The reason is kept.")
            return redirect(f"ledger:{noun}", request.organization.slug, entry.pk)
    context = {noun: entry, "entry": entry, "form": form, "touched": entry.touched.select_related("system").order_by("system__ref")}
    return render(request, f"ledger/{noun}.html", context, status=422 if form.errors else 200)


def form_page(
    request: PageRequest, noun: str, form_class: Form, entry: Incident | Change | None, save: Callable[..., Incident | Change]
) -> HttpResponse:
    """The form of an entry, new or known."""
    form = form_class(sent(request), initial=_initial(entry, form_class))
    if request.method == "POST" and form.is_valid():
        try:
            saved = save(actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{saved.ref} was {'changed' if entry else 'recorded'}.")
            return redirect(f"ledger:{noun}", request.organization.slug, saved.pk)
    context = {"form": form, "entry": entry, "noun": noun}
    return render(request, "ledger/form.html", context, status=422 if form.errors else 200)


def _initial(entry: Incident | Change | None, form_class: Form) -> dict[str, Any]:
    if entry is None:
        return {}
    found = {name: getattr(entry, name) for name in form_class.base_fields if name != "systems"}
    found["systems"] = [each.system_id for each in entry.touched.all()]
    if isinstance(entry, Incident):
        found["commitments"] = ", ".join(entry.commitments)
    return found
