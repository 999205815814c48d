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
    the part call themselves; `count` may give the number that stands beside it, from the request's room.

    In a section of many parts, `group` is the word above those that stand together. `under` names the part of which this
    is one of several pages. `whole` says that all of its url namespace lies in the section, and not this page alone."""

    section: str
    key: str
    label: str
    url_name: str
    permission: Permission
    order: int
    count: Callable[[HttpRequest], int] | None = None
    group: str = ""
    under: str = ""
    whole: bool = True


_tabs: dict[tuple[str, str], Tab] = {}


def register_tab(tab: Tab) -> None:
    """Add a part; the same key of the same section again replaces it."""
    _tabs[tab.section, tab.key] = tab


def namespaces_of(section: str) -> set[str]:
    """The url namespaces whose pages lie in a section, and the names of the single pages that do."""
    held = (tab for tab in _tabs.values() if tab.section == section)
    return {tab.url_name.partition(":")[0] if tab.whole else tab.url_name for tab in held}


def tabs_for(request: HttpRequest, section: str, slug: str, at: str, *, under: str = "") -> list[dict[str, Any]]:
    """The parts that the reader may open, in order, or with `under` the pages of that part: label, group, url, count,
    current (`at` is it, or one of its pages)."""
    held = _tabs.get((section, at))
    here = {at, held.under} if held else {at}
    parts = (tab for tab in _tabs.values() if tab.section == section and tab.under == under and may(request, tab.permission))
    return [
        {
            "key": tab.key, "label": tab.label, "group": tab.group, "url": address(tab.url_name, slug),
            "count": tab.count(request) if tab.count else None, "current": tab.key in here,
        }
        for tab in sorted(parts, key=lambda tab: (tab.order, tab.key))
    ]  # fmt: skip
