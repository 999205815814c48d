"""Leaves of the log as a reader meets them: what happened to which version, when, by whom."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from .leaves import DECISION, SIGHTINGS, SUPERSESSION, VERSION
from .log.models import Leaf
from .models import Acceptance, Artefact, Version

#: How the kinds of leaves are called.
KINDS = [(VERSION, "Receipts"), (DECISION, "Decisions"), (SUPERSESSION, "Supersessions"), (SIGHTINGS, "Seen again")]


@dataclass(frozen=True)
class Line:
    """One leaf. `state` is the mark that stands before `word`; `said` are its members, None where they cannot be read."""

    leaf: Leaf
    word: str
    state: str
    artefact: Artefact | None
    number: int | None
    who: str
    reason: str
    said: dict[str, Any] | None

    @property
    def looks(self) -> str:
        """Of what was seen again: how much of it, and by which run; empty for every other leaf."""
        seen = (self.said or {}).get("seen")
        if self.leaf.kind != SIGHTINGS or self.said is None or not isinstance(seen, list):
            return ""
        many = f"{len(seen)} version{'' if len(seen) == 1 else 's'}"
        return f"{many}, byte for byte, by run {self.said.get('run')} of {self.said.get('connection')}"

    @property
    def entered_later(self) -> bool:
        """Whether it tells of something from before the log."""
        return bool(self.said and self.said.get("entered_later"))


def lines(leaves: Iterable[Leaf]) -> list[Line]:
    """Leaves as lines; two queries, however many."""
    told = [(leaf, _members(leaf)) for leaf in leaves]
    artefacts = Artefact.objects.in_bulk([leaf.artefact for leaf, _ in told if leaf.artefact])
    named = {pk for _, said in told if said for key in ("version", "by") if (pk := _id(said.get(key)))}
    numbers = dict(Version.objects.filter(pk__in=named).values_list("pk", "number")) if named else {}
    return [_line(leaf, said, artefacts, numbers) for leaf, said in told]


def _line(leaf: Leaf, said: dict[str, Any] | None, artefacts: dict[UUID, Artefact], numbers: dict[Any, int]) -> Line:
    held = said or {}
    word, state = _words(leaf.kind, held, numbers)
    number = held.get("number") if leaf.kind == VERSION else numbers.get(_id(held.get("version")))
    who = str(held.get("provided_by" if leaf.kind == VERSION else "decided_by", ""))
    artefact = artefacts.get(leaf.artefact) if leaf.artefact else None
    return Line(leaf, word, state, artefact, number, who, str(held.get("reason", "")), said)


def _words(kind: str, said: dict[str, Any], numbers: dict[Any, int]) -> tuple[str, str]:
    if kind == VERSION:
        return "Received", "received"
    if kind == DECISION:
        approved = said.get("acceptance") == Acceptance.APPROVED
        return ("Approved", "approved") if approved else ("Returned", "returned")
    if kind == SUPERSESSION:
        newer = numbers.get(_id(said.get("by")))
        return (f"Superseded by version {newer}" if newer else "Superseded"), ""
    return ("Seen again" if kind == SIGHTINGS else kind), ""


def _members(leaf: Leaf) -> dict[str, Any] | None:
    try:
        said = json.loads(leaf.body)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _id(text: Any) -> UUID | None:
    try:
        return UUID(text)
    except (ValueError, TypeError, AttributeError):
        return None
