"""Evidence packs in the portal: those that were shared with this audit, to download."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from compliance.web.keyset import keyset_page
from evidence.packs.handing_out import attachment_of

from ...models import PortalAct
from ...selectors.packs import shared_with
from ...services.openings import record_opening
from ..guards import SeatedRequest, seated
from ..page import portal_page


@require_GET
@seated
def packs(request: SeatedRequest, organization: str, audit: UUID) -> HttpResponse:
    """Every pack that was shared with this audit, the newest first."""
    page = keyset_page(shared_with(request.seat.audit), order=["-id"], cursor=request.GET.get("cursor", ""))
    return portal_page(request, "portal/packs.html", {"page": page})


@require_GET
@seated
def download(request: SeatedRequest, organization: str, audit: UUID, pk: UUID) -> FileResponse:
    """The zip, as an attachment. Downloading is recorded where the organisation reads it only after the issue."""
    shared = get_object_or_404(shared_with(request.seat.audit), pk=pk)
    try:
        answer = attachment_of(shared.pack)
    except FileNotFoundError as error:
        raise Http404("The file of this pack is not in the store.") from error
    record_opening(
        actor=request.actor, seat=request.seat, act=PortalAct.DOWNLOADED, item_type="pack", item_id=shared.pack_id,
        label=f"{shared.pack.title}, {shared.pack.filename}",
    )  # fmt: skip
    return answer
