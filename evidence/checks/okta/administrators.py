"""Administrators: who they are, and how many may do anything."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.checks.base import Facts, Finding, Outcome, Row, Severity, Unreadable, check, required
from evidence.checks.okta.reading import ORG, in_words, listed, namer, unreadable, user_name, verdict


@check(
    "okta.admins.population",
    title="Administrators, for review", version=2,
    resource="role assignment", severity=Severity.HIGH, criteria="CC6.3", annex_a="A.8.2 A.5.18",
    facts="okta.admin_roles", population=True,
    why="An administrator can change who may do what; each has to be somebody who still needs it.",
    remedy="Open an access review on this population, and give narrower roles to those who do not need everything.",
)
def population(facts: Facts) -> Iterator[Finding]:
    for row in facts.rows("okta.admin_roles"):
        try:
            yield listed(user_name(row), _described(_active(row)))
        except Unreadable as gap:
            yield unreadable(user_name(row), gap)


@check(
    "okta.admins.super_count",
    title="There are two to five super administrators",
    resource="org", severity=Severity.HIGH, criteria="CC6.3", annex_a="A.8.2 A.5.18", facts="okta.admin_roles", fewest=2, most=5,
    why="Each super administrator can undo every other control; with one alone, the company can be locked out.",
    remedy="Give narrower roles to those who do not need everything; keep between two and five super administrators.",
)
def super_count(facts: Facts) -> Iterator[Finding]:
    supers: list[str] = []
    gaps: list[Unreadable] = []
    for row in facts.rows("okta.admin_roles"):
        try:
            if "SUPER_ADMIN" in {required(role, "type") for role in _active(row)}:
                supers.append(str(row.get("login") or row.get("user_id")))
        except Unreadable as gap:
            gaps.append(gap)
    yield _count(supers, gaps, facts)


def _count(supers: list[str], gaps: list[Unreadable], facts: Facts) -> Finding:
    fewest, most = int(facts.thresholds["fewest"]), int(facts.thresholds["most"])
    message = f"{in_words(len(supers), 'super administrator')}, {fewest} to {most} wanted: {', '.join(sorted(supers))}"
    if len(supers) > most:
        return verdict(ORG, False, message)
    if gaps:
        return Finding(ORG, Outcome.UNKNOWN, "the roles of some administrators could not be read", gaps[0].reason)
    return verdict(ORG, len(supers) >= fewest, message)


def _active(row: Row) -> list[Row]:
    return [role for role in required(row, "roles") if required(role, "status") == "ACTIVE"]


def _described(roles: list[Row]) -> str:
    named = (f"{r.get('label') or r.get('type')}{' by group' if r.get('via') == 'GROUP' else ''}" for r in roles)
    return ", ".join(named) or "no active role"


@check(
    "okta.admins.groups_roles",
    title="Administrator roles given through groups",
    resource="group role", severity=Severity.MEDIUM, criteria="CC6.3", annex_a="A.8.2",
    facts="okta.group_roles", population=True,
    why="Whoever may add people to such a group makes administrators, often without being one.",
    remedy="Review each group that carries a role: its members, its rules, and who may change them.",
)
def group_roles(facts: Facts) -> Iterator[Finding]:
    rows = facts.rows("okta.group_roles")
    name = namer(rows, "group")
    for row in rows:
        try:
            roles = _active(row)
        except Unreadable as gap:
            yield unreadable(name(row), gap)
            continue
        if roles:
            yield listed(name(row), _described(roles))
