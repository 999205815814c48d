"""What an API token may be allowed, as people choose it: reading or writing, area by area.

A token's scopes are permissions. What is a person's own (their work, their requests), and what would let a token beget
others (people, tokens, settings), is in no area. Control reviews and access reviews are the exception: a token answers those of
the member who made it, and of nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from compliance.access.permissions import Permission as P


@dataclass(frozen=True)
class Area:
    """A part of the product, with the permissions that reading and writing it take."""

    key: str
    title: str
    read: frozenset[P]
    write: frozenset[P] = frozenset()


AREAS: tuple[Area, ...] = (
    Area("organization", "Organisation and people", frozenset({P.ORGANIZATION_VIEW, P.PEOPLE_VIEW})),
    Area("trail", "Audit trail", frozenset({P.TRAIL_VIEW})),
    Area(
        "programmes", "Frameworks and programmes",
        frozenset({P.FRAMEWORK_VIEW, P.PROGRAMME_VIEW}), frozenset({P.FRAMEWORK_CHANGE, P.PROGRAMME_CHANGE}),
    ),
    Area("scope", "Scope register", frozenset({P.SCOPE_VIEW}), frozenset({P.SCOPE_CHANGE, P.SCOPE_DECIDE})),
    Area("ledger", "Incidents and changes", frozenset({P.LEDGER_VIEW}), frozenset({P.LEDGER_CHANGE})),
    Area(
        "descriptions", "System descriptions",
        frozenset({P.DESCRIPTION_VIEW}), frozenset({P.DESCRIPTION_CHANGE, P.DESCRIPTION_APPROVE}),
    ),
    Area("rounds", "Confirmations and programme reviews", frozenset({P.ROUND_VIEW}), frozenset({P.ROUND_CHANGE})),
    Area("controls", "Controls", frozenset({P.CONTROL_VIEW}), frozenset({P.CONTROL_CHANGE, P.CONTROL_CONCLUDE})),
    Area("reviews", "Control reviews", frozenset({P.REVIEW_VIEW}), frozenset({P.REVIEW_ANSWER_OWN, P.REVIEW_MANAGE})),
    Area(
        "applicability", "Statements of applicability",
        frozenset({P.APPLICABILITY_VIEW}), frozenset({P.APPLICABILITY_CHANGE, P.APPLICABILITY_APPROVE}),
    ),
    Area(
        "evidence", "Evidence", frozenset({P.EVIDENCE_VIEW, P.PACK_VIEW}),
        frozenset({P.EVIDENCE_PROVIDE, P.EVIDENCE_REVIEW, P.PACK_MAKE}),
    ),
    Area(
        "checks", "Checks and their exceptions", frozenset(),
        frozenset({P.CHECK_CHANGE, P.EXCEPTION_ASK, P.EXCEPTION_APPROVE, P.EXCEPTION_APPROVE_WHOLE}),
    ),
    Area(
        "access-reviews", "Access reviews",
        frozenset({P.ACCESS_REVIEW_VIEW}), frozenset({P.ACCESS_REVIEW_DECIDE_OWN, P.ACCESS_REVIEW_MANAGE}),
    ),
    Area(
        "connections", "Connections and runs",
        frozenset({P.CONNECTION_VIEW}), frozenset({P.CONNECTION_MANAGE, P.RUN_START}),
    ),
    Area("facts", "Facts that your own programs push", frozenset(), frozenset({P.FACT_PUSH})),
    Area("gaps", "Gaps", frozenset({P.GAP_VIEW}), frozenset({P.GAP_CHANGE})),
    Area(
        "audits", "Audits and requests", frozenset({P.AUDIT_VIEW, P.REQUEST_VIEW}),
        frozenset({P.AUDIT_MANAGE, P.REQUEST_ANSWER, P.REQUEST_MANAGE}),
    ),
    Area("reports", "Dashboard and reports", frozenset({P.DASHBOARD_VIEW, P.REPORT_VIEW})),
)  # fmt: skip

GRANTABLE: frozenset[P] = frozenset().union(*(area.read | area.write for area in AREAS))


def choices_within(held: Iterable[P]) -> list[tuple[str, str]]:
    """What somebody who holds these permissions may hand to a token: (`gaps:write`, `Gaps: write`)."""
    within = frozenset(held)
    return [
        (f"{area.key}:{way}", f"{area.title}: {way}")
        for area in AREAS
        for way, needed in (("read", area.read), ("write", area.write))
        if needed & within
    ]


def permissions_for(chosen: Iterable[str], held: Iterable[P]) -> frozenset[P]:
    """What choices such as `gaps:write` stand for, so far as it is held. Raises KeyError for an unknown choice."""
    by_key = {f"{area.key}:{way}": getattr(area, way) for area in AREAS for way in ("read", "write")}
    return frozenset().union(*(by_key[choice] for choice in chosen)) & frozenset(held)


def summary(scopes: Iterable[str]) -> list[str]:
    """A token's scopes in words: `Gaps: read and write`; in part where it holds some of what an area has."""
    held, lines = set(scopes), []
    for area in AREAS:
        ways = [_way(name, needed, held) for name, needed in (("read", area.read), ("write", area.write))]
        if any(ways):
            lines.append(f"{area.title}: {' and '.join(way for way in ways if way)}")
    return lines


def _way(name: str, needed: frozenset[P], held: set[str]) -> str:
    had = {permission for permission in needed if permission.value in held}
    if not had:
        return ""
    return name if had == needed else f"{name} in part"
