"""Handing in what one was asked for, as a member: any member, whatever their role."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.refusals import show_refusal
from compliance.web.sent import is_longer_than, sent_with_files
from evidence.forms import too_large

from ..forms import AnswerForm
from ..models import Ask
from ..selectors import is_retired, is_waiting
from ..services.answer import hand_in
from .finding import find_ask


@csrf_exempt  # the token lies in the body, which is only read once its length is known to be acceptable: below
@requires(Permission.EVIDENCE_ANSWER_OWN)
def answer(request: PageRequest, organization: str, ask: UUID) -> HttpResponse:
    """What is asked, and the form for it."""
    found = find_ask(ask)
    if found.member_id != request.membership.pk:
        if request.method == "POST" or not may(request, Permission.EVIDENCE_VIEW):
            raise PermissionDenied("Another was asked for this.")
        return redirect("evidence_requests:ask", organization, found.pk)
    if is_longer_than(request, settings.UPLOAD_MAX_BYTES):
        return _page(request, found, AnswerForm(today=today(request.organization.timezone)), 422, too_large())
    return _take_in(request, found)


@csrf_protect
def _take_in(request: PageRequest, found: Ask) -> HttpResponse:
    form = AnswerForm(*sent_with_files(request), today=today(request.organization.timezone))
    if request.method == "POST" and form.is_valid():
        file, asked = form.cleaned_data["file"], form.cleaned_data
        try:
            hand_in(
                ask=found, actor=request.actor, member=request.membership, content=file.chunks(), filename=file.name,
                media_type=form.kind.type, first=asked["first"], last=asked["last"], note=asked["note"],
            )  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "It was received. Another person looks at it.")
            return redirect("evidence_requests:answer", request.organization.slug, found.pk)
    return _page(request, found, form, 422 if form.errors else 200)


def _page(request: PageRequest, found: Ask, form: AnswerForm, status: int, refused: str = "") -> HttpResponse:
    context = {
        "ask": found, "form": form, "refused": refused, "waiting": is_waiting(found), "retired": is_retired(found),
        "today": today(request.organization.timezone),
        "megabytes": settings.UPLOAD_MAX_BYTES // (1024 * 1024),
    }  # fmt: skip
    return render(request, "evidence_requests/answer.html", context, status=status)
