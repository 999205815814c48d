"""The failures of one connection at once: what stands in the way of retiring it, and its exceptions in one form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal
from evidence.collectors.models import Connection
from evidence.judging.forms.exceptions import AnswerForm
from evidence.judging.services.exempt import refusal_to_answer

from ..forms_of_sources import SourceExceptionForm
from ..retiring import unsettled
from ..services.except_source import approve_for_source, ask_for_source, refuse_for_source


@require_GET
@requires(Permission.GAP_VIEW)
def source(request: PageRequest, organization: str, connection: UUID) -> HttpResponse:
    """What a connection shows that was neither put right nor excepted."""
    return _page(request, _find(connection))


@require_POST
@requires(Permission.EXCEPTION_ASK)
def ask(request: PageRequest, organization: str, connection: UUID) -> HttpResponse:
    """Ask for an exception of each of them."""
    found, form = _find(connection), SourceExceptionForm(request.POST)
    if form.is_valid():
        try:
            asked = ask_for_source(actor=request.actor, member=request.membership, connection=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            noun = "exception waits" if len(asked) == 1 else "exceptions wait"
            messages.success(request, f"{len(asked)} {noun} for the answer of another person, on this page.")
            return redirect("gaps:source", organization, found.pk)
    return _page(request, found, ask_form=form, status=422)


@require_POST
@requires(Permission.EXCEPTION_APPROVE)
def answer(request: PageRequest, organization: str, connection: UUID) -> HttpResponse:
    """Approve or refuse all that wait, where they are those that the page showed."""
    found, form, shown = _find(connection), AnswerForm(request.POST), request.POST.getlist("shown")
    if form.is_valid():
        service = approve_for_source if form.cleaned_data["verdict"] == "approve" else refuse_for_source
        note = form.cleaned_data["note"]
        try:
            made = service(actor=request.actor, member=request.membership, connection=found, note=note, shown=shown)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{len(made)} answered. The checks are judged again now.")
            return redirect("gaps:source", organization, found.pk)
    return _page(request, found, answer_form=form, status=422)


def _find(pk: UUID) -> Connection:
    return get_object_or_404(Connection.objects.defer("secret"), pk=pk)


def _page(request: PageRequest, connection: Connection, *, status: int = 200, **forms: Any) -> HttpResponse:
    rows = unsettled(connection)
    waiting = [each.waiting for each in rows if each.waiting is not None]
    refusals = dict.fromkeys(filter(None, (refusal_to_answer(each, request.membership) for each in waiting)))
    context: dict[str, Any] = {
        "connection": connection, "rows": rows, "waiting": waiting, "refusals": list(refusals),
        "asks": any(each.can_be_asked for each in rows) and may(request, Permission.EXCEPTION_ASK),
        "answers": bool(waiting) and may(request, Permission.EXCEPTION_APPROVE),
        "ask_form": SourceExceptionForm(), "answer_form": AnswerForm(),
    }  # fmt: skip
    return render(request, "gaps/source.html", context | forms, status=status)
