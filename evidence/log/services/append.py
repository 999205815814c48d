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


@transaction.atomic(savepoint=False)
def append_leaves(told: Sequence[Told]) -> list[Leaf]:
    """Append leaves in the given order; two statements, however many.

    The head's row is locked until the caller's transaction ends: so no index is lost or given twice, and whoever appends
    does it last. Raises NotCanonicalError for a body that has no canonical form.
    """
    moment = now()
    written = [canonical(_members(each, moment)) for each in told]
    first = _allot(len(told))
    return Leaf.objects.bulk_create(
        [
            Leaf(
                index=first + at, kind=each.kind, subject=each.subject, artefact=each.artefact, body=body.decode(),
                leaf_hash=leaf_hash(body), appended_at=moment,
            )
            for at, (each, body) in enumerate(zip(told, written, strict=True))
        ],
        batch_size=1000,
    )  # fmt: skip


def moment_text(moment: datetime) -> str:
    """A moment as leaves write it: RFC 3339 in UTC, with microseconds and Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _members(told: Told, moment: datetime) -> dict[str, Any]:
    own = {"v": FORMAT, "type": told.kind, "organization": str(here().organization_id), "at": moment_text(moment)}
    return {**told.body, **own}


def _allot(count: int) -> int:
    """The first of the next `count` indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO evidence_log_head AS held (id, organization_id, size) VALUES (%s, %s, %s)
            ON CONFLICT (organization_id) DO UPDATE SET size = held.size + EXCLUDED.size
            RETURNING size
            """,
            [uuid7(), here().organization_id, count],
        )
        return int(cursor.fetchone()[0]) - count
