"""Rows as a page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from .catalogue import Attribute
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


def day_written(value: Any) -> date | None:
    """A day as a cell holds it; None for what is none."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def number_in(text: str) -> int:
    """A row's number as an address has it; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
