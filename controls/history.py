"""What a control stated, and when: its versions, the one in force on a day, and what differs between two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from compliance.tenancy.rooms import here
from compliance.web.documents.differences import Line, differences
from compliance.web.serializers import FIRST_DAY, LAST_DAY
from compliance.web.words import day as day_in_words

from .models import Control, ControlVersion, DesignConclusion, Frequency, Implementation

_SENTENCES = re.compile(r"(?<=[.;:?])\s+")
#: What a version states, in the order in which a person reads it, by the name that they know it by.
LABELS = {
    "title": "Title", "statement": "Statement", "area": "Area", "owner": "Owner", "owner_role": "Role that should own it",
    "frequency": "How often", "nature": "Done by", "kind": "Kind", "key": "Weight", "tested_by_sample": "Tested by sample",
    "population": "Population", "test_procedures": "How it is tested", "implementation": "In place",
    "starts_on": "Operates since", "services": "Services", "systems": "Systems",
}  # fmt: skip
#: A conclusion on the design speaks of these as they were; when one changes it has to be drawn again.
CONCLUDED_ON = frozenset({"statement", "frequency", "nature", "kind"})
#: Told line by line; everything else from one value to another.
LONG = frozenset({"statement", "test_procedures"})
_NATURE = {"manual": "People", "automated": "A system"}


@dataclass(frozen=True)
class Difference:
    """One thing that a version changed: its name, and the lines that differ or the values before and after."""

    label: str
    before: str = ""
    after: str = ""
    lines: tuple[Line, ...] = ()


def versions_of(control: Control) -> QuerySet[ControlVersion]:
    """Every version of a control, the newest first."""
    return ControlVersion.objects.filter(control=control).order_by("-number")


def version_in_force(control: Control, day: date) -> ControlVersion | None:
    """The version that was in force at the end of a day in the organisation's time zone; None before the first."""
    if not FIRST_DAY <= day <= LAST_DAY:
        return None
    return versions_of(control).filter(valid_from__lt=end_of(day)).first()


def design_on(control: Control, version: ControlVersion, day: date) -> DesignConclusion | None:
    """The conclusion on the design that held at the end of a day, of which `version` is the one in force: the last one, unless
    what it speaks of was changed since."""
    last = DesignConclusion.objects.filter(control=control, concluded_at__lt=end_of(day)).select_related("version")
    concluded = last.order_by("-id").first()
    if concluded is None:
        return None
    since = versions_of(control).filter(number__gt=concluded.version.number, number__lte=version.number)
    undone = any(CONCLUDED_ON & set(changed) for changed in since.values_list("changed", flat=True))
    return None if undone else concluded


def end_of(day: date) -> datetime:
    """The instant at which a day is over in the organisation's time zone."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(here().timezone)).astimezone(UTC)


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any], names: list[str]) -> Iterator[Difference]:
    """What differs between two versions, for the names that the later one changed, in reading order."""
    for name, label in LABELS.items():
        if name not in names:
            continue
        if name in LONG:
            lines = differences(lines_of(name, before.get(name)), lines_of(name, after.get(name)), around=1)
            yield Difference(label, lines=tuple(lines))
        else:
            yield Difference(label, in_words(name, before.get(name)), in_words(name, after.get(name)))


def lines_of(name: str, value: Any) -> list[str]:
    """A long value as lines: a statement by its sentences, tests one by one."""
    if name == "test_procedures":
        return [f"{str(test.get('type', '')).capitalize()}: {test.get('text', '')}" for test in value or ()]
    return [part for line in str(value or "").splitlines() for part in _SENTENCES.split(line) if part]


def in_words(name: str, value: Any) -> str:
    """A stated value as a person reads it. What is not said is said to be so."""
    if name == "key":
        return "Key control" if value else "Supports others"
    if name == "tested_by_sample":
        return "Yes" if value else "No"
    if name == "services":
        return _names(value) or "All services"
    if name == "systems":
        return _names(value) or "None in particular"
    if name == "owner":
        return str(value["name"]) if value else "Nobody named"
    if name == "starts_on" and value:
        return day_in_words(date.fromisoformat(value))
    labels = {"frequency": dict(Frequency.choices), "implementation": dict(Implementation.choices), "nature": _NATURE}
    said = labels.get(name, {}).get(value, str(value or "").capitalize() if name == "kind" else value)
    return str(said) if said else "Not said"


def _names(value: Any) -> str:
    return ", ".join(f"{each['ref']} {each['name']}" for each in value or ())
