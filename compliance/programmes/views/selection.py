"""Why this report: who asked, what it will say, the reports compared, the reason and its approval."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import selectors, services
from ..choices import compared
from ..claims import claim_of
from ..forms_of_parts import SelectionForm
from ..models import Selection
from ..services.selection import fingerprint
from ..timeline import timeline_of
from .finding import find_programme, told


@require_GET
@requires(Permission.PROGRAMME_VIEW)
def selection(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """The selection record and the claim."""
    found = find_programme(programme)
    record = selectors.selection_of(found)
    asked = list(selectors.demands(found))
    covered = [service.name for service in selectors.services_covered(found)]
    approving = record is not None and not found.closed_at and may(request, Permission.PROGRAMME_APPROVE)
    objection = services.objection_to_approval(record, request.membership) if approving and record else ""
    context = {
        "programme_shown": found, "record": record, "demands": asked, "claim": claim_of(found, covered),
        "choices": compared(timeline_of(found, today(request.organization.timezone)).options, asked),
        "stale": bool(record and record.approved_at and record.approved_for != selectors.terms_of(found)),
        "may_approve": approving and not objection, "objection": objection, "seen": fingerprint(record) if record else "",
        "changing": may(request, Permission.PROGRAMME_CHANGE) and not found.closed_at,
    }  # fmt: skip
    return render(request, "programmes/selection.html", context)


@requires(Permission.PROGRAMME_CHANGE)
def write(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Write the reason. Another one takes an approval back."""
    found = find_programme(programme)
    record = selectors.selection_of(found)
    form = SelectionForm(sent(request), initial={"reason": record.reason if record else ""})
    if request.method == "POST" and form.is_valid():
        try:
            services.write_selection(actor=request.actor, programme=found, author=request.membership, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "The reason is kept, and waits for somebody else’s approval.")
            return redirect("programmes:selection", organization, found.pk)
    context = {"programme_shown": found, "form": form, "record": record}
    return render(request, "programmes/write_selection.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.PROGRAMME_APPROVE)
def approve(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Approve the choice, for the dates and options as they stand."""
    found = find_programme(programme)
    record = get_object_or_404(Selection.objects.select_related("programme"), programme=found)
    try:
        services.approve_selection(
            actor=request.actor, selection=record, approver=request.membership, seen=request.POST.get("seen", "")
        )
    except ValidationError as error:
        messages.error(request, told(error))
    else:
        messages.success(request, "The choice is approved.")
    return redirect("programmes:selection", organization, found.pk)
