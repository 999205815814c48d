"""The criteria of a programme, and what of them does not apply."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import selectors, services
from ..deciders import decided_elsewhere
from ..forms import RelevanceForm
from ..reading import series_of


@requires(Permission.PROGRAMME_VIEW)
def criteria(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Every criterion that the programme is asked, with the reason where one was left out."""
    found = get_object_or_404(selectors.programmes(), pk=programme)
    elsewhere = decided_elsewhere(found)
    changing = may(request, Permission.PROGRAMME_CHANGE) and found.closed_at is None and not elsewhere
    context = {"programme_shown": found, "series": series_of(found), "may_change": changing, "elsewhere": elsewhere}
    return render(request, "programmes/criteria.html", context)


@requires(Permission.PROGRAMME_CHANGE)
def leave_out(request: PageRequest, organization: str, programme: UUID, requirement: UUID) -> HttpResponse:
    """Leave a criterion out, with the reason."""
    found = get_object_or_404(selectors.programmes(), pk=programme)
    criterion = get_object_or_404(selectors.requirements_offered(found), pk=requirement)
    form = RelevanceForm(sent(request), initial={"reason": found.not_relevant.get(criterion.ref, "")})
    if request.method == "POST" and form.is_valid():
        try:
            services.mark_not_relevant(
                actor=request.actor, programme=found, requirement=criterion, reason=form.cleaned_data["reason"]
            )
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{criterion.ref} is left out, and the reason is kept.")
            return redirect("programmes:criteria", organization, found.pk)
    context = {"form": form, "programme_shown": found, "criterion": criterion}
    return render(request, "programmes/leave_out.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.PROGRAMME_CHANGE)
def take_in(request: PageRequest, organization: str, programme: UUID, requirement: UUID) -> HttpResponse:
    """Take a criterion back in."""
    found = get_object_or_404(selectors.programmes(), pk=programme)
    criterion = get_object_or_404(selectors.requirements_offered(found), pk=requirement)
    try:
        services.mark_relevant(actor=request.actor, programme=found, requirement=criterion)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{criterion.ref} is in scope again.")
    return redirect("programmes:criteria", organization, found.pk)
