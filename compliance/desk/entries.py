"""What a contributor hands in, and the order in which a person should meet it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class WorkItem:
    """One thing that waits for a person.

    `key` names the thing itself (`gap:GAP-0007`), the same from whatever contributor it comes; `kind` is a word to
    filter by, `ref` the short reference people see, `why` the sentence that says what happens if it is left.
    `harm` is comparable between kinds, higher is worse; `due` is a date in the organisation's time zone, None where
    nothing was agreed. `state` is the thing's own state, as its page shows it.
    """

    key: str
    kind: str
    ref: str
    title: str
    why: str
    url: str
    due: date | None
    harm: int
    state: str

    @property
    def order(self) -> tuple[Any, ...]:
        """The most harmful first, then the first due; what has no date comes after what has one."""
        return -self.harm, self.due or date.max, self.ref, self.key


@dataclass(frozen=True)
class DigestLine:
    """One line of a person's daily digest. `urgent` lines lead it; `text` is a whole sentence, `url` where it leads."""

    key: str
    kind: str
    text: str
    url: str
    due: date | None = None
    urgent: bool = False

    @property
    def order(self) -> tuple[Any, ...]:
        """Urgent first, then the first due."""
        return not self.urgent, self.due or date.max, self.kind, self.key
