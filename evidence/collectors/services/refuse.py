"""Keeping that a push was refused, so that somebody sees it who was not there; and forgetting all but the newest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from compliance.trail.actors import Actor

from ..models import Connection, PushRefusal
from ..push.refusing import MOST, known_kind, said_of
from ..registry import vendor_of

#: How many refusals of one source are kept.
KEPT = 50


@transaction.atomic
def note_refusal(
    *, actor: Actor, source: Any, kind: Any, origin: str, status: int, problem: Mapping[str, Any]
) -> PushRefusal | None:
    """Keep what was wrong with a push that was refused, and nothing of what was sent. None where no source is called so.

    No trail entry: nothing was done to anything.
    """
    connection = Connection.objects.filter(slug=source).first() if isinstance(source, str) and len(source) <= 60 else None
    if connection is None or not vendor_of(connection.vendor).pushed:
        return None
    known = known_kind(kind)
    said = said_of(problem, known)
    return PushRefusal.objects.create(
        connection=connection, by=actor.label[:254], origin=origin[:200], fact_kind=known, status=status, faults=len(said),
        said=[list(each) for each in said[:MOST]],
    )


@transaction.atomic
def forget_refusals() -> int:
    """Delete all but the newest of each source; how many these were. Idempotent."""
    gone = 0
    for connection in PushRefusal.objects.order_by().values_list("connection", flat=True).distinct():
        of = PushRefusal.objects.filter(connection=connection)
        last = of.order_by("-id").values_list("pk", flat=True)[KEPT - 1 : KEPT].first()
        if last is not None:
            gone += of.filter(pk__lt=last).delete()[0]
    return gone
