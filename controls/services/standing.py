"""Writing standings: the floors above know evidence and gaps, and say so here (decisions, 1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from compliance.tenancy.clock import now
from compliance.tenancy.writing import update_rows

from ..models import Control, Standing

_EVIDENCE = frozenset({
    "evidence", "evidence_counts", "operation", "operation_counts", "missing", "unapproved", "coverage", "last_evidence_at",
    "last_review_at", "assessed", "checks",
})
_GAPS = frozenset({"open_gaps", "worst_gap", "top_gap_ref", "top_gap_id"})


@transaction.atomic
def write_standings(values: Mapping[UUID, Mapping[str, Any]]) -> int:
    """Write what is known of each control, by its id; a field not given stays. Returns how many rows changed."""
    fields = sorted({name for value in values.values() for name in value})
    unknown = set(fields) - _EVIDENCE - _GAPS
    if unknown:
        raise ValueError(f"A standing has no {', '.join(sorted(unknown))}.")
    standing = {row.control_id: row for row in Standing.objects.filter(control_id__in=list(values))}
    missing = [control_id for control_id in values if control_id not in standing]
    if missing:
        known = set(Control.objects.filter(pk__in=missing).values_list("pk", flat=True))
        fresh = Standing.objects.bulk_create([Standing(control_id=id) for id in missing if id in known], batch_size=500)
        standing.update({row.control_id: row for row in fresh})
    changed = [row for id, row in standing.items() if _apply(row, values[id])]
    update_rows(changed, [*fields, "updated_at"])
    return len(changed)


def _apply(row: Standing, value: Mapping[str, Any]) -> bool:
    differs = False
    for name, new in value.items():
        if getattr(row, name) != new:
            setattr(row, name, new)
            differs = True
    if differs:
        row.updated_at = now()
    return differs
