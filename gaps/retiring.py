"""What stands in the way of retiring a connection: a failure that it showed, and that nobody put right or excepted.

Its gaps would close by one person's word, where closing needs newer passing evidence and an exception needs a second person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q

from evidence.checks import catalogue
from evidence.collectors.models import Connection
from evidence.judging.models import CheckException, ExceptionDecision
from evidence.judging.selectors_of_exceptions import ASKED, approvals_of_all, exceptions

from .models import Gap, GapState
from .wanted import CHECK_FAILS


@dataclass(frozen=True)
class Unsettled:
    """A gap that stands on what a connection shows, and the exception of its whole check that waits for an answer, if one does."""

    gap: Gap
    waiting: CheckException | None

    @property
    def can_be_asked(self) -> bool:
        """Nobody has asked yet, and its check is still there to be excepted."""
        return self.waiting is None and catalogue.get(self.gap.subject) is not None


def unsettled(connection: Connection) -> list[Unsettled]:
    """The failures of a connection that were neither put right nor excepted, by rank.

    Excepted is one of which an exception of all resources holds and covers as many as fail now, also where nobody can look any
    more: then nothing turns the gap to accepted, since what was not looked at is unknown, and what was shown is excepted all the same.
    """
    found = Gap.objects.filter(connection=connection, rule=CHECK_FAILS, state__in=[GapState.OPEN, GapState.IN_PROGRESS])
    there = Q(occurrences__gone_at__isnull=True)
    shown = {"shown": Count("occurrences", filter=there), "known_at": Max("occurrences__first_seen_at", filter=there)}
    gaps: list[Any] = list(found.annotate(**shown).order_by("rank", "ref"))
    if not gaps:
        return []
    approvals = approvals_of_all(connection)
    waiting = {each.check_id: each for each in exceptions().filter(connection=connection, resource="", state=ASKED)}
    return [Unsettled(gap, waiting.get(gap.subject)) for gap in gaps if not _is_excepted(gap, approvals.get(gap.subject, ()))]


def _is_excepted(gap: Any, approvals: Sequence[ExceptionDecision]) -> bool:
    """Whether an approval speaks of what the gap last showed: of as many resources, or given when all of them were known. Else
    whoever stops looking would bring a failure under an exception that was approved of fewer."""
    since = max(filter(None, [gap.facts_at, gap.known_at]))
    return any((said.failing or 0) >= gap.shown or said.decided_at >= since for said in approvals)


def unsettled_on(connection: Connection) -> str:
    """The sentence that says so, with the first three gaps; empty where nothing stands in the way."""
    refs = [each.gap.ref for each in unsettled(connection)]
    if not refs:
        return ""
    named = ", ".join(refs[:3]) + (f" and {len(refs) - 3} more" if len(refs) > 3 else "")
    stand, them = ("A gap stands", "it") if len(refs) == 1 else (f"{len(refs)} gaps stand", "them")
    return f"{stand} on what it shows ({named}). Put {them} right, or have what fails excepted by a second person, and retire it then."
