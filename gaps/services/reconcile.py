"""The register follows the facts: open, keep, close, reopen. Idempotent; the event makes it prompt, the sweep true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.news import announce
from compliance.tenancy.references import allot
from compliance.tenancy.writing import update_rows
from compliance.trail.actors import SYSTEM
from compliance.trail.services import record

from ..bearing import Bearing
from ..events import gaps_changed
from ..models import Gap, GapControl, GapState, Occurrence
from ..proof import Proofs
from ..standing_cause import Wanted
from ..wanted import wanted
from .order import order_gaps, snapshot, usual_due_date
from .turn import take_turn

Pairs = list[tuple[Gap, Wanted]]


@transaction.atomic
def reconcile() -> dict[str, int]:
    """Bring the room's register up to the facts; returns how many were opened, reopened and closed, and have a cause."""
    take_turn()
    causes = {cause.key: cause for cause in wanted()}
    known = {(gap.rule, gap.subject, gap.connection_key): gap for gap in Gap.objects.select_related("connection")}
    before = {gap.pk: snapshot(gap) for gap in known.values()}
    fresh = [cause for key, cause in causes.items() if key not in known]
    counts = {"opened": len(fresh), "reopened": 0}
    pairs = _open(fresh)
    for key, gap in known.items():
        if cause := causes.get(key):
            counts["reopened"] += _keep(gap, cause)
            pairs.append((gap, cause))
    counts["closed"] = _close_proved(
        [gap for key, gap in known.items() if key not in causes and gap.state != GapState.CLOSED]
    )
    bearing = Bearing()
    _link_controls(pairs, bearing)
    _sync_occurrences(pairs)
    order_gaps(pairs, bearing, before)
    counts["open"] = len(pairs)
    announce(gaps_changed)
    return counts


def _open(causes: list[Wanted]) -> Pairs:
    refs = allot("GAP", len(causes)) if causes else []
    moment = now()
    pairs = []
    for ref, cause in zip(refs, causes, strict=True):
        gap = Gap(
            ref=ref,
            rule=cause.rule,
            subject=cause.subject,
            connection=cause.connection,
            connection_key=cause.key[2],
            severity="minor",
            opened_at=moment,
            requirement=cause.requirement,
        )
        _describe(gap, cause)
        if cause.accepted:
            gap.state = GapState.ACCEPTED
        pairs.append((gap, cause))
    Gap.objects.bulk_create([gap for gap, _ in pairs], batch_size=500)
    for gap, cause in pairs:
        record(
            actor=SYSTEM,
            action="gaps.gap.opened",
            target=gap,
            after={"rule": cause.rule, "subject": cause.subject, "cause": gap.cause},
        )
    return pairs


def _describe(gap: Gap, cause: Wanted) -> None:
    gap.title, gap.cause, gap.remedy = cause.title[:300], cause.cause, cause.remedy
    gap.facts_at = cause.facts_at


def _keep(gap: Gap, cause: Wanted) -> int:
    """The cause stands still, or again: a closed gap reopens under its old reference, and so does one that was accepted
    once its exception has ended or more fails than was approved. Returns how many reopened."""
    _describe(gap, cause)
    if cause.accepted:
        return _accept(gap)
    if gap.state not in {GapState.CLOSED, GapState.ACCEPTED}:
        return 0
    gap.state, gap.closed_at, gap.closing_note = GapState.OPEN, None, ""
    gap.reopened_at = now()
    gap.reopened_times += 1
    gap.due_date, gap.due_set_by_hand = None, False
    record(
        actor=SYSTEM, action="gaps.gap.reopened", target=gap, after={"cause": gap.cause, "times": gap.reopened_times}
    )
    return 1


def _accept(gap: Gap) -> int:
    """An exception covers it: it moves to the accepted ones and nobody is reminded. Nothing of its severity changes."""
    if gap.state == GapState.ACCEPTED:
        return 0
    before, gap.state, gap.closed_at, gap.closing_note = gap.state, GapState.ACCEPTED, None, ""
    record(actor=SYSTEM, action="gaps.gap.accepted", target=gap, before={"state": before}, after={"cause": gap.cause})
    return 0


def _close_proved(gaps: list[Gap]) -> int:
    """Close those whose cause is disproved by evidence newer than what they stand on; returns how many."""
    if not gaps:
        return 0
    proofs, closed = Proofs(gaps), 0
    for gap in gaps:
        if proof := proofs.of(gap):
            _close(gap, proof)
            closed += 1
    return closed


def _close(gap: Gap, proof: str) -> None:
    gap.state, gap.closed_at, gap.closing_note, gap.rank = GapState.CLOSED, now(), proof, None
    gap.save(update_fields=["state", "closed_at", "closing_note", "rank"])
    gap.occurrences.filter(gone_at__isnull=True).update(gone_at=gap.closed_at)
    record(actor=SYSTEM, action="gaps.gap.closed", target=gap, after={"proof": proof})


def _link_controls(pairs: Pairs, bearing: Bearing) -> None:
    """The controls that each gap bears on; who answers for it and by when, where nobody has said."""
    standing: dict[UUID, set[UUID]] = defaultdict(set)
    for gap_id, control_id in GapControl.objects.filter(gap__in=[gap for gap, _ in pairs]).values_list(
        "gap_id", "control_id"
    ):
        standing[gap_id].add(control_id)
    fresh = []
    for gap, cause in pairs:
        ids = bearing.bears_on(cause)
        fresh += [GapControl(gap=gap, control_id=id) for id in ids if id not in standing[gap.pk]]
        stale = standing[gap.pk] - set(ids)
        if stale:
            GapControl.objects.filter(gap=gap, control_id__in=stale).delete()
        gap.control = bearing.primary(ids)
        if gap.owner_id is None:
            gap.owner = _owner(gap, cause)
        gap.due_date = gap.due_date or usual_due_date(gap)
    GapControl.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)


def _owner(gap: Gap, cause: Wanted) -> Membership | None:
    """Who owns the evidence, else the control; nobody who has left."""
    asked = [cause.requirement.owner if cause.requirement else None, gap.control.owner if gap.control else None]
    return next((owner for owner in asked if owner is not None and owner.is_active), None)


def _sync_occurrences(pairs: Pairs) -> None:
    """Each resource once: seen again, gone, or new."""
    moment = now()
    standing: dict[UUID, dict[str, Occurrence]] = defaultdict(dict)
    for row in Occurrence.objects.filter(gap__in=[gap for gap, _ in pairs]):
        standing[row.gap_id][row.resource] = row
    fresh: list[Occurrence] = []
    seen: list[UUID] = []
    changed: list[Occurrence] = []
    for gap, cause in pairs:
        for resource, message in cause.resources.items():
            kept = standing[gap.pk].pop(resource[:400], None)
            if kept is None:
                fresh.append(
                    Occurrence(
                        gap=gap, resource=resource[:400], message=message, first_seen_at=moment, last_seen_at=moment
                    )
                )
            elif kept.message == message and kept.gone_at is None:
                seen.append(kept.pk)
            else:
                kept.message, kept.last_seen_at, kept.gone_at = message, moment, None
                changed.append(kept)
        changed += _gone(standing[gap.pk].values(), moment)
    Occurrence.objects.bulk_create(fresh, batch_size=500)
    Occurrence.objects.filter(pk__in=seen).update(last_seen_at=moment)
    update_rows(changed, ["message", "last_seen_at", "gone_at"])


def _gone(rows: Iterable[Occurrence], moment: datetime) -> list[Occurrence]:
    gone = [row for row in rows if row.gone_at is None]
    for row in gone:
        row.gone_at = moment
    return gone
