"""Access reviews in the portal: what was decided on each account, by whom, and what became of it; read-only."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from compliance.web.keyset import keyset_page
from evidence.accessreviews.models import Campaign, Verdict
from evidence.accessreviews.selectors import ORDER
from evidence.models import Version

from ...models import PortalAct
from ...services.openings import record_opening
from ..access_reviews import access_reviews_for, accounts_for, lists_for, removals_for
from ..attachments import version_attached
from ..guards import SeatedRequest, seated
from ..page import portal_page

#: Removals on the page of a review; every one of them stands beside its account too.
_REMOVALS = 200


@require_GET
@seated
def access_reviews(request: SeatedRequest, organization: str, audit: UUID) -> HttpResponse:
    """Every review of the audit that is over, the last due first."""
    found = access_reviews_for(request.seat)
    page = keyset_page(found, order=["-due_on", "-id"], cursor=request.GET.get("cursor", ""))
    return portal_page(request, "portal/access_reviews.html", {"page": page})


@require_GET
@seated
def access_review(request: SeatedRequest, organization: str, audit: UUID, pk: UUID) -> HttpResponse:
    """One review: its lists, its accounts a page at a time, and what had to go. Opening it is recorded."""
    campaign = _find(request, pk)
    _record(request, campaign, PortalAct.OPENED)
    lists, wanted = lists_for(campaign), request.GET.get("list", "")
    chosen = next((each for each in lists if each.text_id == wanted), None)
    decided = request.GET.get("decided", "")
    decided = decided if decided in Verdict.values else ""
    removals = list(removals_for(campaign)[: _REMOVALS + 1])
    return portal_page(request, "portal/access_review.html", {
        "campaign": campaign, "lists": lists, "chosen": chosen, "unchanged": [each for each in lists if each.answer],
        "removals": removals[:_REMOVALS], "more_removals": len(removals) > _REMOVALS,
        "asked": sum(each.asked for each in lists), "gone": sum(each.gone for each in lists),  # type: ignore[attr-defined]
        "decided": decided, "decided_label": Verdict(decided).label if decided else "",
        "page": keyset_page(accounts_for(campaign, chosen, decided), order=list(ORDER), cursor=request.GET.get("cursor", "")),
    })  # fmt: skip


@require_GET
@seated
def book(request: SeatedRequest, organization: str, audit: UUID, pk: UUID) -> FileResponse:
    """The result as a workbook. Downloading is recorded."""
    campaign = _find(request, pk)
    return _attached(request, campaign, campaign.book)


@require_GET
@seated
def record(request: SeatedRequest, organization: str, audit: UUID, pk: UUID) -> FileResponse:
    """The result as canonical JSON, which its digest is of. Downloading is recorded."""
    campaign = _find(request, pk)
    return _attached(request, campaign, campaign.record)


def _attached(request: SeatedRequest, campaign: Campaign, version: Version | None) -> FileResponse:
    if version is None:
        raise Http404("This review has no result.")
    answer = version_attached(version)
    _record(request, campaign, PortalAct.DOWNLOADED)
    return answer


def _find(request: SeatedRequest, pk: UUID) -> Campaign:
    return get_object_or_404(access_reviews_for(request.seat), pk=pk)


def _record(request: SeatedRequest, campaign: Campaign, act: PortalAct) -> None:
    record_opening(
        actor=request.actor, seat=request.seat, act=act, item_type="access_review", item_id=campaign.pk, label=str(campaign)
    )
