"""Expressions tried on real facts: what they would say now, or would have said of a day that has passed. Writes nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import here
from evidence.checks.base import Finding, Row, Unreadable
from evidence.checks.cel.asking import Fault, FaultyError, evaluate
from evidence.checks.cel.checking import finding_of
from evidence.collectors.models import Connection

from .selectors_of_past import FactsOfDays, Look, Looks, end_of, worst_first

#: Rows that are tried, findings that are shown, seconds that one trial may take.
ROWS, SHOWN, SECONDS = 500, 25, 8.0


@dataclass
class Trial:
    """What came of a trial. `said`: why there is nothing; `fault`: what is wrong with an expression, and where."""

    connection: Connection
    findings: list[Finding] = field(default_factory=list)
    rows: int = 0
    at: datetime | None = None
    look: Look | None = None
    said: str = ""
    fault: Fault | None = None
    first: str = ""

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many rows are in each outcome."""
        return sorted(Counter(finding.outcome.value for finding in self.findings).items())

    @property
    def shown(self) -> list[Finding]:
        return worst_first(self.findings)[:SHOWN]

    @property
    def cut(self) -> int:
        """How many rows were left out of the trial."""
        return max(0, self.rows - ROWS)


def try_out(expressions: dict[str, str], fact_kind: str, connection: Connection, day: date | None = None) -> Trial:
    """Expressions on the facts of a connection: the newest, or those of a local day."""
    moment = end_of(day, ZoneInfo(here().timezone)) if day else now()
    facts, looks = FactsOfDays(Looks(connection, [fact_kind], moment)).at(moment)
    look = looks.get(fact_kind)
    if look is None:
        return Trial(connection, said="Nothing of this kind was collected by then." if day else "Nothing of this kind was collected yet.")
    try:
        rows = facts.rows(fact_kind)
    except Unreadable as gap:
        return Trial(connection, look=look, at=look.at, said=f"It could not be read: {gap.detail or gap.reason}.")
    trial = Trial(connection, rows=len(rows), at=look.at, look=look, first=_first(rows))
    try:
        trial.findings = _tried(expressions, rows[:ROWS], facts.now)
    except FaultyError as error:
        trial.fault = error.fault
    return trial


def fault_in(expressions: dict[str, str]) -> Fault | None:
    """What is wrong with expressions as they are written, asked of no row; None where all that is written can be read."""
    if not any(text.strip() for text in expressions.values()):
        return None
    try:
        evaluate(expressions, [], now=now(), seconds=SECONDS)
    except FaultyError as error:
        return error.fault
    return None


def _tried(expressions: dict[str, str], rows: Sequence[Row], at: datetime) -> list[Finding]:
    told = evaluate(expressions, rows, now=at, seconds=SECONDS)
    return [finding_of(each, number) for number, each in enumerate(told, 1)]


def _first(rows: Sequence[Row]) -> str:
    """The first row as JSON, to write expressions and examples by."""
    return json.dumps(rows[0], indent=2, default=str, ensure_ascii=False)[:4_000] if rows else ""
