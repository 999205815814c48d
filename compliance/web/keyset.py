"""Pages of a long list by key: a page begins after the last row of the one before, so nothing is counted or skipped."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

SIZE = 50


@dataclass(frozen=True)
class KeysetPage:
    """Rows of one page, and the cursors beside it (None where there is nothing). `{% pagination page %}` draws them."""

    rows: list[Any]
    previous_cursor: str | None
    next_cursor: str | None

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def keyset_page(found: QuerySet[Any], *, order: Sequence[str], cursor: str = "", size: int = SIZE) -> KeysetPage:
    """The page of `found` that `cursor` names, in `order` (`-` descends).

    The last name of `order` has to be unique, and none may be null. A cursor that cannot be read gives the first page.
    """
    way, values = _read(cursor, len(order))
    backwards = way == "before"
    walked = [turned(name) for name in order] if backwards else list(order)
    ordered = found.order_by(*walked)
    try:
        rows = list((ordered.filter(beyond(walked, values)) if values else ordered)[: size + 1])
    except (ValidationError, ValueError, TypeError, OverflowError):
        values, backwards = None, False
        rows = list(found.order_by(*order)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_previous, has_next = (more, True) if backwards else (values is not None, more)
    return KeysetPage(
        rows,
        _cursor("before", rows[0], order) if rows and has_previous else None,
        _cursor("after", rows[-1], order) if rows and has_next else None,
    )


def turned(name: str) -> str:
    """An order the other way round."""
    return name[1:] if name.startswith("-") else f"-{name}"


def beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that come after `values`: (a > x) or (a = x and b > y), each in its own direction."""
    found, same = Q(pk__in=[]), Q()
    for name, value in zip(order, values, strict=True):
        field, way = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        found |= same & Q(**{f"{field}__{way}": value})
        same &= Q(**{field: value})
    return found


def _cursor(way: str, row: Model, order: Sequence[str]) -> str:
    values = [plain(attrgetter(name.lstrip("-").replace("__", "."))(row)) for name in order]
    packed = json.dumps([way, *values]).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def plain(value: Any) -> Any:
    """Exactly as the database holds it: a moment keeps its microseconds, or rows would be skipped or shown twice."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _read(cursor: str, length: int) -> tuple[str, list[Any] | None]:
    try:
        way, *values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError):
        return "after", None
    plain = all(isinstance(value, str | int | float) for value in values)
    return (way, values) if way in ("after", "before") and len(values) == length and plain else ("after", None)
