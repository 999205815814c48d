"""Reconciling the register with the facts: open, keep, close, reopen. Idempotent; the event makes it prompt, the sweep true."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from django.db import connection as database
from django.db import transaction

from compliance.tenancy.clock import now, today
from compliance.tenancy.news import announce
from compliance.tenancy.references import allot
from compliance.tenancy.rooms import here
from compliance.trail.actors import SYSTEM
from compliance.trail.services import record
from evidence.judging.models import CheckState
from evidence.models import EvidenceRequirement, Freshness

from ..bearing import Bearing
from ..events import gaps_changed
from ..models import Gap, GapControl, GapState, Occurrence
from ..wanted import CANNOT_LOOK, CHECK_FAILS, NOT_FRESH, Wanted, wanted
from .order import order_gaps

DUE_DAYS = {"critical": 14, "significant": 30, "minor": 90}


@transaction.atomic
def reconcile() -> dict[str, int]:
    """Bring the room's register up to the facts; returns how many were opened, reopened, closed and stand."""
    with database.cursor() as cursor:  # one reconcile of a room at a time
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"reconcile:{here().organization_id}"])
    causes = {cause.key: cause for cause in wanted()}
    known = {(gap.rule, gap.subject, gap.connection_key): gap for gap in Gap.objects.select_related("connection")}
    bearing = Bearing()
    fresh = [cause for key, cause in causes.items() if key not in known]
    counts = {"opened": len(fresh), "reopened": 0, "closed": 0}
    gaps: list[tuple[Gap, Wanted]] = _open(fresh)
    for key, gap in known.items():
        cause = causes.get(key)
        if cause is not None:
            counts["reopened"] += _keep(gap, cause)
            gaps.append((gap, cause))
        elif gap.state != GapState.CLOSED:
            counts["closed"] += _close_if_proved(gap)
    _link_controls(gaps, bearing)
    _sync_occurrences(gaps)
    order_gaps(gaps, bearing)
    counts["open"] = len(gaps)
    announce(gaps_changed)
    return counts


def _open(causes: list[Wanted]) -> list[tuple[Gap, Wanted]]:
    refs = allot("GAP", len(causes)) if causes else []
    moment = now()
    pairs = []
    for ref, cause in zip(refs, causes, strict=True):
        gap = Gap(
            ref=ref, rule=cause.rule, subject=cause.subject, connection=cause.connection, connection_key=cause.key[2],
            severity="minor", opened_at=moment, requirement=cause.requirement,
        )
        _describe(gap, cause)
        pairs.append((gap, cause))
    Gap.objects.bulk_create([gap for gap, _ in pairs], batch_size=500)
    for gap, cause in pairs:
        record(actor=SYSTEM, action="gaps.gap.opened", target=gap, after={"rule": cause.rule, "subject": cause.subject, "cause": gap.cause})
    return pairs


def _describe(gap: Gap, cause: Wanted) -> None:
    gap.title, gap.cause, gap.remedy = cause.title[:300], cause.cause, cause.remedy
    gap.facts_at = cause.facts_at


def _keep(gap: Gap, cause: Wanted) -> int:
    """The cause still stands, or stands again: a closed gap reopens under its old reference."""
    _describe(gap, cause)
    if gap.state != GapState.CLOSED:
        return 0
    gap.state, gap.closed_at, gap.closing_note = GapState.OPEN, None, ""
    gap.reopened_at = now()
    gap.reopened_times += 1
    gap.due_date, gap.due_set_by_hand = None, False
    record(actor=SYSTEM, action="gaps.gap.reopened", target=gap, after={"cause": gap.cause, "times": gap.reopened_times})
    return 1


def _close_if_proved(gap: Gap) -> int:
    """Close on evidence newer than what the gap stands on. That nothing can be seen any more proves nothing."""
    proof = _proof(gap)
    if proof is None:
        return 0
    gap.state, gap.closed_at, gap.closing_note, gap.rank = GapState.CLOSED, now(), proof, None
    gap.save(update_fields=["state", "closed_at", "closing_note", "rank"])
    gap.occurrences.filter(gone_at__isnull=True).update(gone_at=gap.closed_at)
    record(actor=SYSTEM, action="gaps.gap.closed", target=gap, after={"proof": proof})
    return 1


def _proof(gap: Gap) -> str | None:
    if gap.rule == CHECK_FAILS:
        state = CheckState.objects.filter(connection_id=gap.connection_id, check_id=gap.subject).first()
        if state is None or state.outcome in {"fail", "unknown"} or state.facts_at <= gap.facts_at:
            return None
        return f"{gap.subject} is {state.outcome.replace('_', ' ')} on facts of {state.facts_at:%d %B %Y %H:%M} UTC."
    if gap.rule == CANNOT_LOOK:
        return f"Everything could be read again on {now():%d %B %Y}."
    if gap.rule == NOT_FRESH:
        requirement = EvidenceRequirement.objects.filter(ref=gap.subject).first()
        if requirement is None or requirement.control_id is None:
            return "The requirement is no longer there."
        if requirement.freshness in {Freshness.STALE, Freshness.MISSING}:
            return None
        newest = f" of {requirement.effective_end:%d %B %Y}" if requirement.effective_end else ""
        return f"Newer evidence{newest} is there."
    return None


def _link_controls(pairs: list[tuple[Gap, Wanted]], bearing: Bearing) -> None:
    standing: dict[object, set[object]] = defaultdict(set)
    for gap_id, control_id in GapControl.objects.filter(gap__in=[gap for gap, _ in pairs]).values_list("gap_id", "control_id"):
        standing[gap_id].add(control_id)
    fresh, moment = [], today(here().timezone)
    for gap, cause in pairs:
        ids = [id for id in cause.control_ids if id in bearing.controls]
        fresh += [GapControl(gap=gap, control_id=id) for id in ids if id not in standing[gap.pk]]
        stale = standing[gap.pk] - set(ids)
        if stale:
            GapControl.objects.filter(gap=gap, control_id__in=stale).delete()
        gap.control = bearing.primary(ids)
        if gap.owner_id is None:
            gap.owner = _owner(gap, cause)
    GapControl.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    for gap, _ in pairs:
        gap.due_date = gap.due_date or moment + timedelta(days=DUE_DAYS[gap.severity])


def _owner(gap: Gap, cause: Wanted):  # noqa: ANN202 - a Membership or None
    if cause.requirement is not None and cause.requirement.owner_id is not None:
        return cause.requirement.owner
    return gap.control.owner if gap.control is not None else None


def _sync_occurrences(pairs: list[tuple[Gap, Wanted]]) -> None:
    """Each resource once: seen again, gone, or new."""
    moment = now()
    standing: dict[object, dict[str, Occurrence]] = defaultdict(dict)
    for row in Occurrence.objects.filter(gap__in=[gap for gap, _ in pairs]):
        standing[row.gap_id][row.resource] = row
    fresh, touched = [], []
    for gap, cause in pairs:
        for resource, message in cause.resources.items():
            row = standing[gap.pk].pop(resource[:400], None)
            if row is None:
                fresh.append(Occurrence(gap=gap, resource=resource[:400], message=message, first_seen_at=moment, last_seen_at=moment))
            else:
                row.message, row.last_seen_at, row.gone_at = message, moment, None
                touched.append(row)
        for row in standing[gap.pk].values():
            if row.gone_at is None:
                row.gone_at = moment
                touched.append(row)
    Occurrence.objects.bulk_create(fresh, batch_size=500)
    Occurrence.objects.bulk_update(touched, ["message", "last_seen_at", "gone_at"], batch_size=500)
