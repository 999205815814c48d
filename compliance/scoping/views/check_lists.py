"""The check list of a system that entered scope within a period."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.registers.scope_days import scope_span
from compliance.web.addresses import address_of
from compliance.web.refusals import show_refusal

from .. import selectors, services
from ..forms import ReasonForm, StartForm
from ..models import CheckList, PointKind
from ..points import Point, points_of
from ..services.answering import ANSWERABLE


@requires(Permission.SCOPE_VIEW)
def check_list(request: PageRequest, organization: str, check_list: UUID) -> HttpResponse:
    """Its points, each with the fact or the word that settles it, and its shorter population."""
    return _show(request, _found(check_list), {})


@require_POST
@requires(Permission.SCOPE_CHANGE, Permission.SCOPE_ANSWER_OWN)
def answer(request: PageRequest, organization: str, check_list: UUID, point: str) -> HttpResponse:
    """Say what no fact tells: whoever changes the register may, and the one who owns the system."""
    if point not in ANSWERABLE:
        raise Http404
    found = _found(check_list)
    if not _may_answer(request, found):
        raise PermissionDenied
    form = _form(point, request)
    if form.is_valid():
        try:
            services.answer_point(actor=request.actor, check_list=found, point=point, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "It was recorded, with your name and today’s date.")
            return redirect("scoping:check_list", organization, found.pk)
    return _show(request, found, {point: form}, status=422)


def _found(identifier: UUID) -> CheckList:
    return get_object_or_404(selectors.check_lists(), pk=identifier)


def _may_answer(request: PageRequest, found: CheckList) -> bool:
    return may(request, Permission.SCOPE_CHANGE) or found.system.owner_id == request.membership.pk


def _form(point: str, request: PageRequest | None = None) -> Form:
    sent = request.POST if request is not None else None
    kind = StartForm if point == PointKind.START else ReasonForm
    return kind(sent, prefix=None, auto_id=f"id_{point}_%s")


def _show(request: PageRequest, found: CheckList, sent: dict[str, Form], *, status: int = 200) -> HttpResponse:
    open_ = found.closed_at is None and found.programme.closed_at is None
    writes = open_ and _may_answer(request, found)
    rows = [_row(request, point, sent, writes) for point in points_of([found])[found.pk]]
    start, end = found.programme.period_start, found.programme.period_end
    spans = scope_span(found.system, start, end) if start and end else []
    context: dict[str, Any] = {
        "listed": found, "rows": rows, "answers": found.answers.order_by("-id"), "is_open": open_, "spans": spans,
        "days": sum(span.days for span in spans), "of": (end - start).days + 1 if start and end else 0,
        "holding": sum(row["point"].holds is True for row in rows),
    }  # fmt: skip
    return render(request, "scoping/check_list.html", context, status=status)


def _row(request: PageRequest, point: Point, sent: dict[str, Form], writes: bool) -> dict[str, Any]:
    name, of = point.place
    form = sent.get(point.kind) or (_form(point.kind) if writes and point.asks and not point.by_fact else None)
    return {"point": point, "form": form, "url": address_of(name, request.organization.slug, of) if name else ""}
