"""What an inspection can find wrong, in words that name what and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

#: So many problems are told in full; the rest are counted.
TOLD = 200


@dataclass(frozen=True)
class Problem:
    """One thing that does not agree. `index` is the leaf's, `reference` the artefact's version; `stored` is what the
    database holds now and `logged` what the log says, where both are known."""

    what: str
    index: int | None = None
    reference: str = ""
    field: str = ""
    stored: str = ""
    logged: str = ""

    def __str__(self) -> str:
        where = [self.reference] if self.reference else []
        where += [f"leaf {self.index}"] if self.index is not None else []
        said = f"{', '.join(where)}: {self.what}" if where else self.what
        return f"{said} {self.field}: {self.stored} now, {self.logged} in the log." if self.field else said


class Problems:
    """Problems as they are found: all are counted, the first of them kept."""

    def __init__(self) -> None:
        self.found = 0
        self.told: list[Problem] = []

    def add(self, problem: Problem) -> None:
        """One more."""
        self.found += 1
        if len(self.told) < TOLD:
            self.told.append(problem)

    def take(self, problems: Iterable[Problem]) -> None:
        """All of these."""
        for problem in problems:
            self.add(problem)

    def plain(self) -> list[dict[str, Any]]:
        """Those that are kept, as JSON holds them."""
        return [asdict(each) for each in self.told]
