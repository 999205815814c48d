"""What AWS checks share when they read rows: names, ages, where a resource stands, and who is human."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from evidence.checks.base import Facts, Finding, Outcome, Reason, Row, Unreadable, known, required

#: How people write that a resource serves customers.
PRODUCTION = ("production", "prod", "prd", "live")


def arn(row: Row) -> str:
    """The resource of a row: its ARN, or for a region that could not be read, the region."""
    return str(row.get("arn") or f"account:{row.get('account')}/{row.get('region')}")


def account(row: Row) -> str:
    return f"account:{row['account']}"


def moment(value: Any, path: str = "time") -> datetime:
    """A time of a row; anything else is malformed."""
    try:
        found = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError as error:
        raise Unreadable(Reason.MALFORMED, f"{path} is not a time: {value!r}") from error
    if found.tzinfo is None:
        raise Unreadable(Reason.MALFORMED, f"{path} has no time zone")
    return found


def days_since(facts: Facts, value: Any, path: str = "time") -> int:
    """Whole days from a time to the collection's own time."""
    return (facts.now - moment(value, path)).days


def optional(facts: Facts, kind: str) -> list[Row]:
    """Rows of a house fact that only ever narrows a judgement: where it is not there, nothing is narrowed."""
    found = facts.sets.get(kind)
    return list(found.rows) if found is not None and found.reason is None else []


def scope_of(facts: Facts, *ids: str) -> Row | None:
    """The scope register's row of the first of these ids that it knows."""
    rows = {str(row.get("external_id")): row for row in optional(facts, "org.scope")}
    return next((rows[id] for id in ids if id in rows), None)


def in_production(facts: Facts, row: Row) -> bool:
    """Whether a resource serves production: by its own tag, else by the register's word on it or on its account.

    Where nothing is said it does: what nobody has placed counts as in scope.
    """
    tags = known(row, "tags")
    said = tags.get("environment") or tags.get("env")
    if not said:
        placed = scope_of(facts, arn(row), str(row.get("account")))
        said = (placed or {}).get("environment")
    return not said or str(said).lower() in PRODUCTION


def any_of(rows: Iterable[Row], met: Callable[[Row], bool], none: Callable[[], Finding], failing: str) -> list[Finding]:
    """One is enough: where a row meets, it passes and the others do not apply; where none does, all fail.

    A row that cannot be read keeps the rest from failing for sure, so the answer is unknown; without any row it is
    what `none` says.
    """
    good: list[Row] = []
    bad: list[Row] = []
    dark: list[Finding] = []
    for row in rows:
        try:
            (good if met(row) else bad).append(row)
        except Unreadable as gap:
            dark.append(Finding(arn(row), Outcome.UNKNOWN, str(gap), gap.reason))
    if good:
        others = [Finding(arn(row), Outcome.NOT_APPLICABLE, "Another one does it.") for row in bad]
        return [Finding(arn(row), Outcome.PASS) for row in good] + others
    if dark:
        return dark
    return [Finding(arn(row), Outcome.FAIL, failing) for row in bad] or [none()]


def overdue(facts: Facts, row: Row, limits: dict[str, int], label: str) -> tuple[bool, str] | None:
    """A finding against the days that its severity allows, counted from when the source first saw it."""
    severity = str(required(row, "severity")).upper()
    if severity not in limits:
        return None
    age = days_since(facts, required(row, "first_seen"), "first_seen")
    limit = limits[severity]
    said = f"{label}: {row.get('title') or 'untitled'} ({severity.lower()}), open for {age} days; {limit} are allowed."
    return age <= limit, said
