"""CUECs as people paste them, one on each line. Pure."""

from __future__ import annotations

import re

_NUMBERED = re.compile(r"^\s*((?:CUEC[- ]?)?\d[\d.]{0,9}\d|(?:CUEC[- ]?)?\d)\s*(?:[.):\t]|\s-\s)\s*(\S.*)$", re.IGNORECASE)


def cuec_rows(text: str) -> list[tuple[str, str]]:
    """(number, text) of each line that has words; the number is empty where there is none."""
    rows = []
    for line in text.splitlines():
        if not line.strip():
            continue
        match = _NUMBERED.match(line)
        rows.append((match[1], match[2].strip()) if match else ("", line.strip()))
    return rows
