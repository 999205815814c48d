"""From rows of text to lines of a request list: which column is which, and what is wrong with a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from ..models import RequestKind
from .reading import SheetRefused

#: What auditors call their columns. The first match of each wins.
HEADS: dict[str, tuple[str, ...]] = {
    "auditor_ref": ("id", "ref", "reference", "no", "number", "item", "request id", "pbc", "auditor reference"),
    "criteria": ("criterion", "criteria", "tsc", "clause", "requirement", "control objective", "section"),
    "title": (
        "artefact",
        "artifact",
        "request",
        "title",
        "description",
        "evidence requested",
        "what is asked for",
        "item description",
    ),
    "detail": ("detail", "details", "notes", "note", "comments", "guidance"),
    "kind": ("kind", "type", "evidence type"),
    "frequency": ("frequency", "how often", "cadence"),
    "due_date": ("due", "due date", "deadline", "needed by"),
    "assignee": ("assignee", "owner", "assigned to", "responsible"),
}
_KINDS = {
    "config": RequestKind.CONFIGURATION,
    "setting": RequestKind.CONFIGURATION,
    "settings": RequestKind.CONFIGURATION,
    "interview": RequestKind.INQUIRY,
    "walkthrough": RequestKind.OBSERVATION,
    "list": RequestKind.POPULATION,
    "policy": RequestKind.DOCUMENT,
    "": RequestKind.DOCUMENT,
} | {kind.value: kind for kind in RequestKind}
_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y")


@dataclass(frozen=True)
class Line:
    """One line of an imported list. `errors` keep it out; `already` names the request that has its reference."""

    number: int
    title: str
    detail: str = ""
    criteria: str = ""
    kind: str = RequestKind.DOCUMENT.value
    auditor_ref: str = ""
    due_date: str = ""
    assignee: str = ""
    already: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def due(self) -> date | None:
        """The due date as a day."""
        return date.fromisoformat(self.due_date) if self.due_date else None

    def packed(self) -> dict[str, Any]:
        """What the second step needs of it."""
        return {name: value for name, value in asdict(self).items() if name not in {"errors", "already"} and value}


def lines_of(rows: Sequence[Sequence[str]], *, known: dict[str, str], due: date) -> list[Line]:
    """The lines of a list whose first row is its head.

    `known` maps the auditor's references in the log to ours; `due` is for lines that give no date. Raises SheetRefused
    where no column says what is asked for.
    """
    columns = _columns(rows[0] if rows else [])
    seen: set[str] = set()
    lines = []
    for number, row in enumerate(rows[1:], start=2):
        cells = {name: row[index] if index < len(row) else "" for name, index in columns.items()}
        lines.append(_line(number, cells, known, seen, due))
    if not lines:
        raise SheetRefused("The file has a head but no lines under it.")
    return lines


def _columns(head: Sequence[str]) -> dict[str, int]:
    names = [re.sub(r"[^a-z]+", " ", cell.casefold()).strip() for cell in head]
    found: dict[str, int] = {}
    for column, words in HEADS.items():
        index = next(
            (names.index(word) for word in words if word in names and names.index(word) not in found.values()), None
        )
        if index is not None:
            found[column] = index
    if "title" not in found:
        raise SheetRefused(
            "No column says what is asked for. Name it Artefact, Request, Title or Description, in the first row; "
            "others that are read: Id, Criterion, Kind, Frequency, Due, Detail, Assignee."
        )
    return found


def _line(number: int, cells: dict[str, str], known: dict[str, str], seen: set[str], due: date) -> Line:
    errors: list[str] = []
    asked = " ".join(cells["title"].split())
    reference, criteria = cells.get("auditor_ref", ""), cells.get("criteria", "")
    if not asked:
        errors.append("It does not say what is asked for.")
    if len(reference) > 60:
        errors.append("Its reference is longer than 60 characters.")
    if len(criteria) > 120:
        errors.append("Its criterion is longer than 120 characters.")
    if reference and reference.casefold() in seen:
        errors.append(f"{reference} stands in the file twice.")
    seen.add(reference.casefold())
    kind = _KINDS.get(cells.get("kind", "").casefold())
    if kind is None:
        errors.append(f"{cells['kind'][:40]} is no kind of request: {', '.join(RequestKind.values)}.")
    day = _day(cells.get("due_date", ""), due)
    if day is None:
        errors.append(f"{cells['due_date'][:40]} is not a date that can be read: write it as 2026-05-31.")
    return Line(
        number=number,
        title=_short(asked),
        detail=_detail(asked, cells),
        criteria=criteria[:120],
        kind=(kind or RequestKind.DOCUMENT).value,
        auditor_ref=reference[:60],
        due_date=day.isoformat() if day else "",
        assignee=cells.get("assignee", "")[:254],
        already=known.get(reference.casefold(), "") if reference else "",
        errors=errors,
    )


def _short(asked: str) -> str:
    if len(asked) <= 200:
        return asked
    return asked[:199].rsplit(" ", 1)[0] + "…"


def _detail(asked: str, cells: dict[str, str]) -> str:
    parts = [asked if len(asked) > 200 else "", cells.get("detail", "")]
    if cells.get("frequency"):
        parts.append(f"Frequency: {cells['frequency']}")
    return "\n\n".join(part for part in parts if part)


def _day(text: str, otherwise: date) -> date | None:
    if not text:
        return otherwise
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None
