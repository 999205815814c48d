"""The requirements of a programme as their page lists them: by series, each with its reasons and what they name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from compliance.tenancy.rooms import here
from compliance.web.words import ref

from .programme import titles_of
from .selectors import Reading, programme_of

#: More than these on one page are shown a series at a time.
MOST = 150
_REFERENCE = re.compile(r"\b((?:EVR|GAP)-\d+|[A-Z]{2,4}-\d+)\b")


@dataclass
class Group:
    """A series, with the requirements of it that fit."""

    ref: str
    title: str
    rows: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Listing:
    """What fits the filters. `one_of` names every series where only the first of them is on the page."""

    groups: list[Group]
    fitting: int
    one_of: list[str]
    #: How many of them no check bears on: people alone judge them.
    manual: int = 0


def listing_of(reading: Reading, asked: Mapping[str, str]) -> Listing:
    """The requirements of the programme that fit `state`, `series`, `judged` and `part`. Three queries, for the titles of the series."""
    assert reading.programme is not None
    fits = [row for row in reading.programme["requirements"] if all(row.get(name) == value for name, value in asked.items())]
    rows, series = fits, list(dict.fromkeys(row["series"] for row in fits))
    one_of = series if len(fits) > MOST and not asked.get("series") else []
    if one_of:
        rows = [row for row in rows if row["series"] == one_of[0]]
    manual = sum(row.get("judged") == "manual" for row in fits)
    groups = _grouped(reading, rows)
    return Listing(groups, len(fits), one_of, manual)


def _grouped(reading: Reading, rows: list[dict[str, Any]]) -> list[Group]:
    programme = programme_of(reading)
    framework = programme.framework_id if programme else None
    titles = titles_of({row["series"] for row in rows}, [framework] if framework else []).get(framework, {})
    leads = partial(_lead, {lamp["ref"]: lamp["id"] for lamp in reading.figures["lamps"]})
    groups: dict[str, Group] = {}
    for row in rows:
        group = groups.setdefault(row["series"], Group(row["series"], titles.get(row["series"], "")))
        group.rows.append({**row, "reasons": [_with_links(reason, leads) for reason in row["reasons"]]})
    return list(groups.values())


def _with_links(reason: str, leads: Any) -> SafeString:
    """A reason in which each reference leads to what it names."""
    parts = _REFERENCE.split(reason)
    return format_html_join("", "{}", ((ref(part, leads(part)) if place % 2 else part,) for place, part in enumerate(parts)))


def _lead(controls: Mapping[str, str], reference: str) -> str:
    slug = here().slug
    if reference.startswith("EVR-"):
        return f"{reverse('evidence:list', args=[slug])}?q={reference}"
    if reference.startswith("GAP-"):
        return f"{reverse('gaps:list', args=[slug])}?q={reference}"
    return reverse("controls:control", args=[slug, controls[reference]]) if reference in controls else ""
