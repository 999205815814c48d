"""Requests of the room: the list, one of them, asking, judging, sending the link again, withdrawing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent
from evidence.services.authority import may_provide

from .. import selectors
from ..forms import AskFilter, AskForm, JudgeForm, WithdrawForm
from ..models import Ask, AskState
from ..services.answer import accept, is_giver, send_back
from ..services.ask import ask_for, send_again, withdraw_ask
from .finding import find_ask


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def asks(request: PageRequest, organization: str) -> HttpResponse:
    """Every request, the newest first."""
    form = AskFilter(request.GET)
    found = selectors.asks_matching(form.asked, request.membership)
    counts = selectors.counts_by_state()
    context = {
        "filter": form, "any": bool(form.asked), "page": keyset_page(found, order=("-id",), cursor=request.GET.get("cursor", "")),
        "counts": [(state, AskState(state).label, number) for state, number in counts.items()], "total": sum(counts.values()),
        "today": today(request.organization.timezone),
    }  # fmt: skip
    return render(request, "evidence_requests/list.html", context)


@requires(Permission.EVIDENCE_PROVIDE, Permission.EVIDENCE_PROVIDE_OWN)
def new(request: PageRequest, organization: str) -> HttpResponse:
    """Ask somebody."""
    form = AskForm(sent(request), initial={"requirement": request.GET.get("requirement")})
    if request.method == "POST" and form.is_valid():
        try:
            made = ask_for(actor=request.actor, asker=request.membership, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        except PermissionDenied as error:
            form.add_error("requirement", str(error))
        else:
            messages.success(request, f"{made.name} is asked. {_told(made)}")
            return redirect("evidence_requests:ask", organization, made.pk)
    return render(request, "evidence_requests/new.html", {"form": form}, status=422 if form.errors else 200)


def _told(ask: Ask) -> str:
    return f"The link went to {ask.email}." if ask.email else "They find it in My work and in the next digest."


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def ask(request: PageRequest, organization: str, ask: UUID) -> HttpResponse:
    """One request: what is asked, what happened, and the form for who may judge what was handed in."""
    return _page(request, find_ask(ask))


def _page(request: PageRequest, found: Ask, *, form: JudgeForm | None = None, status: int = 200) -> HttpResponse:
    judges = may(request, Permission.EVIDENCE_REVIEW) and found.state == AskState.HANDED_IN
    context: dict[str, Any] = {
        "ask": found, "events": list(found.events.select_related("version__artefact")), "today": today(request.organization.timezone),
        "waiting": selectors.is_waiting(found), "mine": found.member_id == request.membership.pk, "form": form or JudgeForm(),
        "judges": judges and not is_giver(request.membership, found), "own": judges and is_giver(request.membership, found),
        "manages": may_provide(request.membership, found.requirement), "retired": selectors.is_retired(found),
        "until": selectors.opens_until(found) if found.email else None,
    }  # fmt: skip
    return render(request, "evidence_requests/ask.html", context, status=status)


@require_POST
@requires(Permission.EVIDENCE_REVIEW)
def judge(request: PageRequest, organization: str, ask: UUID) -> HttpResponse:
    """Accept what was handed in, or return it."""
    found, form = find_ask(ask), JudgeForm(request.POST)
    if is_giver(request.membership, found):
        raise PermissionDenied("Evidence is never approved by the one who provided it.")
    if form.is_valid():
        service = accept if form.cleaned_data["verdict"] == "accept" else send_back
        try:
            service(actor=request.actor, reviewer=request.membership, ask=found, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "It is accepted." if service is accept else "It is returned, and may be handed in anew.")
            return redirect("evidence_requests:ask", organization, found.pk)
    return _page(request, found, form=form, status=422)


def _need_right(request: PageRequest, found: Ask) -> None:
    if not may_provide(request.membership, found.requirement):
        raise PermissionDenied("Whoever owns the requirement or its control manages its requests, or the compliance manager.")


@require_POST
@requires(Permission.EVIDENCE_PROVIDE, Permission.EVIDENCE_PROVIDE_OWN)
def send(request: PageRequest, organization: str, ask: UUID) -> HttpResponse:
    """Mail a new link; those before no longer open."""
    found = find_ask(ask)
    _need_right(request, found)
    try:
        send_again(actor=request.actor, ask=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"A new link went to {found.email}. The ones before no longer open.")
    return redirect("evidence_requests:ask", organization, found.pk)


@requires(Permission.EVIDENCE_PROVIDE, Permission.EVIDENCE_PROVIDE_OWN)
def withdraw(request: PageRequest, organization: str, ask: UUID) -> HttpResponse:
    """Ask no more."""
    found = find_ask(ask)
    _need_right(request, found)
    form: forms.Form = WithdrawForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_ask(actor=request.actor, ask=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "It is withdrawn, and its links no longer open.")
            return redirect("evidence_requests:ask", organization, found.pk)
    return render(request, "evidence_requests/withdraw.html", {"ask": found, "form": form}, status=422 if form.errors else 200)
