"""Who may not become a member: an auditor's independence ends where they hold a role (definitions, Independence).

The seats of auditors live above; that floor registers its objection here. It asks `selectors.is_member` in its turn.
"""

from __future__ import annotations

from collections.abc import Callable

#: Takes an email address, inside the organisation's room; answers why that person may not be a member, or "".
Objection = Callable[[str], str]
_objections: list[Objection] = []


def register(objection: Objection) -> None:
    """Add an objection from above."""
    _objections.append(objection)


def objection_to(email: str) -> str:
    """The first reason why this person may not be a member here; empty where there is none."""
    return next((reason for objection in _objections if (reason := objection(email))), "")
