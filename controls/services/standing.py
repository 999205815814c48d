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
    """Write what is known of each control, by its id; a field not given stays. Returns how many rows changed.

    Evidence and gaps write at the same time, each its own fields: a row that the other made first is taken as it is, and
    rows are locked in one order.
    """
    fields = sorted({name for value in values.values() for name in value})
    unknown = set(fields) - _EVIDENCE - _GAPS
    if unknown:
        raise ValueError(f"A standing has no {', '.join(sorted(unknown))}.")
    standing = {row.control_id: row for row in Standing.objects.filter(control_id__in=list(values))}
    missing = [control_id for control_id in values if control_id not in standing]
    if missing:
        known = Control.objects.filter(pk__in=missing).order_by("pk").values_list("pk", flat=True)  # one order for both sides
        fresh = [Standing(control_id=id) for id in known]
        Standing.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
        standing.update({row.control_id: row for row in Standing.objects.filter(control_id__in=missing)})
    changed = [row for id, row in standing.items() if _apply(row, values[id])]
    _lock(changed)
    update_rows(changed, [*fields, "updated_at"])
    return len(changed)


def _lock(rows: list[Standing]) -> None:
    list(Standing.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk").select_for_update().values_list("pk"))


def _apply(row: Standing, value: Mapping[str, Any]) -> bool:
    differs = False
    for name, new in value.items():
        if getattr(row, name) != new:
            setattr(row, name, new)
            differs = True
    if differs:
        row.updated_at = now()
    return differs
