"""Frameworks as OSCAL 1.1 (NIST): what is written, and under which names our own facts travel in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

VERSION = "1.1.3"
#: The namespace of properties that OSCAL has no name for.
NS = "https://fieldwork.invalid/ns/oscal"
#: Their names; `key`, `short-title` and `complete` are of a catalogue, the rest of a group or control.
PROPERTIES = (
    "key", "short-title", "complete", "assessable", "level", "category", "series", "theme", "frequency", "attributes",
    "position",
)  # fmt: skip


def ours(props: Any, name: str) -> str:
    """The value of one of our properties among those of a document; empty where it is not there."""
    for one in props if isinstance(props, list) else ():
        if isinstance(one, Mapping) and one.get("ns") == NS and one.get("name") == name:
            return str(one.get("value") or "")
    return ""


def prop(name: str, value: object) -> dict[str, str]:
    """One of our properties."""
    return {"name": name, "ns": NS, "value": str(value)}


def pruned(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document without what is empty: OSCAL allows no empty list and no empty text."""
    return {name: value for name, value in document.items() if value not in (None, "", [], {})}


def metadata(
    *, title: str, version: str, moment: str, props: Iterable[dict[str, str]] = (), remarks: str = ""
) -> dict[str, Any]:
    """The head of every OSCAL document; `moment` is when it was last changed, with its offset."""
    return pruned({
        "title": title, "last-modified": moment, "version": version, "oscal-version": VERSION, "props": list(props),
        "remarks": remarks,
    })  # fmt: skip
