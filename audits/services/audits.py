"""Opening an audit, changing its frame, and recording that its report is issued."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from compliance.access.permissions import Permission
from compliance.programmes.models import Programme
from compliance.tenancy.clock import now
from compliance.tenancy.news import announce
from compliance.tenancy.references import next_reference
from compliance.trail.actors import Actor
from compliance.trail.services import changes, record

from ..events import audit_changed
from ..models import Audit, Seat
from ..selectors.seats import is_open
from .authority import need, need_seat


@transaction.atomic
def open_audit(
    *,
    actor: Actor,
    programme: Programme,
    name: str,
    firm: str,
    starts_on: date,
    ends_on: date,
    turnaround_days: int = 5,
) -> Audit:
    """A new audit of a programme by one firm. Raises ValidationError where the window ends before it starts."""
    need(actor, Permission.AUDIT_MANAGE)
    _check_window(starts_on, ends_on)
    audit = Audit.objects.create(
        ref=next_reference("AUD"),
        programme=programme,
        name=name,
        firm=firm,
        starts_on=starts_on,
        ends_on=ends_on,
        turnaround_days=turnaround_days,
    )
    record(
        actor=actor,
        action="audits.audit.opened",
        target=audit,
        after={"firm": firm, "programme": programme.name, "starts_on": starts_on, "ends_on": ends_on},
    )
    announce(audit_changed, audit_id=audit.pk)
    return audit


@transaction.atomic
def change_audit(
    *, actor: Actor, audit: Audit, name: str, firm: str, starts_on: date, ends_on: date, turnaround_days: int
) -> Audit:
    """Change the frame of an audit. Raises ValidationError once its report is issued."""
    need(actor, Permission.AUDIT_MANAGE)
    _check_window(starts_on, ends_on)
    audit = Audit.objects.select_for_update().get(pk=audit.pk)
    must_be_running(audit)
    new = {"name": name, "firm": firm, "starts_on": starts_on, "ends_on": ends_on, "turnaround_days": turnaround_days}
    before, after = changes(audit, new)
    if after:
        for field, value in after.items():
            setattr(audit, field, value)
        audit.save(update_fields=list(after))
        record(actor=actor, action="audits.audit.changed", target=audit, before=before, after=after)
        announce(audit_changed, audit_id=audit.pk)
    return audit


@transaction.atomic
def issue_audit(*, actor: Actor, audit: Audit, seat: Seat | None = None) -> Audit:
    """Record that the report is issued: requests stand still, and what the auditor opened becomes readable.

    By the auditor in their seat; or by a manager once no seat is open, so that nobody can look over the shoulder of an
    auditor who is still testing (docs/decisions/0002).
    """
    if seat is not None:
        need_seat(actor, seat, audit)
    else:
        need(actor, Permission.AUDIT_MANAGE)
        if any(is_open(each) for each in Seat.objects.filter(audit=audit)):
            raise PermissionDenied(
                "While an auditor's seat is open, the auditor records in the portal that the report is issued."
            )
    audit = Audit.objects.select_for_update().get(pk=audit.pk)
    must_be_running(audit)
    audit.issued_at = now()
    audit.save(update_fields=["issued_at"])
    record(actor=actor, action="audits.audit.issued", target=audit, after={"issued_at": audit.issued_at})
    announce(audit_changed, audit_id=audit.pk)
    return audit


def must_be_running(audit: Audit) -> None:
    """Raises ValidationError where the report is issued or the audit closed."""
    if audit.issued_at is not None or audit.closed_at is not None:
        raise ValidationError("The report of this audit is issued, so its requests and dates stand as they are.")


def _check_window(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise ValidationError({"ends_on": "The window must end after it starts."})
