"""What a row of a fact kind looks like, stated once: as a JSON Schema for programs, as terms for people, as columns for files.

Pure. Kinds that a vendor's collector brings state none: what their rows are is the collector's own affair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: No text holds a zero character, which no database keeps.
_TEXT = r"^[^\u0000]*$"
#: Of a list in one cell.
MOST_WORDS = 200
LARGEST = 2**53


@dataclass(frozen=True)
class Term:
    """One field of a row. `type` is text, flag, number, moment, day, choice or words (a list of texts).

    A term that is not `needed` may be left out or null, and then nothing is known of it. `also` are other names that
    columns of files go by; `most` is the longest text.
    """

    name: str
    type: str
    label: str
    means: str
    needed: bool = False
    choices: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    most: int = 500
    example: Any = None

    @property
    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        stated = _STATED[self.type](self)
        if not self.needed:
            stated = _or_null(stated)
        return {"title": self.label, "description": self.means, **stated}


def _or_null(stated: dict[str, Any]) -> dict[str, Any]:
    if "enum" in stated:
        return {**stated, "enum": [*stated["enum"], None]}
    return {**stated, "type": [stated["type"], "null"]}


def _text(term: Term) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": term.most, "pattern": _TEXT}


_STATED = {
    "text": _text,
    "flag": lambda term: {"type": "boolean"},
    "number": lambda term: {"type": "number", "minimum": -LARGEST, "maximum": LARGEST},
    "moment": lambda term: {"type": "string", "format": "date-time", "maxLength": 40},
    "day": lambda term: {"type": "string", "format": "date", "maxLength": 10},
    "choice": lambda term: {"enum": list(term.choices)},
    "words": lambda term: {"type": "array", "items": _text(term), "maxItems": MOST_WORDS},
}


@dataclass(frozen=True)
class Shape:
    """The rows of one fact kind. `identified_by` names the terms that tell one row from another; each is needed."""

    terms: tuple[Term, ...]
    identified_by: tuple[str, ...]
    about: str

    def schema(self, kind: str, title: str, version: int) -> dict[str, Any]:
        """The JSON Schema of one row. A field that it does not name is refused: a misspelt one would be passed over."""
        return {
            "$schema": DIALECT,
            "$id": f"urn:fieldwork:fact-kind:{kind}:{version}",
            "title": title,
            "description": self.about,
            "type": "object",
            "properties": {term.name: term.schema for term in self.terms},
            "required": [term.name for term in self.terms if term.needed],
            "additionalProperties": False,
        }

    @cached_property
    def example(self) -> dict[str, Any]:
        """A row that fits."""
        return {term.name: term.example for term in self.terms if term.example is not None}

    def key_of(self, row: dict[str, Any]) -> tuple[Any, ...]:
        """What tells this row from others."""
        return tuple(row.get(name) for name in self.identified_by)


def named(terms: Sequence[Term]) -> dict[str, Term]:
    """Terms by name."""
    return {term.name: term for term in terms}
