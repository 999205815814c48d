"""The page of one request: what is asked, what answers it, what was said, and what its reader may do now."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here

from ..forms.requests import AssignForm, CommentForm, ReasonForm
from ..models import Request
from ..moves import WAITS_FOR_US, may_answer, may_change_evidence, may_manage, moves_for
from ..selectors.requests import external_comments, internal_comments, is_overdue, linked_evidence, offered_artefacts
from .finding import permissions_here


def request_page(request: PageRequest, item: Request, *, status: int = 200, **bound: Any) -> HttpResponse:
    """Render the page. `bound` are forms that were sent and failed, or `conflict`, what could not be done and why."""
    permissions = permissions_here(request)
    own = request.membership.pk
    running = item.audit.issued_at is None
    moves = moves_for(item, permissions, own) if running else set()
    changing = running and may_change_evidence(item, permissions, own)
    wanted = request.GET.get("q", "").strip()[:100]
    context = {
        "item": item, "audit": item.audit, "moves": moves, "today": today(here().timezone), "overdue": is_overdue(item),
        "links": linked_evidence(item), "may_link": changing, "q": wanted, "searched": "q" in request.GET,
        "offered": offered_artefacts(item, wanted) if changing and "q" in request.GET else [],
        "internal": list(internal_comments(item)), "external": list(external_comments(item)),
        "may_answer": may_answer(item, permissions, own), "may_manage": may_manage(permissions),
        "may_change": may_manage(permissions) and running and item.state in WAITS_FOR_US,
        "assign_form": AssignForm(item=item), "internal_form": CommentForm(prefix="internal"),
        "external_form": CommentForm(prefix="external"), "send_back_form": ReasonForm(prefix="send_back"),
        "withdraw_form": ReasonForm(prefix="withdraw"),
    }  # fmt: skip
    return render(request, "audits/request.html", context | bound, status=status)
