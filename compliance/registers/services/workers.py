"""The roster of workers, as a people list tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction

from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here
from compliance.tenancy.writing import update_rows
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..events import workers_recorded
from ..models import Worker

FIELDS = ("name", "email", "team", "start_date", "end_date", "accounts")
#: How many changed workers one trail entry names; a first import of thousands would drown it.
NAMED = 200


@dataclass(frozen=True)
class Recorded:
    """What a roster did: how many were added, changed, left as they were, and known of this source but not in it."""

    added: int
    changed: int
    unchanged: int
    absent: int


@transaction.atomic
def record_workers(*, actor: Actor, rows: Iterable[Mapping[str, Any]], source: str) -> Recorded:
    """Bring the roster of one source up to date: by its `id`, new workers are added and known ones changed.

    Rows are `id, email, name` and, optionally, `team, start_date, end_date` (dates or ISO days) and `accounts`; what a
    row does not mention stays. Who is absent stays too: only a last day says that somebody has left.
    """
    known = {worker.external_id: worker for worker in Worker.objects.select_for_update().filter(source=source)}
    given = {str(row["id"]): _fields(row) for row in rows}
    added = [Worker(external_id=id, source=source, **fields) for id, fields in given.items() if id not in known]
    changed, before_after = [], []
    for id, fields in given.items():
        difference = _differences(known[id], fields) if id in known else {}
        if difference:
            changed.append(known[id])
            before_after.append({"id": id, "name": known[id].name, **difference})
    Worker.objects.bulk_create(added, batch_size=1000)
    update_rows(changed, FIELDS)
    result = Recorded(
        len(added), len(changed), len(given) - len(added) - len(changed), len(known.keys() - given.keys())
    )
    if added or changed:
        _leave_a_trail(actor, source, result, added, before_after)
    return result


def _fields(row: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: row[name] for name in FIELDS if name in row}
    for name in ("start_date", "end_date"):
        if isinstance(fields.get(name), str):
            fields[name] = date.fromisoformat(fields[name][:10]) if fields[name] else None
    if "email" in fields:
        fields["email"] = str(fields["email"]).strip().lower()
    if "accounts" in fields:
        fields["accounts"] = dict(fields["accounts"] or {})
    return fields


def _differences(worker: Worker, fields: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Field to [before, after]; the worker gets the new values."""
    found = {}
    for name, value in fields.items():
        if getattr(worker, name) != value:
            found[name] = [getattr(worker, name), value]
            setattr(worker, name, value)
    return found


def _leave_a_trail(
    actor: Actor, source: str, result: Recorded, added: list[Worker], changed: list[dict[str, Any]]
) -> None:
    organization = Organization.objects.get(pk=here().organization_id)
    record(
        actor=actor, action="registers.workers.recorded", target=organization, label=f"Workers of {source}",
        after={
            "source": source, "added": result.added, "changed": result.changed, "unchanged": result.unchanged,
            "absent": result.absent, "workers_added": [worker.name for worker in added[:NAMED]],
            "workers_changed": changed[:NAMED],
        },
    )  # fmt: skip
    send = partial(workers_recorded.send_robust, sender=Worker)
    transaction.on_commit(partial(send, organization_id=here().organization_id))
