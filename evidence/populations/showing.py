"""Rows as a page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from .catalogue import Attribute
from .claims import named_in
from .given import instant
from .items import Item, cell_text, is_unknown
from .models import PopulationVersion


def columns_of(version: PopulationVersion) -> list[Attribute]:
    """The columns of a version's template."""
    return list(version.population.kind.attributes) if version.population.kind else []


def shown(version: PopulationVersion, items: Sequence[Item], start: int = 0) -> list[dict[str, Any]]:
    """Each row with its number, and for each column its text and whether it could be read."""
    columns = [(each.name, each.type) for each in columns_of(version)]
    return [
        {"number": number, "source": item.source, "cells": [_cell(item.cells.get(name), kind) for name, kind in columns]}
        for number, item in enumerate(items, start + 1)
    ]


def _cell(value: Any, kind: str) -> dict[str, Any]:
    at = instant(value) if kind == "moment" and isinstance(value, str) else day_written(value) if kind == "day" else None
    return {"text": cell_text(value), "unknown": is_unknown(value), "at": at, "number": kind == "number", "empty": value is None}


#: Rows that a page and the API name of one claim; the gap names more, and the frozen file holds all.
_NAMED = 20


def found_in(version: PopulationVersion) -> list[dict[str, Any]]:
    """What the claims of its template found in a version's rows, each with the first rows that are otherwise."""
    return [
        {"rule": rule.key, "claim": rule.claim, "count": kept["count"], "unsaid": kept["unsaid"],
         "named": [{"source": source, "id": id, "said": said} for source, id, said in kept["named"][:_NAMED]]}
        for rule, kept in named_in(version.deviations)
    ]  # fmt: skip


def day_written(value: Any) -> date | None:
    """A day as a cell holds it; None for what is none."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def number_in(text: str) -> int:
    """A row's number as an address has it; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
