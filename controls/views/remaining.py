"""What remains to be said of the controls that are there: owners, start dates, requirements that no control meets."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.programmes.selectors import open_programmes
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal

from ..forms_of_reach import AssignForm, RemainingFilter
from ..models import Control
from ..selectors import controls_remaining, requirements_without_control
from ..services.assign import assign_controls

#: A whole starter set on one page, so that it can be given out in one press.
_SIZE = 100
_ORDERS = {"ref": ("ref",), "role": ("owner_role", "ref"), "area": ("area", "ref")}
#: As many requirements without a control as are named one by one.
_NAMED = 40


@require_GET
@requires(Permission.CONTROL_VIEW)
def remaining(request: PageRequest, organization: str) -> HttpResponse:
    """Controls without an owner or a start date, to be ticked and given to somebody at once."""
    return render(request, "controls/remaining.html", _page(request, AssignForm(None, ticked=[])))


@require_POST
@requires(Permission.CONTROL_CHANGE)
def assign(request: PageRequest, organization: str) -> HttpResponse:
    """Set what was chosen on every control that was ticked, or on all that the filters leave."""
    ticked = _ticked(request, _filter(request))
    form = AssignForm(request.POST, ticked=[str(each) for each in ticked])
    if form.is_valid():
        try:
            changed = assign_controls(actor=request.actor, controls=ticked, **form.new)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{'One control was' if len(changed) == 1 else f'{len(changed)} controls were'} changed.")
            back = reverse("controls:remaining", args=[organization])
            return redirect(f"{back}?{request.GET.urlencode()}" if request.GET else back)
    return render(request, "controls/remaining.html", _page(request, form), status=422)


def _ticked(request: PageRequest, narrowed: RemainingFilter) -> list[UUID]:
    """The ids that were ticked, or of everything that the filters leave; what is no id is passed over."""
    if request.POST.get("all"):
        return list(controls_remaining(**narrowed.asked).values_list("pk", flat=True))
    found = []
    for each in request.POST.getlist("controls"):
        with suppress(ValueError):
            found.append(UUID(each))
    return found


def _filter(request: PageRequest) -> RemainingFilter:
    rows = Control.objects.order_by().values_list("owner_role", "area").distinct()
    roles, areas = zip(*rows, strict=True) if rows else ((), ())
    return RemainingFilter(request.GET, roles=sorted({*roles} - {""}), areas=sorted({*areas} - {""}))


def _page(request: PageRequest, form: AssignForm) -> dict[str, Any]:
    narrowed = _filter(request)
    sort = request.GET.get("sort", "")
    found = controls_remaining(**narrowed.asked)
    page = keyset_page(found, order=_ORDERS.get(sort, _ORDERS["role"]), cursor=request.GET.get("cursor", ""), size=_SIZE)
    return {
        "filter": narrowed, "page": page, "form": form if may(request, Permission.CONTROL_CHANGE) else None,
        "ticked": set(form.ticked), "number": found.count(), "unowned": controls_remaining("owner").count(),
        "undated": controls_remaining("start").count(), "any": Control.objects.exists(), "open": _open(),
    }  # fmt: skip


def _open() -> list[dict[str, Any]]:
    """The requirements of each programme under way that nothing meets yet."""
    found = []
    for programme in open_programmes()[:3]:
        rows = list(requirements_without_control(programme).only("ref", "title", "framework_id"))
        found.append({"programme": programme, "rows": rows[:_NAMED], "number": len(rows), "more": max(len(rows) - _NAMED, 0)})
    return found
