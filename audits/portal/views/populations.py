"""Populations in the portal: confirmed lists with their provenance and their rows, read-only."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET

from compliance.web.keyset import keyset_page
from evidence.populations.models import PopulationVersion
from evidence.populations.selectors import PAGE, rows_of
from evidence.populations.showing import columns_of, number_in, shown
from evidence.populations.standing import Standing
from evidence.populations.writing import as_file

from ...models import PortalAct
from ...services.openings import record_opening
from ..guards import SeatedRequest, seated
from ..page import portal_page
from ..populations import population_for, populations_for

#: Of what was left out, a page.
_OUT = 20


@require_GET
@seated
def populations(request: SeatedRequest, organization: str, audit: UUID) -> HttpResponse:
    """Every confirmed population of the audit."""
    page = keyset_page(populations_for(request.seat), order=["-id"], cursor=request.GET.get("cursor", ""))
    return portal_page(request, "portal/populations.html", {"page": page})


@require_GET
@seated
def population(request: SeatedRequest, organization: str, audit: UUID, pk: UUID) -> HttpResponse:
    """One confirmed version: where it comes from, how completeness was seen, and its rows a page at a time."""
    standing = _find(request, pk)
    version = standing.version
    _record(request, version, PortalAct.OPENED)
    start = number_in(request.GET.get("from", ""))
    rows = shown(version, rows_of(version, start, PAGE), start)
    out = number_in(request.GET.get("out", ""))
    return portal_page(request, "portal/population.html", {
        "version": version, "standing": standing, "columns": columns_of(version), "rows": rows, "first": start + 1,
        "steps": [(step, standing.verdicts[step.key]) for step in standing.steps], "last": start + len(rows),
        "previous": max(0, start - PAGE) if start else None, "next": start + PAGE if start + PAGE < version.row_count else None,
        "excluded": version.excluded[out : out + _OUT], "out_first": out + 1, "out_last": min(out + _OUT, len(version.excluded)),
        "out_previous": max(0, out - _OUT) if out else None, "out_next": out + _OUT if out + _OUT < len(version.excluded) else None,
    })  # fmt: skip


@require_GET
@seated
def download(request: SeatedRequest, organization: str, audit: UUID, pk: UUID) -> HttpResponseBase:
    """The rows as they are frozen, line by line. Downloading is recorded."""
    version = _find(request, pk).version
    _record(request, version, PortalAct.DOWNLOADED)
    return as_file(version, "jsonl")


def _find(request: SeatedRequest, pk: UUID) -> Standing:
    found = population_for(request.seat, pk)
    if found is None:
        raise Http404
    return found


def _record(request: SeatedRequest, version: PopulationVersion, act: PortalAct) -> None:
    label = f"{version.population}, version {version.number}"
    record_opening(actor=request.actor, seat=request.seat, act=act, item_type="population", item_id=version.pk, label=label)
