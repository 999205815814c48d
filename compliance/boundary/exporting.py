"""The diagram on paper: tagged PDF with bookmarks, the drawing on a sheet across, its tables after it."""

from __future__ import annotations

from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here
from compliance.web.documents.paper import set_as_pdf

from .landscape import Landscape, folded
from .legend import as_key
from .picture import Picture
from .telling import tables

#: More systems than this are told on paper as they are drawn: pages and pages of what no flow touches help nobody.
_ONE_BY_ONE = 400


def as_pdf(landscape: Landscape, picture: Picture, narrowed: str) -> bytes:
    """A drawing that there is, as PDF/UA-1; `narrowed` says in words what it was narrowed to, empty for everything."""
    told = landscape if len(landscape.nodes) <= _ONE_BY_ONE else folded(landscape)
    organization = Organization.objects.get(pk=here().organization_id)
    return set_as_pdf("boundary/paper.html", {
        "organization": organization, "picture": picture, "figure": picture.figure, "narrowed": narrowed,
        "tables": tables(told), "more": landscape.more, "gathered": told is not landscape, "key": as_key(on_paper=True), "made_at": now(),
    })  # fmt: skip
