"""The second row of the index: the parts of a section, as tabs. Each room registers its own in AppConfig.ready, so that
a page of the section shows parts of rooms that it has never heard of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from compliance.access.guards import may
from compliance.access.permissions import Permission

from .addresses import address


@dataclass(frozen=True)
class Tab:
    """One part of a section. `section` is the key of the section's entry in the index (navigation), `key` what pages of
    the part call themselves; `count` may give the number that stands beside it, from the request's room."""

    section: str
    key: str
    label: str
    url_name: str
    permission: Permission
    order: int
    count: Callable[[HttpRequest], int] | None = None


_tabs: dict[tuple[str, str], Tab] = {}


def register_tab(tab: Tab) -> None:
    """Add a part; the same key of the same section again replaces it."""
    _tabs[tab.section, tab.key] = tab


def namespaces_of(section: str) -> set[str]:
    """The url namespaces whose pages lie in a section."""
    return {tab.url_name.partition(":")[0] for tab in _tabs.values() if tab.section == section}


def tabs_for(request: HttpRequest, section: str, slug: str, at: str) -> list[dict[str, Any]]:
    """The parts that the reader may open, in order: label, url, count, current."""
    parts = sorted((tab for tab in _tabs.values() if tab.section == section), key=lambda tab: (tab.order, tab.key))
    return [
        {
            "label": tab.label, "url": address(tab.url_name, slug), "count": tab.count(request) if tab.count else None,
            "current": tab.key == at,
        }
        for tab in parts if may(request, tab.permission)
    ]  # fmt: skip
