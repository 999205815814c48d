"""A check made of expressions, beside those that are written in Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from evidence.checks.base import Check, Facts, Finding, Outcome, Reason, Row, Severity

from .asking import FaultyError, Told, evaluate


def made_of(
    *, id: str, version: int, title: str, noun: str, severity: str, criteria: Sequence[str], annex_a: Sequence[str],
    fact_kind: str, expressions: Mapping[str, str], why: str, remedy: str,
) -> Check:  # fmt: skip
    """A check that asks expressions of each row of one fact kind."""

    def judge(facts: Facts) -> Iterable[Finding]:
        return findings(dict(expressions), facts.rows(fact_kind), facts.now)

    return Check(
        id=id, title=title, resource=noun, severity=Severity(severity), criteria=tuple(criteria), annex_a=tuple(annex_a),
        facts=(fact_kind,), judge=judge, why=why, remedy=remedy, version=version,
    )  # fmt: skip


def findings(
    expressions: dict[str, str], rows: Sequence[Row], now: datetime, *, seconds: float = 20.0
) -> list[Finding]:
    """A finding for each row. Expressions that cannot be read make all of it unknown."""
    if not rows:
        return []
    try:
        told = evaluate(expressions, rows, now=now, seconds=seconds)
    except FaultyError as error:
        said = f"Too expensive: {error}" if error.fault.reason is Reason.TOO_EXPENSIVE else str(error)
        return [Finding("*", Outcome.UNKNOWN, said, error.fault.reason)]
    return [finding_of(each, number) for number, each in enumerate(told, 1)]


def finding_of(told: Told, number: int) -> Finding:
    """What one answer says of its row. A row without a name is called by its place in the list."""
    name = told.resource or f"row {number}"
    if told.reason is not None:
        said = f"Too expensive: {told.said}" if told.reason is Reason.TOO_EXPENSIVE else told.said
        return Finding(name, Outcome.UNKNOWN, said, told.reason)
    if not told.applies:
        return Finding(name, Outcome.NOT_APPLICABLE)
    return Finding(name, Outcome.PASS if told.passes else Outcome.FAIL, "" if told.passes else "The expression is false.")


def outcome_of(expressions: dict[str, str], examples: Sequence[Any], now: datetime) -> list[Finding]:
    """What the expressions give for example rows. Raises FaultyError."""
    told = evaluate(expressions, examples, now=now, seconds=15.0)
    return [finding_of(each, number) for number, each in enumerate(told, 1)]
