"""Test procedures in one cell: one on each line, begun with its type. Pure; what is written is read back exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from compliance.web.imports.columns import CellError

_BEGINS = re.compile(r"(inspection|reperformance|observation|inquiry): ?", re.IGNORECASE)
_FURTHER = "  "


def written(procedures: Iterable[Mapping[str, str]]) -> str:
    """`Inspection: Inspect the review.` and so on; further lines of one procedure are set in."""
    return "\n".join(f"{each['type'].capitalize()}: {each['text']}".replace("\n", f"\n{_FURTHER}") for each in procedures)


def read(cell: str) -> list[dict[str, str]]:
    """The procedures of a cell. Raises CellError where the first line names no type, or a type stands alone."""
    found: list[dict[str, str]] = []
    for line in cell.split("\n"):
        begins = _BEGINS.match(line)
        if begins:
            found.append({"type": begins[1].lower(), "text": line[begins.end() :]})
        elif found:
            found[-1]["text"] += "\n" + line.removeprefix(_FURTHER)
        else:
            raise CellError("Begin each test with Inspection:, Reperformance:, Observation: or Inquiry:.")
    if not all(each["text"].strip() for each in found):
        raise CellError("Say what the tester does after each type of test.")
    return found
