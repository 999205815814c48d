"""Sources without an API: what was pushed, and each kind with its schema and what to paste."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest

from .. import selectors
from ..base import FactKind, Vendor
from ..examples import examples_of
from ..models import Connection
from ..push.streams import MOST_BYTES, MOST_ROWS
from ..registry import vendors
from .finding import connection_or_404

_PUSHES_SHOWN = 20


def source_page(request: PageRequest, found: Connection, vendor: Vendor) -> HttpResponse:
    """A source without an API: where each kind stands, and its last pushes."""
    states = selectors.kind_states(found.pk)
    context: dict[str, Any] = {
        "connection": found, "vendor": vendor, "kinds": [(kind, states.get(kind.id)) for kind in vendor.kinds],
        "pushes": list(selectors.pushes_of(found)[:_PUSHES_SHOWN]),
        "plain": [(field.label, found.config.get(field.name)) for field in vendor.fields],
    }  # fmt: skip
    return render(request, "collectors/source.html", context)


@requires(Permission.CONNECTION_VIEW)
def kind(request: PageRequest, organization: str, connection: UUID, kind: str) -> HttpResponse:
    """One kind of fact that can be pushed: its rows, its schema, and what to paste."""
    found = connection_or_404(connection)
    wanted = kind_or_404(found, kind)
    root = request.build_absolute_uri("/api/v1/")
    context: dict[str, Any] = {
        "connection": found, "kind": wanted, "state": selectors.kind_states(found.pk).get(wanted.id),
        "schema": json.dumps(wanted.schema, indent=2, ensure_ascii=False), "examples": examples_of(wanted, found.slug, root),
        "most_rows": MOST_ROWS, "most_mb": MOST_BYTES // 1024 // 1024,
    }  # fmt: skip
    return render(request, "collectors/kind.html", context)


def kind_or_404(connection: Connection, id: str) -> FactKind:
    """A kind that can be pushed to this connection."""
    found = next((each for each in vendors()[connection.vendor].kinds if each.id == id and each.shape), None)
    if found is None:
        raise Http404("Nothing of this kind is pushed here.")
    return found


def address_of(request: HttpRequest) -> str:
    """Where a person's browser is, as far as we can see."""
    return f"a browser at {request.META.get('REMOTE_ADDR') or 'an unknown address'}"
