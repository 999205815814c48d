"""The binder's index: each floor registers its entries in AppConfig.ready; a page shows those that its reader may open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from compliance.access.guards import may
from compliance.access.permissions import Permission

from .addresses import address
from .sections import namespaces_of


@dataclass(frozen=True)
class Entry:
    """One entry. `count` may give the number that stands beside it, from the request's room; `covers` names further
    url namespaces, or single url names, whose pages lie under it."""

    key: str
    label: str
    url_name: str
    permission: Permission
    order: int
    count: Callable[[HttpRequest], int] | None = None
    covers: tuple[str, ...] = ()


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Add an entry; the same key again replaces it."""
    _entries[entry.key] = entry


def entries_for(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """What base.html needs: label, url, key, count, current."""
    here = getattr(request.resolver_match, "namespace", "") if request.resolver_match else ""
    url_name = request.resolver_match.view_name if request.resolver_match else ""
    shown = []
    for entry in sorted(_entries.values(), key=lambda entry: entry.order):
        if not may(request, entry.permission):
            continue
        shown.append({
            "key": entry.key,
            "label": entry.label,
            "url": address(entry.url_name, slug),
            "count": entry.count(request) if entry.count else None,
            "current": url_name == entry.url_name or not {here, url_name}.isdisjoint(
                {entry.key, *entry.covers, *namespaces_of(entry.key)}
            ),
        })
    return shown
