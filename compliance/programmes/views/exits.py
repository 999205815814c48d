"""The phases of a programme with their exit conditions."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today

from .. import selectors
from ..conditions import exits_of
from ..phasing import phase_state
from .finding import find_programme


@require_GET
@requires(Permission.PROGRAMME_VIEW)
def exits(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """What must hold before each phase is over, computed now."""
    found = find_programme(programme)
    planned = {phase.kind: phase for phase in selectors.phases(found)}
    day = today(request.organization.timezone)
    rows = []
    for each in exits_of(found):
        phase = planned.get(each.kind)
        late = phase is not None and phase.ends_on < day and not each.over
        rows.append({"exit": each, "phase": phase, "at": phase_state(phase, day) if phase else None, "late": late})
    return render(request, "programmes/exits.html", {"programme_shown": found, "rows": rows})
