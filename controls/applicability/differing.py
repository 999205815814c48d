"""What differs between two readings of a statement, row by row, as lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compliance.web.documents.differences import Line, differences

from .reading import Shown, day_of


@dataclass(frozen=True)
class RowDifference:
    """What differs in one row, or in the answer on climate change (`ref` empty)."""

    ref: str
    title: str
    lines: list[Line]


def between(
    before: Sequence[Shown], after: Sequence[Shown], climate_before: Mapping[str, Any], climate_after: Mapping[str, Any]
) -> list[RowDifference]:
    """The rows that differ, in the order of the later reading; those that it no longer has come last."""
    old = {shown.ref: shown for shown in before}
    new = {shown.ref: shown for shown in after}
    found = [RowDifference("", "Climate change (4.1, 4.2)", differences(climate_lines(climate_before), climate_lines(climate_after)))]
    for ref in dict.fromkeys([*new, *old]):
        named = new.get(ref) or old[ref]
        lines = differences(_lines(old.get(ref)), _lines(new.get(ref)), around=0)
        found.append(RowDifference(ref, named.title, lines))
    return [each for each in found if each.lines]


def climate_lines(answer: Mapping[str, Any]) -> list[str]:
    """The answer to clauses 4.1 and 4.2 in lines; one line where there is none."""
    if not answer:
        return ["Not determined"]
    return [
        f"A relevant issue (4.1): {'yes' if answer['issue'] else 'no'}",
        f"Requirements of interested parties (4.2): {'yes' if answer['parties'] else 'no'}",
        f"Reason: {answer['reason']}", f"Determined by {answer['by']} on {day_of(answer['at'])}",
    ]  # fmt: skip


def _lines(shown: Shown | None) -> list[str]:
    return list(lines_of(shown)) if shown else []


def lines_of(shown: Shown) -> Iterator[str]:
    """A row as lines: each says what it is, and what is empty is left out."""
    yield f"Decision: {shown.decision_label}"
    for label, note in shown.driver_lines:
        yield f"{label}: {note}"
    said = {
        "Treatment": shown.treatment, "Carried out": shown.done_by, "Owner": shown.owner, "Scope reason": shown.scope_reason,
        "Risk considered": shown.risk_considered, "Review on": shown.review_on,
        "Controls": ", ".join(f"{each.ref} {each.title}" for each in shown.controls),
        "In place": shown.in_place.replace("_", " ") if shown.is_included else "",
        "Evidence": shown.evidence.replace("_", " ") if shown.is_included else "",
        "Residual risk signed": f"{shown.signed_by} on {day_of(shown.signed_on)}: {shown.signed_reason}" if shown.signed_by else "",
    }  # fmt: skip
    for label, text in said.items():
        yield from (f"{label}: {line}" for line in text.splitlines() if line.strip())
    yield from (f"To be looked at again: {reason}" for reason in shown.again)
