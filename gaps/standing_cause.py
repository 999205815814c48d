"""One cause that stands, as each rule tells it: gaps are held against these."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from evidence.checks.base import Check
from evidence.collectors.models import Connection
from evidence.models import EvidenceRequirement

from .causes import Found


@dataclass
class Wanted:
    """One cause that stands: its identity, what it says, and what its rank is computed from.

    `accepted`: an exception covers all of it. It is as grave as before, and nobody is reminded (definitions, Gaps).
    `began`: the first of the days that it speaks of, where that is before `since`.
    """

    rule: str
    subject: str
    found: Found
    title: str
    cause: str
    remedy: str
    facts_at: datetime
    connection: Connection | None = None
    check: Check | None = None
    requirement: EvidenceRequirement | None = None
    resources: dict[str, str] = field(default_factory=dict)
    control_ids: list[UUID] = field(default_factory=list)
    share: float = 0.0
    population: int = 0
    since: datetime | None = None
    began: date | None = None
    intervals_beyond: int = 0
    accepted: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        return self.rule, self.subject, str(self.connection.pk) if self.connection else ""
