"""One row of a statement: read, written, signed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import services
from ..forms import RowForm, SignForm
from ..models import Decision, Row, Statement
from ..reading import Shown, read_rows
from ..services.signing import refusal_to_sign
from .finding import find_row, find_statement, revisions_read


@requires(Permission.APPLICABILITY_VIEW)
def row(request: PageRequest, organization: str, programme: UUID, row: UUID) -> HttpResponse:
    """What the statement says of one control. Whoever may change it gets a form."""
    found = find_statement(request, programme)
    present = find_row(found, row)
    (shown,) = read_rows([present])
    if found.programme.closed_at is not None or not may(request, Permission.APPLICABILITY_CHANGE):
        return _page(request, found, shown)
    form = RowForm(sent(request), row=present, came_back=bool(shown.again), begin_with=_earlier(found, present))
    if request.method == "POST" and form.is_valid():
        try:
            services.write_row(
                actor=request.actor, row=present, revision=form.cleaned_data["revision"],
                again=form.cleaned_data.get("again", False), **form.values,
            )  # fmt: skip
        except services.RowConflict as conflict:
            (now,) = read_rows([find_row(found, row)])
            again_sent = request.POST.copy()
            again_sent["revision"] = str(conflict.present.revision)
            form.data = again_sent
            return _page(request, found, now, form=form, conflict=str(conflict), status=409)
        except ValidationError as error:
            _show(form, error)
        else:
            messages.success(request, f"{shown.ref} is saved.")
            return redirect("applicability:row", organization, programme, row)
    return _page(request, found, shown, form=form)


@require_POST
@requires(Permission.APPLICABILITY_APPROVE)
def sign(request: PageRequest, organization: str, programme: UUID, row: UUID) -> HttpResponse:
    """Sign the residual risk of one row as it stands."""
    found = find_statement(request, programme)
    present = find_row(found, row)
    form = SignForm({"reason": request.POST.get("reason", ""), "rows": [str(row)]}, chosen=[str(row)])
    if form.is_valid():
        try:
            services.sign_rows(
                actor=request.actor, rows=[present], signer=request.membership, reason=form.cleaned_data["reason"],
                seen=revisions_read(request),
            )  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"The residual risk of {present} is signed.")
            return redirect("applicability:row", organization, programme, row)
    (shown,) = read_rows([present])
    return _page(request, found, shown, sign=form)


def _earlier(found: Statement, present: Row) -> dict[str, Any]:
    """What was said when it was left out of the programme by hand, as a beginning."""
    if present.decision != Decision.UNDECIDED or present.scope_reason:
        return {}
    earlier = found.programme.not_relevant.get(present.requirement.ref, "")
    return {"scope_reason": earlier} if earlier else {}


def _show(form: RowForm, error: ValidationError) -> None:
    """A refusal beside the field; one of drivers stands beside the first that was filled in."""
    by_field = dict(error.message_dict) if hasattr(error, "error_dict") else {"": error.messages}
    if "drivers" in by_field:
        by_field[next(iter(form.drivers), "risk")] = by_field.pop("drivers")
    for name, said in by_field.items():
        for message in said:
            form.add_error(name if name in form.fields else None, message)


def _page(
    request: PageRequest, found: Statement, shown: Shown, *, form: RowForm | None = None, sign: SignForm | None = None,
    conflict: str = "", status: int = 0,
) -> HttpResponse:
    assert shown.row is not None
    signing = found.programme.closed_at is None and may(request, Permission.APPLICABILITY_APPROVE)
    if signing and sign is None:
        sign = SignForm(chosen=[])
    wrong = bool((form and form.errors) or (sign and sign.errors))
    context = {
        "programme_shown": found.programme, "shown": shown, "form": form, "sign": sign, "conflict": conflict,
        "refusal": refusal_to_sign(shown.row, request.membership) if signing else "",
    }  # fmt: skip
    return render(request, "applicability/row.html", context, status=status or (422 if wrong else 200))
