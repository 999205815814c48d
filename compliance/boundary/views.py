"""The boundary diagram: its page, and the files that it goes out as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.attachments import attachment
from compliance.web.outside import Outside

from .boxes import standing_of
from .exporting import as_pdf
from .forms import BoundaryFilter
from .landscape import Landscape, group_word
from .legend import as_key
from .picture import Picture, picture_of
from .selectors import asked_for, landscape
from .telling import CAPTIONS, ENCRYPTED, side_of

_UNDRAWN = "There is nothing to draw: no system is entered that fits."


@dataclass(frozen=True)
class _Asked:
    """What an address asks for: the landscape, whose it is, and what it was narrowed to, in words."""

    filter: BoundaryFilter
    landscape: Landscape
    of: str
    narrowed: str

    def drawn(self) -> Picture:
        """The drawing. Graphviz may take seconds, so it is asked outside of the room."""
        return picture_of(self.landscape, of=f"{self.of}: {self.narrowed}" if self.narrowed else self.of)


@require_GET
@requires(Permission.SCOPE_VIEW)
def diagram(request: PageRequest, organization: str) -> HttpResponse:
    """The drawing, its legend, and everything that it shows as tables."""
    asked = _asked(request)
    return Outside(asked.drawn, lambda picture: render(request, "boundary/diagram.html", {
        "filter": asked.filter, "picture": picture, "landscape": asked.landscape, "key": as_key(),
        "filtered": bool(asked.filter.asked), "whole": request.GET.get("size") == "whole", **_tables(asked.landscape),
    }))  # fmt: skip


@require_GET
@requires(Permission.SCOPE_VIEW)
def svg(request: PageRequest, organization: str) -> HttpResponse:
    """The drawing as a file that needs nothing else."""

    def answer(picture: Picture) -> HttpResponse:
        if picture.drawing is None:
            return _undrawn(request, organization, picture)
        return attachment(picture.as_file(), name=f"{organization}-boundary.svg", media_type="image/svg+xml")

    return Outside(_asked(request).drawn, answer)


@require_GET
@requires(Permission.SCOPE_VIEW)
def pdf(request: PageRequest, organization: str) -> HttpResponse:
    """The drawing with its legend and its tables as tagged PDF."""
    asked = _asked(request)

    def answer(picture: Picture) -> HttpResponse:
        if picture.drawing is None:
            return _undrawn(request, organization, picture)
        content = as_pdf(asked.landscape, picture, asked.narrowed)
        return attachment(content, name=f"{organization}-boundary.pdf", media_type="application/pdf")

    return Outside(asked.drawn, answer)


def _asked(request: PageRequest) -> _Asked:
    chosen = BoundaryFilter(request.GET)
    programme, service = chosen.of_programme, chosen.of_service
    environment = chosen.asked.get("environment", "")
    found = landscape(services=asked_for(programme=programme, service=service), environment=environment)
    narrowed = ", ".join(filter(None, (
        programme.name if programme else "", str(service) if service else "", group_word(environment) if environment else "",
    )))  # fmt: skip
    return _Asked(chosen, found, request.organization.name, narrowed)


def _tables(found: Landscape) -> dict[str, Any]:
    systems = [
        (caption, [
            {"node": node, "group": group_word(node.group), "standing": standing_of(node), "holds": found.words_of(node.holds)}
            for node in nodes
        ])
        for place, caption in CAPTIONS.items() if (nodes := found.at(place))
    ]  # fmt: skip
    flows = [
        {
            "edge": edge, "source": found.by_key[edge.source], "target": found.by_key[edge.target],
            "carries": found.words_of(edge.carries), "encrypted": ENCRYPTED[edge.encrypted], "side": side_of(found, edge),
            "crosses": found.crosses(edge),
        }
        for edge in found.edges
    ]  # fmt: skip
    return {
        "places": systems,
        "flows": flows,
        "crossing": len(found.crossing),
        "inside": sum(map(found.is_inside, found.by_key)),
    }


def _undrawn(request: PageRequest, organization: str, picture: Picture) -> HttpResponse:
    messages.error(request, picture.reason or _UNDRAWN)
    return redirect("boundary:diagram", organization)
