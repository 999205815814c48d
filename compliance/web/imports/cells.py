"""Texts of cells: written so that no spreadsheet runs one, several values in one cell, and read back exactly. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from compliance.web.csv_lines import ACTIVE

_UNKEPT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")


def plain(text: str) -> str:
    """A text as a cell can keep it: line ends as one sign, nothing around it, none of the signs that XML refuses."""
    return _UNKEPT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def neutral(text: str) -> str:
    """What is written into a cell: an apostrophe before what a spreadsheet would run (OWASP, CSV injection), and before
    an apostrophe of the text's own, so that `restored` gives the text back."""
    return f"'{text}" if text.startswith((*ACTIVE, "'")) else text


def restored(cell: str) -> str:
    """The text of a cell that `neutral` wrote. What a person typed with an apostrophe in front stays as it is."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*ACTIVE, "'")) else cell


def joined(values: Iterable[str]) -> str:
    """Several values in one cell, parted by `|`; a `|` within a value is written `\\|`."""
    return "|".join(value.replace("\\", "\\\\").replace("|", "\\|") for value in values)


def parted(text: str) -> list[str]:
    """The values of a cell, without what is empty or there twice, in their order."""
    found = [re.sub(r"\\(.)", r"\1", each).strip() for each in re.findall(r"(?:\\.|[^|\\])+", text, re.DOTALL)]
    return list(dict.fromkeys(each for each in found if each))
