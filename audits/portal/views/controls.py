"""The controls as stated, by criterion, and one control with how it can be tested."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse

from ...models import PortalAct
from ...services.openings import record_opening
from ..guards import SeatedRequest, seated
from ..matrix import control_for, matrix_for, requests_about, requirements_met_by, series_for
from ..outcomes import outcomes_page
from ..page import portal_page


@seated
def controls(request: SeatedRequest, organization: str, audit: UUID) -> HttpResponse:
    """The matrix, one series of criteria at a time."""
    series = series_for(request.seat)
    chosen = request.GET.get("series", "")
    chosen = chosen if chosen in series else next(iter(series), "")
    rows = matrix_for(request.seat, chosen)
    return portal_page(request, "portal/controls.html", {"series": series, "chosen": chosen, "rows": rows})


@seated
def control(request: SeatedRequest, organization: str, audit: UUID, pk: UUID) -> HttpResponse:
    """One control with what its checks found within the period. Opening it is recorded."""
    found = control_for(request.seat, pk)
    if found is None:
        raise Http404
    record_opening(
        actor=request.actor, seat=request.seat, act=PortalAct.OPENED, item_type="control", item_id=found.pk,
        label=str(found),
    )  # fmt: skip
    return portal_page(request, "portal/control.html", {
        "control": found, "criteria": requirements_met_by(request.seat, found),
        "requests": list(requests_about(request.seat, found)),
        "outcomes": outcomes_page(request.seat, found, cursor=request.GET.get("cursor", "")),
    })  # fmt: skip
