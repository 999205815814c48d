"""A trail entry in words: what was done, and from what to what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from compliance.web.words import day

from .models import Entry

NONE = "none"
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$")


@dataclass(frozen=True)
class Change:
    """One field of an entry: its name in words, and how it read before and after (None where it was not told)."""

    name: str
    before: str | None
    after: str | None


def deed(action: str) -> str:
    """`registers.system.decided` as `System decided`; `people.membership.role_changed` as `Membership role changed`."""
    words = action.split(".", 1)[-1].replace(".", " ").replace("_", " ").replace("-", " ")
    return (words[:1].upper() + words[1:]).replace("Organization", "Organisation")


def changes_of(entry: Entry) -> list[Change]:
    """What an entry says of before and after, field by field. What was nothing and is nothing is left out."""
    names = [*entry.after, *(name for name in entry.before if name not in entry.after)]
    told = [Change(_name(name), _told(entry.before, name), _told(entry.after, name)) for name in names]
    return [change for change in told if {change.before, change.after} - {None, NONE}]


def _name(field: str) -> str:
    words = field.removesuffix("_id").replace("_", " ")
    return words[:1].upper() + words[1:]


def _told(values: Mapping[str, Any], name: str) -> str | None:
    return in_words(values[name]) if name in values else None


def in_words(value: Any) -> str:
    """A stored value as a person reads it: yes and no, lists with commas, nothing as `none`."""
    if value is None or value in ("", [], {}):
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(in_words(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(_pairs(value))
    return _moment(value) if isinstance(value, str) and _MOMENT.match(value) else str(value)


def _moment(text: str) -> str:
    """A stored instant as the rest of the page writes it; what only looks like one stays as it is."""
    try:
        at = timezone.localtime(datetime.fromisoformat(text))
    except ValueError:
        return text
    return f"{day(at)}, {at:%H:%M} {at.tzname()}"


def _pairs(values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, list) and len(value) == 2 and not any(isinstance(item, list | dict) for item in value):
            yield f"{_name(name)} {in_words(value[0])} → {in_words(value[1])}"
        else:
            yield f"{_name(name)} {in_words(value)}"
