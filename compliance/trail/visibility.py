"""What the organisation may not read of its own trail yet.

Until an audit's report is issued the organisation sees of the auditor's doings only sign-ins and totals (definitions,
Independence). Audits live above; that floor registers its restriction here.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet

from .models import Entry

#: Takes entries, inside the room; gives them without those that are not to be seen yet.
Restriction = Callable[[QuerySet[Entry]], QuerySet[Entry]]
_restrictions: list[Restriction] = []


def register(restriction: Restriction) -> None:
    """Add a restriction from above."""
    _restrictions.append(restriction)


def visible(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """The entries that may be shown to members now."""
    for restriction in _restrictions:
        entries = restriction(entries)
    return entries
