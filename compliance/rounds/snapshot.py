"""A programme's scope, period, categories and method as structured data: what an auditor confirms, and later changes of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from compliance.parties.models import Party, Role
from compliance.programmes.kinds import CATEGORIES
from compliance.programmes.models import Programme
from compliance.programmes.selectors import requirements_in_scope
from compliance.registers.models import Decision, System
from compliance.web.words import day

#: What the snapshot holds, in the order and words in which it is shown.
TITLES: dict[str, str] = {
    "programme": "Programme", "kind": "Kind of report", "framework": "Criteria from", "categories": "Categories",
    "period": "Period", "fieldwork": "Fieldwork", "criteria": "Criteria in scope", "not_relevant": "Criteria left out",
    "systems": "Systems in scope", "outside": "Systems out of scope", "subservices": "Subservice organisations and method",
}  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One line of the snapshot."""

    key: str
    values: tuple[str, ...]

    @property
    def title(self) -> str:
        return TITLES[self.key]


@dataclass(frozen=True)
class Difference:
    """What of one line went and what came since it was confirmed."""

    key: str
    removed: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def title(self) -> str:
        return TITLES[self.key]


def of_programme(programme: Programme) -> dict[str, list[str]]:
    """The programme as it now stands, each line a list of words. Undecided systems count as in scope, and say so."""
    systems = System.objects.filter(service_account=False).order_by("ref").only("ref", "name", "decision", "organization")
    parties = Party.objects.filter(role=Role.SUBSERVICE).exclude(system__decision=Decision.OUT).select_related("system")
    names = dict(CATEGORIES)
    return {
        "programme": [programme.name],
        "kind": [programme.get_kind_display()],
        "framework": [str(programme.framework)],
        "categories": ["Security", *(names[key] for key in sorted(programme.categories))],
        "period": [_span(programme.period_start, programme.period_end) or _as_of(programme.as_of)],
        "fieldwork": [_span(programme.fieldwork_start, programme.fieldwork_end) or _from(programme.fieldwork_start)],
        "criteria": list(requirements_in_scope(programme).values_list("ref", flat=True)),
        "not_relevant": [f"{ref}: {reason}" for ref, reason in sorted(programme.not_relevant.items())],
        "systems": [_system(each) for each in systems if each.decision != Decision.OUT],
        "outside": [_system(each) for each in systems if each.decision == Decision.OUT],
        "subservices": sorted(f"{each.name}: {each.get_method_display() or 'no method'}" for each in parties),
    }


def fingerprint(snapshot: Mapping[str, Any]) -> str:
    """The SHA-256 of a snapshot: what a page shows and a confirmation of that page must agree on."""
    return hashlib.sha256(json.dumps(snapshot, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def facts_of(snapshot: Mapping[str, Any]) -> list[Fact]:
    """A snapshot in the order in which it is shown."""
    return [Fact(key, tuple(snapshot.get(key, []))) for key in TITLES]


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What differs from a snapshot to a later one, line by line."""
    found = []
    for key in TITLES:
        old, new = before.get(key, []), after.get(key, [])
        removed, added = tuple(each for each in old if each not in new), tuple(each for each in new if each not in old)
        if removed or added:
            found.append(Difference(key, removed, added))
    return found


def _system(each: System) -> str:
    return f"{each.ref} {each.name}" + (" (undecided)" if each.decision == Decision.UNDECIDED else "")


def _span(first: date | None, last: date | None) -> str:
    return f"{day(first)} to {day(last)}" if first and last else ""


def _as_of(on: date | None) -> str:
    return f"As of {day(on)}" if on else "Not set"


def _from(first: date | None) -> str:
    return f"From {day(first)}" if first else "Not set"
