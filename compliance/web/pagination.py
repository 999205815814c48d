"""Pages of the API by key: a page begins after the last row of the one before, so nothing is counted or skipped.

UUIDv7 sorts by time, so an index range is a page. A view may offer further orders (`orderings`), each ending in `id`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError as Invalid
from django.db.models import QuerySet
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from .keyset import beyond, plain, turned

Order = tuple[str, ...]
#: Queries of a list that are its paging and not its filters.
PARAMETERS = ("cursor", "page_size", "ordering")


class CursorPagination(BasePagination):
    """Newest first unless the view says otherwise: `ordering` is its order, `orderings` what a caller may choose.

    No field of an order may be null. A cursor that was not given out for this order is not found.
    """

    page_size = 50
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        size = self._size(request)
        name, order = _order(view, request)
        way, values = _read(request.query_params.get("cursor", ""), name, order)
        walked = tuple(turned(field) for field in order) if way == "before" else order
        rows = list(_after(queryset, walked, values, size + 1))
        more, rows = len(rows) > size, rows[:size]
        if way == "before":
            rows.reverse()
        back, onward = (more, True) if way == "before" else (values is not None, more)
        self.previous = _cursor(name, "before", rows[0], order) if rows and back else None
        self.next = _cursor(name, "after", rows[-1], order) if rows and onward else None
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self._link(self.next), "previous": self._link(self.previous), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "nullable": True, "format": "uri"}
        properties = {
            "next": link | {"description": "Where the list goes on; null on the last page."},
            "previous": link | {"description": "The page before; null on the first."},
            "results": schema,
        }
        return {"type": "object", "required": list(properties), "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        found = [
            _parameter("cursor", {"type": "string", "minLength": 1}, "Where to begin: follow `next` and `previous`, do not make one up."),
            _parameter("page_size", size, "Rows in a page."),
        ]
        if names := choices(view):
            found.append(_parameter("ordering", {"type": "string", "enum": names}, "`-` turns an order round."))
        return found

    def _size(self, request: Request) -> int:
        given = request.query_params.get("page_size")
        if given is None:
            return self.page_size
        if not (given.isascii() and given.isdigit() and len(given) < 6 and 1 <= int(given) <= self.max_page_size):
            raise ValidationError({"page_size": [f"Give a whole number from 1 to {self.max_page_size}."]})
        return int(given)

    def _link(self, cursor: str | None) -> str | None:
        return cursor and replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)


def choices(view: Any) -> list[str]:
    """What `ordering` may be in a view's list."""
    return [way + name for name in getattr(view, "orderings", {}) for way in ("", "-")]


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _order(view: Any, request: Request) -> tuple[str, Order]:
    asked = request.query_params.get("ordering", "")
    if not asked:
        return "", tuple(getattr(view, "ordering", ("-id",)))
    if asked not in choices(view):
        raise ValidationError({"ordering": [f"Choose one of: {', '.join(choices(view)) or 'this list has one order'}."]})
    order = tuple(view.orderings[asked.removeprefix("-")])
    return asked, tuple(turned(field) for field in order) if asked.startswith("-") else order


def _after(found: Any, order: Order, values: list[Any] | None, most: int) -> Iterable[Any]:
    """Rows that come after `values`, of a queryset or of a catalogue in code, which is a list with an `id` each."""
    if not isinstance(found, QuerySet):
        return _after_in_list(found, order, values, most)
    ordered = found.order_by(*order)
    if values is None:
        return ordered[:most]
    try:
        return list(ordered.filter(beyond(order, values))[:most])
    except (Invalid, ValueError, TypeError, OverflowError):
        raise NotFound(_UNKNOWN) from None


def _after_in_list(found: Sequence[Any], order: Order, values: list[Any] | None, most: int) -> list[Any]:
    if len(order) != 1 or (values is not None and not isinstance(values[0], str)):
        raise NotFound(_UNKNOWN)
    backwards, key = order[0].startswith("-"), attrgetter(order[0].lstrip("-"))
    rows = sorted(found, key=key, reverse=backwards)
    if values is not None:
        rows = [row for row in rows if (key(row) < values[0] if backwards else key(row) > values[0])]
    return rows[:most]


_UNKNOWN = "This cursor is not of this list. Begin without one."


def _cursor(name: str, way: str, row: Any, order: Order) -> str:
    values = [plain(attrgetter(field.lstrip("-").replace("__", "."))(row)) for field in order]
    packed = json.dumps([name, way, *values], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _read(cursor: str, name: str, order: Order) -> tuple[str, list[Any] | None]:
    if not cursor:
        return "after", None
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        made_for, way, *values = json.loads(packed)
    except (ValueError, TypeError, RecursionError):
        raise NotFound(_UNKNOWN) from None
    plain = all(isinstance(value, str | int | float) and value != "" for value in values)
    if made_for != name or way not in ("after", "before") or len(values) != len(order) or not plain:
        raise NotFound(_UNKNOWN)
    return way, values
