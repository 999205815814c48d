"""Whether climate change is relevant (clauses 4.1 and 4.2, Amendment 1:2024)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import services
from ..forms import ClimateForm
from ..models import Statement
from .finding import find_statement


@requires(Permission.APPLICABILITY_VIEW)
def climate(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """What was determined, by whom and when. Whoever may change the statement answers here."""
    found = find_statement(request, programme)
    changing = found.programme.closed_at is None and may(request, Permission.APPLICABILITY_CHANGE)
    form = ClimateForm(sent(request), initial=_initial(found)) if changing else None
    if form is not None and request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            services.determine_climate(
                actor=request.actor, statement=found, issue=asked["issue"] == "yes", parties=asked["parties"] == "yes",
                reason=asked["reason"],
            )  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "What was determined is kept, with your name and the day.")
            return redirect("applicability:climate", organization, programme)
    context = {"programme_shown": found.programme, "statement": found, "form": form}
    return render(request, "applicability/climate.html", context, status=422 if form and form.errors else 200)


def _initial(found: Statement) -> dict[str, str]:
    words = {True: "yes", False: "no", None: ""}
    return {
        "issue": words[found.climate_issue], "parties": words[found.climate_parties], "reason": found.climate_reason,
    }  # fmt: skip
