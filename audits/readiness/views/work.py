"""What waits for whoever asks."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.desk.registry import items_for
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today

from ..waiting import keep_number
from ..wording import waiting_line

SIZE = 50


@requires(Permission.WORK_VIEW)
def work(request: PageRequest, organization: str) -> HttpResponse:
    """Everything that waits for this member, the most harmful first."""
    items = items_for(request.membership)
    keep_number(request.membership, len(items))
    day = today(request.organization.timezone)
    page = Paginator(items, SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page, "lines": [waiting_line(item, day) for item in page], "number": len(items),
        "overdue": sum(item.due is not None and item.due < day for item in items),
    }  # fmt: skip
    return render(request, "readiness/work.html", context)
