"""What stands in the way of retiring a connection: a failure that it showed, and that nobody put right or excepted.

Its gaps would close by one person's word, where closing needs newer passing evidence and an exception needs a second person.
"""

from __future__ import annotations

from evidence.collectors.models import Connection

from .models import Gap, GapState
from .wanted import CHECK_FAILS


def unsettled_on(connection: Connection) -> str:
    """The sentence that says so, with the first three gaps; empty where nothing stands in the way. One query."""
    found = Gap.objects.filter(connection=connection, rule=CHECK_FAILS, state__in=[GapState.OPEN, GapState.IN_PROGRESS])
    refs = list(found.order_by("rank", "ref").values_list("ref", flat=True))
    if not refs:
        return ""
    named = ", ".join(refs[:3]) + (f" and {len(refs) - 3} more" if len(refs) > 3 else "")
    stand, them = ("A gap stands", "it") if len(refs) == 1 else (f"{len(refs)} gaps stand", "them")
    return f"{stand} on what it shows ({named}). Put {them} right, or have what fails excepted by a second person, and retire it then."
