"""The page of a gap: what happened, why it ranks where it does, what it stands on, and what closes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.trail.wording import changes_of, deed
from compliance.web.keyset import keyset_page
from evidence.judging.models import CheckException
from evidence.judging.selectors_of_exceptions import of_checks

from .. import selectors
from ..forms import AssignForm, DueForm, OverrideForm
from ..models import Gap, GapState
from ..services.change import may_work_on
from ..standing_on import ground_of
from ..wanted import CHECK_FAILS

_HISTORY = 20


@requires(Permission.GAP_VIEW)
def detail(request: PageRequest, organization: str, gap: UUID) -> HttpResponse:
    """One gap."""
    return gap_page(request, find(gap))


def find(pk: UUID) -> Gap:
    """A gap of this room with all that its page says of it, or 404."""
    return get_object_or_404(selectors.gaps().select_related("requirement"), pk=pk)


def gap_page(request: PageRequest, gap: Gap, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page, with a form that was refused in the place of a fresh one."""
    gone = request.GET.get("resources") == "gone"
    day = today(request.organization.timezone)
    standing = gap.state != GapState.CLOSED
    context: dict[str, Any] = {
        "gap": gap, "ground": ground_of(gap), "controls": selectors.controls_of(gap), "gone": gone, "standing": standing,
        "page": keyset_page(
            selectors.occurrences_of(gap, gone=gone), order=("resource", "id"), cursor=request.GET.get("cursor", "")
        ),
        "exceptions": _exceptions(gap), "open_count": selectors.open_count(), "around": selectors.neighbours(gap), "history": _history(gap),
        "days_left": (gap.due_date - day).days if gap.due_date and standing else None,
        "may_manage": standing and may(request, Permission.GAP_CHANGE),
        "may_work": standing and may_work_on(request.membership, gap),
        "assign_form": AssignForm(initial={"owner": gap.owner_id}), "due_form": DueForm(initial={"due_date": gap.due_date}),
        "override_form": OverrideForm(initial={"severity": gap.severity_override, "reason": gap.override_reason}),
    }  # fmt: skip
    return render(request, "gaps/detail.html", context | more, status=status)


def _exceptions(gap: Gap) -> list[CheckException]:
    """The exceptions in force that cover something of it."""
    if gap.rule != CHECK_FAILS or gap.connection_id is None:
        return []
    return of_checks([(gap.connection_id, gap.subject)])


def _history(gap: Gap) -> list[dict[str, Any]]:
    rows = selectors.history(gap)[:_HISTORY]
    return [{"entry": row, "deed": deed(row.action), "changes": changes_of(row), "glyph": _glyph(row.action)} for row in rows]


def _glyph(action: str) -> str:
    """The tick mark of a deed, by its last word."""
    marks = {"opened": "fail", "reopened": "returned", "accepted": "na", "closed": "pass", "started": "run", "due_date_set": "due"}
    return marks.get(action.rsplit(".", 1)[-1], "tocome")
