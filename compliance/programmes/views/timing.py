"""Timing: worked back from fieldwork, what to move, the reports that could be had; and how long things take."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import services
from ..forms_of_parts import PaceForm
from ..models import PhaseKind
from ..timeline import pace, timeline_of
from .finding import find_programme

SIZE = 50


@require_GET
@requires(Permission.PROGRAMME_VIEW)
def timing(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """The latest days, whether the date can be met, and what to move."""
    found = find_programme(programme)
    line = timeline_of(found, today(request.organization.timezone))
    phases = [(PhaseKind(each.kind).label, each) for each in line.advice.phases] if line.advice else []
    controls = sorted(line.advice.controls, key=lambda each: (each.operates, each.start_by, each.control.ref)) if line.advice else []
    context = {
        "programme_shown": found, "line": line, "phases": phases,
        "page": Paginator([each for each in controls if not each.operates], SIZE).get_page(request.GET.get("page")),
        "operating": sum(each.operates for each in controls),
    }  # fmt: skip
    return render(request, "programmes/timing.html", context)


@requires(Permission.PROGRAMME_CHANGE)
def change_pace(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """How long things take here, for every programme of the organisation."""
    found = find_programme(programme)
    form = PaceForm(sent(request), pace=pace())
    if request.method == "POST" and form.is_valid():
        try:
            services.set_pace(actor=request.actor, lengths=form.values())
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "The lengths are kept, and every programme is worked back with them.")
            return redirect("programmes:timing", organization, found.pk)
    context = {"programme_shown": found, "form": form}
    return render(request, "programmes/pace.html", context, status=422 if form.errors else 200)
