"""What differs between two texts, line by line: said with signs and words, never by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Line:
    """One line of a comparison. `sign` is `+` for added, `-` for removed, a space for unchanged, `…` for lines left out."""

    sign: str
    text: str

    @property
    def word(self) -> str:
        """For those who listen."""
        return {"+": "Added:", "-": "Removed:", "…": "Left out:"}.get(self.sign, "")


def differences(before: Sequence[str], after: Sequence[str], *, around: int = 2) -> list[Line]:
    """The lines that differ with `around` unchanged ones beside them; empty where nothing differs."""
    if list(before) == list(after):
        return []
    found: list[Line] = []
    matcher = SequenceMatcher(None, list(before), list(after), autojunk=False)
    for group in matcher.get_grouped_opcodes(around):
        if found or group[0][1] > 0:
            found.append(Line("…", "Unchanged lines"))
        for tag, first, last, first_after, last_after in group:
            if tag == "equal":
                found += [Line(" ", text) for text in before[first:last]]
                continue
            found += [Line("-", text) for text in before[first:last]]
            found += [Line("+", text) for text in after[first_after:last_after]]
    return found
