"""Makes a pack of what stands in a room: signs the log, selects the leaves, and writes. In short rooms, with files between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.actors import Actor

from .entries import entries, organization_named
from .facts import Facts
from .index import StoredIndex
from .selection import Selection, select
from .stored_log import StoredLog
from .subjects import Subject, places_of
from .writing import Head, write


@dataclass(frozen=True)
class Made:
    """How a pack came out: leaves in it, and leaves in the log."""

    leaves: int
    log_size: int


def make(
    file: IO[bytes],
    *,
    organization_id: UUID,
    pack_id: UUID,
    subject: Subject,
    actor: Actor,
    made_by: str,
    beat: Callable[[int, int], None] = lambda done, total: None,
) -> Made:
    """Write the pack of a subject to a file. `beat` is told how many leaves are done, and of how many.

    Not to be called in a room: it enters short ones. Raises EmptyLog, NoSubject, CannotOpen.
    """
    with scope(organization_id):
        log = StoredLog(actor=actor)
        selection = select(places_of(subject), log.size)
        head = Head(
            id=str(pack_id), organization=organization_named(organization_id), title=title_of(subject), made_at=now(), made_by=made_by,
            of={"kind": str(subject.kind), "id": str(subject.pk), "ref": subject.ref},
        )  # fmt: skip
        index = StoredIndex(head, selection, Facts([place.control_id for place in selection.places]), log.size)
    total = len(selection.order)
    leaves = write(
        file, head, entries(organization_id, selection, _beating(selection, beat)), selection.without_leaf, log, index
    )
    beat(total, total)
    return Made(leaves, log.size)


def title_of(subject: Subject) -> str:
    """What the pack is called: for people."""
    return f"Evidence of {subject.title}"


def _beating(selection: Selection, beat: Callable[[int, int], None]) -> Callable[[int], None]:
    return lambda done: beat(done, len(selection.order))
