"""The statement: its rows, the same change for many of them, and what it still lacks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.programmes.selectors import annex_of
from compliance.web.refusals import show_refusal

from .. import services
from ..forms import ManyRowsForm, RowsFilter, SignForm
from ..models import Statement
from ..narrowing import by_lack, grouped, narrowed, sums_of
from ..reading import present_rows
from ..selectors import versions_of
from .finding import find_statement, revisions_read, ticked


@require_GET
@requires(Permission.APPLICABILITY_VIEW)
def statement(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Every row of the annex, by theme, narrowed by what the address says."""
    return render(request, "applicability/statement.html", page_of(request, find_statement(request, programme)))


@require_POST
@requires(Permission.APPLICABILITY_CHANGE)
def begin(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Begin the statement, or take in the controls that its annex has gained since: each a row, undecided."""
    found = find_statement(request, programme)
    messages.success(request, "Every control of the annex has its row. Decide on each.")
    return _back(request, found)


@require_POST
@requires(Permission.APPLICABILITY_CHANGE)
def change_many(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """The same change for every row that was ticked. Refused, the page comes back as it was sent."""
    found = find_statement(request, programme)
    rows = ticked(request, found)
    form = ManyRowsForm(request.POST, chosen=list(rows))
    if form.is_valid():
        try:
            changed = services.write_rows(
                actor=request.actor, rows=[rows[each] for each in form.cleaned_data["rows"]], drivers=form.drivers,
                again=form.cleaned_data["again"], **form.changes,
            )  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{_rows(len(changed))} changed.")
            return _back(request, found)
    context = page_of(request, found, form=form) | {"ticked": set(rows)}
    return render(request, "applicability/statement.html", context, status=422)


@require_POST
@requires(Permission.APPLICABILITY_CHANGE)
def include_proposed(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Confirm every proposal at once."""
    found = find_statement(request, programme)
    try:
        changed = services.include_proposed(actor=request.actor, statement=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{_rows(len(changed))} included, because a control is mapped. Say what drives each.")
    return _back(request, found)


@require_POST
@requires(Permission.APPLICABILITY_APPROVE)
def sign_many(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Sign the residual risk of every row that was ticked."""
    found = find_statement(request, programme)
    rows = ticked(request, found)
    form = SignForm(request.POST, chosen=list(rows))
    if form.is_valid():
        chosen = [rows[each] for each in form.cleaned_data["rows"]]
        try:
            services.sign_rows(
                actor=request.actor, rows=chosen, signer=request.membership, reason=form.cleaned_data["reason"],
                seen=revisions_read(request),
            )  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"The residual risk of {len(chosen)} {'row is' if len(chosen) == 1 else 'rows is'} signed.")
            return _back(request, found)
    context = page_of(request, found, sign=form) | {"ticked": set(rows)}
    return render(request, "applicability/statement.html", context, status=422)


@require_GET
@requires(Permission.APPLICABILITY_VIEW)
def lacks(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """What the statement still lacks, kind by kind. Worked out from what it says; nobody ticks it off."""
    found = find_statement(request, programme)
    rows = present_rows(found)
    context = {"programme_shown": found.programme, "statement": found, "kinds": by_lack(rows), "sums": sums_of(rows)}
    return render(request, "applicability/lacks.html", context)


def page_of(
    request: PageRequest, found: Statement, *, form: ManyRowsForm | None = None, sign: SignForm | None = None
) -> dict[str, Any]:
    """Everything that `applicability/statement.html` needs."""
    rows = present_rows(found)
    chosen = RowsFilter(request.GET, themes=dict.fromkeys(shown.group for shown in rows))
    fitting = narrowed(rows, chosen.asked)
    going = found.programme.closed_at is None
    if form is None and going and may(request, Permission.APPLICABILITY_CHANGE):
        form = ManyRowsForm(chosen=[])
    if sign is None and going and may(request, Permission.APPLICABILITY_APPROVE):
        sign = SignForm(chosen=[])
    versions = list(versions_of(found))
    return {
        "programme_shown": found.programme, "statement": found, "filter": chosen, "groups": grouped(fitting),
        "number": len(fitting), "sums": sums_of(rows), "form": form, "sign": sign,
        "approved": next((each for each in versions if hasattr(each, "approval")), None),
        "newest": versions[0] if versions else None, "without_row": annex_of(found.programme).count() - len(rows) if going else 0,
    }  # fmt: skip


def _rows(number: int) -> str:
    return "One row was" if number == 1 else f"{number} rows were"


def _back(request: PageRequest, found: Statement) -> HttpResponse:
    answer = redirect("applicability:statement", request.organization.slug, found.programme_id)
    if request.GET:
        answer["Location"] += f"?{request.GET.urlencode()}"
    return answer
