"""Sources without an API: what was pushed, and each kind with its schema and what to paste."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from evidence.checks.base import Row

from .. import selectors
from ..base import FactKind, Vendor
from ..examples import examples_of
from ..models import Connection
from ..pages import Stored
from ..push.streams import MOST_BYTES, MOST_ROWS
from ..registry import vendors
from ..services.refuse import KEPT
from .finding import connection_or_404

_PUSHES_SHOWN, _ROWS_SHOWN = 20, 100


def source_page(request: PageRequest, found: Connection, vendor: Vendor) -> HttpResponse:
    """A source without an API: where each kind stands, and its last pushes."""
    states = selectors.kind_states(found.pk)
    context: dict[str, Any] = {
        "connection": found, "vendor": vendor, "kinds": [(kind, states.get(kind.id)) for kind in vendor.kinds],
        "pushes": list(selectors.pushes_of(found)[:_PUSHES_SHOWN]),
        "refusals": list(selectors.refusals_of(found)[:KEPT]),
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


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def rows(request: PageRequest, organization: str, connection: UUID, kind: str) -> HttpResponse:
    """The rows of a push as they were sent, a page at a time: of the newest, or with `?push=` of the one with this number;
    `?from=200` begins after the two hundredth. Read one stored page after another, so memory stays flat."""
    found = connection_or_404(connection)
    wanted, asked = kind_or_404(found, kind), number_in(request.GET.get("push", ""))
    pushes = selectors.pushes_of(found).filter(fact_kind=wanted.id)
    pushed = (pushes.filter(step__run__number=asked) if asked else pushes).first()
    start = number_in(request.GET.get("from", ""))
    if pushed is None and asked or pushed is not None and start and start >= pushed.rows:
        raise Http404("There are no such rows.")
    shown = list(islice(wanted.rows(Stored([pushed.version.sha256])), start, start + _ROWS_SHOWN)) if pushed else []
    context: dict[str, Any] = {
        "connection": found, "kind": wanted, "pushed": pushed, "first": start, "last": start + len(shown) - 1,
        "rows": [(number, _cells(wanted, row)) for number, row in enumerate(shown, start)],
        "previous": max(0, start - _ROWS_SHOWN) if start else None,
        "next": start + _ROWS_SHOWN if pushed and start + _ROWS_SHOWN < pushed.rows else None,
    }  # fmt: skip
    return render(request, "collectors/rows.html", context)


def _cells(kind: FactKind, row: Row) -> list[tuple[str, str | None]]:
    """A row field by field, as its kind states them; None where nothing was sent, and so nothing is known."""
    assert kind.shape is not None
    values = [(term.label, row.get(term.name)) for term in kind.shape.terms]
    return [(label, None if value is None else value if isinstance(value, str) else words_of(value)) for label, value in values]


def words_of(value: Any) -> str:
    """What was sent, as a person reads it: yes and no, lists by commas."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def number_in(text: str) -> int:
    """A number as an address has it; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def kind_or_404(connection: Connection, id: str) -> FactKind:
    """A kind that can be pushed to this connection."""
    found = next((each for each in vendors()[connection.vendor].kinds if each.id == id and each.shape), None)
    if found is None:
        raise Http404("Nothing of this kind is pushed here.")
    return found


def address_of(request: HttpRequest) -> str:
    """Where a person's browser is, as far as we can see."""
    return f"a browser at {request.META.get('REMOTE_ADDR') or 'an unknown address'}"
