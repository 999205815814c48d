"""What is known of a party on a day, as plain facts for the rules. Pure: nothing here asks the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from .cadence import Due
from .coverage import Coverage, InUse, Letter, Paper, Span, coverage


@dataclass(frozen=True)
class ReportFacts:
    """A report: what coverage needs, and what it says of itself. `nested` are the carve-outs that nobody has answered."""

    label: str
    paper: Paper
    exceptions: str = ""
    nested: tuple[str, ...] = ()

    @property
    def ended(self) -> date:
        return self.paper.last


@dataclass(frozen=True)
class LetterFacts:
    """A bridge letter, and whether it says anything of incidents."""

    label: str
    letter: Letter
    silent: bool = False


@dataclass(frozen=True)
class Dossier:
    """One party, on the day on which it is judged. `handles_data`: customer data is with it, or flows to it."""

    id: UUID
    name: str
    role: str
    method: str
    used: InUse
    on: date
    reports: tuple[ReportFacts, ...] = ()
    letters: tuple[LetterFacts, ...] = ()
    dues: tuple[Due, ...] = ()
    reviewed: bool = False
    handles_data: bool = False
    expected_controls: int = 0
    period: Span | None = field(default=None)

    @property
    def is_subservice(self) -> bool:
        return self.role == "subservice"

    @property
    def must_be_covered(self) -> bool:
        """Its controls are necessary with ours, and nobody looks at them in our own audit."""
        return self.is_subservice and self.method != "inclusive"

    @property
    def newest(self) -> ReportFacts | None:
        """The report that speaks of the latest day; of two the one that was entered first."""
        return max(self.reports, key=lambda each: each.ended, default=None)

    def covered(self, period: Span) -> Coverage:
        """What its papers cover of a period."""
        return coverage(period, self.used, self.papers(), (each.letter for each in self.letters))

    def papers(self) -> Iterable[Paper]:
        return (each.paper for each in self.reports)
