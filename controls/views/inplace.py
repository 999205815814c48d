"""A control edited in its row of the matrix: the address keeps the filters, so the person stays where they were."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.queries import changed
from compliance.web.refusals import show_refusal

from ..models import Control
from ..row_forms import RowForm
from ..services.change import ChangedMeanwhileError, change_control
from .control import find
from .matrix import matrix_page


@require_POST
@requires(Permission.CONTROL_CHANGE)
def edit(request: PageRequest, organization: str, control: UUID) -> HttpResponse:
    """Change what stands in the row. Refused, the row comes back as it was sent, with what is wrong beside the field."""
    found = find(control)
    _keep_open(request, found)
    form = RowForm(request.POST, found)
    if not form.is_valid():
        return matrix_page(request, row=(found, form), status=422)
    try:
        change_control(actor=request.actor, control=found, seen=form.cleaned_data["seen"], **form.stated)
    except ChangedMeanwhileError as conflict:
        form.hold_against(find(control))
        return matrix_page(request, row=(found, form), note=" ".join(conflict.messages), status=409)
    except ValidationError as error:
        show_refusal(form, error)
        return matrix_page(request, row=(found, form), status=422)
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, f"{found.ref} was changed.")
    left = changed(request.GET, {"edit": None, "under": None, "mode": "edit", "page": request.GET.get("page")})
    return redirect(f"{reverse('controls:matrix', args=[organization])}{left}")


def _keep_open(request: PageRequest, control: Control) -> None:
    """The page that answers is the matrix with this row open, whatever the address says of it."""
    asked = request.GET.copy()
    asked["edit"], asked["mode"] = control.ref, "edit"
    request.GET = asked  # type: ignore[assignment]
