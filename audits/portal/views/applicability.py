"""The statement of applicability as it was approved: never a draft."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from controls.applicability.narrowing import grouped, sums_of
from controls.applicability.reading import climate_of, rows_kept
from controls.applicability.selectors import approved_version

from ...models import PortalAct
from ...services.openings import record_opening
from ..guards import SeatedRequest, seated
from ..page import portal_page


@require_GET
@seated
def applicability(request: SeatedRequest, organization: str, audit: UUID) -> HttpResponse:
    """The newest approved version of the programme under audit. Opening it is recorded."""
    programme = request.seat.audit.programme
    version = approved_version(programme) if programme.has_annex else None
    if version is None:
        return portal_page(request, "portal/applicability.html", {"version": None})
    record_opening(
        actor=request.actor, seat=request.seat, act=PortalAct.OPENED, item_type="statement", item_id=version.pk,
        label=f"{version.statement}, version {version.number}",
    )  # fmt: skip
    rows = rows_kept(version)
    return portal_page(request, "portal/applicability.html", {
        "version": version, "approval": version.approval, "groups": grouped(rows), "sums": sums_of(rows),
        "climate": climate_of(version),
    })  # fmt: skip
