"""What will be stale before the period ends, by owner."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today

from . import selectors
from .ahead import ahead_of, by_owner
from .views import chosen


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def ahead(request: PageRequest, organization: str) -> HttpResponse:
    """By owner: what goes stale, on which days, and what to do about it. What a connection renews stands apart."""
    known = selectors.programmes_counted()
    if not known:
        return render(request, "coverage/none.html", {})
    programme, period = chosen(request, known)
    found = ahead_of(programme, period.last)
    waiting = [each for each in found if not each.by_itself]
    context = {
        "programme_shown": programme, "known": known, "period": period, "today": today(request.organization.timezone),
        "owners": by_owner(waiting), "number": len(waiting), "renewed": len(found) - len(waiting),
        "without": sum(each.owner is None for each in waiting),
    }  # fmt: skip
    return render(request, "coverage/ahead.html", context)
