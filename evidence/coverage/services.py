"""Counting coverage anew, and saying what an audit firm tolerates."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.programmes.models import Programme
from compliance.programmes.selectors import open_programmes
from compliance.tenancy.clock import now
from compliance.tenancy.news import announce
from compliance.tenancy.writing import update_rows
from compliance.trail.actors import Actor
from compliance.trail.services import record
from controls.conditions import controls_ever_asked

from .events import coverage_changed, tolerance_changed
from .facts import Facts
from .models import Coverage, Tolerance
from .sums import summed
from .terms import AFTER, BEFORE, period_of

_FIELDS = [
    "on", "worst", "filled", "late", "missed", "unknown", "open", "to_come", "lost", "mitigated", "first_hole", "closes", "strip",
]  # fmt: skip
#: No tolerance reaches further than this: an annual item is done once in a year.
MOST_DAYS = 366


@transaction.atomic
def refresh_coverage(facts: Facts | None = None) -> int:
    """Count every requirement of every programme under way, and write what changed; returns how many rows did.

    Idempotent: events make it prompt, the sweep makes it true, also when nothing happens but midnight.
    """
    counted = [(programme, period) for programme in open_programmes() if (period := period_of(programme))]
    if counted and facts is None:
        facts = Facts([period for _, period in counted])
    standing = {(row.programme_id, row.requirement_id): row for row in Coverage.objects.order_by("pk").select_for_update()}
    fresh: list[Coverage] = []
    changed: list[Coverage] = []
    for programme, period in counted:
        assert facts is not None
        asked = set(controls_ever_asked(programme).order_by().values_list("pk", flat=True))
        for requirement in facts.requirements.values():
            if requirement.control_id not in asked:
                continue
            values = summed(facts.intervals(programme, requirement, period), facts.on)
            row = standing.pop((programme.pk, requirement.pk), None)
            if row is None:
                fresh.append(Coverage(programme=programme, requirement=requirement, **values))
            elif any(getattr(row, name) != value for name, value in values.items()):
                _apply(row, values)
                changed.append(row)
    Coverage.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)  # another worker counted the same
    update_rows(changed, [*_FIELDS, "counted_at"])
    gone = [row.pk for row in standing.values()]
    Coverage.objects.filter(pk__in=gone).delete()
    number = len(fresh) + len(changed) + len(gone)
    if number:
        announce(coverage_changed)
    return number


def _apply(row: Coverage, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.counted_at = now()


def is_of_another_day(on: date) -> bool:
    """Whether something counted was counted for another day than this: midnight alone turns open into missed."""
    return Coverage.objects.exclude(on=on).exists()


@transaction.atomic
def set_tolerance(*, actor: Actor, programme: Programme, before: int, after: int, firm: str = "") -> Tolerance:
    """Say how many days before the period and after an interval's end the audit firm takes what is done once a year.

    Raises ValidationError for less than none or more than a year, and for a programme that is closed.
    """
    if programme.closed_at is not None:
        raise ValidationError("The programme is closed: what was counted in it stays.")
    for name, days in (("before", before), ("after", after)):
        if not 0 <= days <= MOST_DAYS:
            raise ValidationError({name: f"From 0 to {MOST_DAYS} days."})
    row = Tolerance.objects.select_for_update().filter(programme=programme).first()
    was = {"before": row.before, "after": row.after, "firm": row.firm} if row else {"before": BEFORE, "after": AFTER, "firm": ""}
    named = firm.strip()[:200]
    row = row or Tolerance(programme=programme)
    row.before, row.after, row.firm = before, after, named
    row.set_by, row.set_at = actor.label[:254], now()
    row.save()
    said = {"before": before, "after": after, "firm": named}
    record(actor=actor, action="coverage.tolerance.set", target=programme, before=was, after=said)
    announce(tolerance_changed, programme_id=programme.pk)
    return row


