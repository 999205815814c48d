"""Appending leaves, in the transaction of the deed that they tell of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from compliance.tenancy.clock import now
from compliance.tenancy.ids import uuid7
from compliance.tenancy.rooms import here

from ..canonical import canonical
from ..merkle import leaf_hash
from ..models import Leaf

#: The version of what a leaf's members mean.
FORMAT = 1
#: Leaves of one statement.
_TOGETHER = 1000


@dataclass(frozen=True)
class Told:
    """What one leaf is to say. `subject` is the id of the row that it speaks of; `body` holds JSON values only."""

    kind: str
    subject: UUID
    artefact: UUID | None
    body: Mapping[str, Any]


def append_leaf(*, kind: str, subject: UUID, artefact: UUID | None, body: Mapping[str, Any]) -> Leaf:
    """`append_leaves` for one."""
    return append_leaves([Told(kind, subject, artefact, body)])[0]


def append_leaves(told: Sequence[Told]) -> list[Leaf]:
    """Append leaves in the given order; one statement for each thousand. Stands in the caller's transaction.

    The head's row is locked until that ends: so no index is lost or given twice, and whoever appends does it last.
    Raises NotCanonicalError for a body that has no canonical form.
    """
    moment = now()
    bodies = [canonical(_members(each, moment)) for each in told]
    leaves = [
        Leaf(
            kind=each.kind, subject=each.subject, artefact=each.artefact, body=body.decode(), leaf_hash=leaf_hash(body),
            appended_at=moment,
        )
        for each, body in zip(told, bodies, strict=True)
    ]  # fmt: skip
    with transaction.atomic(savepoint=False):
        for start in range(0, len(leaves), _TOGETHER):
            _write(leaves[start : start + _TOGETHER])
    return leaves


def moment_text(moment: datetime) -> str:
    """A moment as leaves write it: RFC 3339 in UTC, with microseconds and Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _members(told: Told, moment: datetime) -> dict[str, Any]:
    own = {"v": FORMAT, "type": told.kind, "organization": str(here().organization_id), "at": moment_text(moment)}
    return {**told.body, **own}


def _write(leaves: Sequence[Leaf]) -> None:
    """Count the head up and put the leaves where it stood, in one statement; each leaf learns its index."""
    values: list[Any] = []
    for place, leaf in enumerate(leaves):
        values += [leaf.pk, place, leaf.kind, leaf.subject, leaf.artefact, leaf.body, leaf.leaf_hash]
    with connection.cursor() as cursor:
        cursor.execute(
            _APPEND.format(rows=", ".join([_ROW] * len(leaves))),
            [uuid7(), here().organization_id, len(leaves), *values, len(leaves), leaves[0].appended_at],
        )
        first = min(index for (index,) in cursor.fetchall())
    for place, leaf in enumerate(leaves):
        leaf.index = first + place
        leaf._state.adding = False


_ROW = "(%s::uuid, %s, %s, %s::uuid, %s::uuid, %s, %s::bytea)"
_APPEND = """
WITH head AS (
  INSERT INTO evidence_log_head AS held (id, organization_id, size) VALUES (%s, %s, %s)
  ON CONFLICT (organization_id) DO UPDATE SET size = held.size + EXCLUDED.size
  RETURNING organization_id, size
), given (id, place, kind, subject, artefact, body, leaf_hash) AS (VALUES {rows})
INSERT INTO evidence_log_leaf (id, organization_id, index, kind, subject, artefact, body, leaf_hash, appended_at)
SELECT id, organization_id, size - %s + place, kind, subject, artefact, body, leaf_hash, %s FROM head, given
RETURNING index
"""
