"""Exceptions of checks: the list, asking for one, and one with what was decided on it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent
from evidence.checks import catalogue
from evidence.collectors.models import Connection

from .. import selectors_of_exceptions as selectors
from ..forms.exceptions import AnswerForm, AskForm, ExceptionFilter, RevokeForm
from ..models import CheckException
from ..services import exempt


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def exceptions(request: PageRequest, organization: str) -> HttpResponse:
    """Every exception, the latest first, with the sums of its states."""
    connections = list(Connection.objects.order_by("name").values_list("slug", "name"))
    form = ExceptionFilter(request.GET, connections=connections)
    page = keyset_page(
        selectors.exceptions_matching(**form.asked), order=("-id",), cursor=request.GET.get("cursor", "")
    )
    titles = {check.id: check.title for check in catalogue.all_checks()}
    context = {
        "filter": form, "page": page, "asked": form.asked, "counts": list(selectors.counts_by_state().items()),
        "rows": [(each, titles.get(each.check_id, each.check_id)) for each in page],
    }  # fmt: skip
    return render(request, "judging/exceptions.html", context)


@requires(Permission.EXCEPTION_ASK)
def ask(request: PageRequest, organization: str) -> HttpResponse:
    """Ask for one. The address may name the check, the connection and the resource."""
    initial = {name: request.GET.get(name, "")[:400] for name in ("check_id", "resource")}
    slug = request.GET.get("connection", "")
    connection = Connection.objects.filter(slug=slug, retired_at__isnull=True).only("pk", "organization_id").first() if slug else None
    form = AskForm(sent(request), initial=initial | {"connection": connection.pk if connection else None})
    if request.method == "POST" and form.is_valid():
        try:
            asked = exempt.ask_exception(actor=request.actor, member=request.membership, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{asked.ref} waits for the answer of another person.")
            return redirect("checks:exception", organization, asked.pk)
    return render(request, "judging/exception_form.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def exception(request: PageRequest, organization: str, exception: UUID) -> HttpResponse:
    """One exception."""
    return _page(request, _find(exception))


@require_POST
@requires(Permission.EXCEPTION_APPROVE)
def answer(request: PageRequest, organization: str, exception: UUID) -> HttpResponse:
    """Approve or refuse it."""
    found, form = _find(exception), AnswerForm(request.POST)
    if form.is_valid():
        service = exempt.approve_exception if form.cleaned_data["verdict"] == "approve" else exempt.refuse_exception
        try:
            service(actor=request.actor, member=request.membership, exception=found, note=form.cleaned_data["note"])
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{found.ref} is answered. The check is judged again now.")
            return redirect("checks:exception", organization, found.pk)
    return _page(request, found, answer_form=form, status=422)


@require_POST
@requires(Permission.EXCEPTION_ASK, Permission.EXCEPTION_APPROVE)
def revoke(request: PageRequest, organization: str, exception: UUID) -> HttpResponse:
    """End it from now on."""
    found, form = _find(exception), RevokeForm(request.POST)
    if form.is_valid():
        try:
            exempt.revoke_exception(
                actor=request.actor, member=request.membership, exception=found, note=form.cleaned_data["note"]
            )
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{found.ref} is revoked. What fails counts as failing again.")
            return redirect("checks:exception", organization, found.pk)
    return _page(request, found, revoke_form=form, status=422)


def _find(pk: UUID) -> CheckException:
    return get_object_or_404(selectors.exceptions().select_related("asked_by"), pk=pk)


def _page(
    request: PageRequest, found: CheckException, *, answer_form: AnswerForm | None = None,
    revoke_form: RevokeForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    state = found.state  # type: ignore[attr-defined]
    refusal = exempt.refusal_to_answer(found, request.membership)
    mine = found.asked_by_id == request.membership.pk or may(request, Permission.EXCEPTION_APPROVE)
    context = {
        "exception": found, "check": catalogue.get(found.check_id), "refusal": refusal,
        "answers": state == selectors.ASKED and may(request, Permission.EXCEPTION_APPROVE),
        "answer_form": answer_form or AnswerForm(), "revoke_form": revoke_form or RevokeForm(),
        "may_revoke": mine and state in {selectors.ASKED, selectors.IN_FORCE, selectors.TO_COME},
        "decisions": list(found.decisions.all()),
    }  # fmt: skip
    return render(request, "judging/exception.html", context, status=status)
