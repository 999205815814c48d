"""What people decide about a gap: who puts it right, by when, that work has begun, and that its severity is another.

No verb closes a gap: that is left to evidence (gaps/proof.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.tenancy.clock import today
from compliance.tenancy.news import announce
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..events import gaps_changed
from ..models import Gap, GapState, Severity
from .order import rank_again, usual_due_date
from .turn import take_turn


class WrongStateError(ValidationError):
    """The gap has moved on meanwhile: what was asked can no longer be done."""


def may_work_on(membership: Membership, gap: Gap) -> bool:
    """Whether a member may begin a gap and say when it is due: who manages gaps, and who owns this one."""
    if membership.may(Permission.GAP_CHANGE):
        return True
    return gap.owner_id == membership.pk and membership.may(Permission.GAP_CHANGE_OWN)


@transaction.atomic
def assign_gap(*, actor: Actor, gap: Gap, owner: Membership) -> Gap:
    """Name who puts it right: a present member who may work on gaps. Raises ValidationError."""
    current = _standing(gap)
    present = owner.organization_id == here().organization_id and owner.is_active
    if not present or not (owner.may(Permission.GAP_CHANGE) or owner.may(Permission.GAP_CHANGE_OWN)):
        raise ValidationError({"owner": "Choose a present member whose role may work on gaps."})
    if current.owner_id == owner.pk:
        return current
    before = {"owner": current.owner.name if current.owner else None}
    current.owner = owner
    return _save(actor, current, "assigned", ["owner"], before, {"owner": owner.name})


@transaction.atomic
def set_due_date(*, actor: Actor, gap: Gap, due_date: date | None) -> Gap:
    """Say by when it is put right; None goes back to the usual days for its severity. Raises ValidationError."""
    current = _standing(gap)
    if due_date is not None and due_date < today(here().timezone):
        raise ValidationError({"due_date": "That day has passed. Choose today or a later one."})
    before = {"due_date": current.due_date}
    current.due_date = due_date or usual_due_date(current)
    current.due_set_by_hand = due_date is not None
    fields = ["due_date", "due_set_by_hand"]
    return _save(actor, current, "due_date_set", fields, before, {"due_date": current.due_date})


@transaction.atomic
def start_gap(*, actor: Actor, gap: Gap) -> Gap:
    """Say that somebody is putting it right. Raises WrongStateError where it is not open any more."""
    current = _standing(gap)
    if current.state == GapState.ACCEPTED:
        raise WrongStateError(f"{current.ref} is accepted for now. It opens again when its exception ends.")
    if current.state != GapState.OPEN:
        raise WrongStateError(f"{current.ref} is being put right already.")
    if current.owner_id is None:
        raise ValidationError("Name who puts it right first.")
    current.state = GapState.IN_PROGRESS
    return _save(actor, current, "started", ["state"], {"state": GapState.OPEN}, {"state": GapState.IN_PROGRESS})


@transaction.atomic
def override_severity(*, actor: Actor, gap: Gap, severity: str, reason: str = "") -> Gap:
    """Put another severity into force, with a reason; an empty one goes back to what is computed. Ranks follow.

    The computed severity stays beside it, and readiness goes by the graver of the two. Raises ValidationError.
    """
    current = _standing(gap)
    if severity and severity not in Severity.values:
        raise ValidationError({"severity": "Choose critical, significant or minor."})
    if severity == current.severity:
        raise ValidationError({"severity": f"It is computed as {severity}: an override would change nothing."})
    if severity and not reason.strip():
        raise ValidationError({"reason": "Say why the computed severity is wrong. An auditor may read this."})
    if severity == current.severity_override and reason.strip() == current.override_reason:
        return current
    before = {"severity_override": current.severity_override, "override_reason": current.override_reason}
    current.severity_override, current.override_reason = severity, reason.strip() if severity else ""
    after = {"severity_override": current.severity_override, "override_reason": current.override_reason}
    if not current.due_set_by_hand:
        current.due_date = usual_due_date(current)
    fields = ["severity_override", "override_reason", "due_date"]
    action = "severity_overridden" if severity else "override_lifted"
    saved = _save(actor, current, action, fields, before, after)
    rank_again()
    return saved


def _standing(gap: Gap) -> Gap:
    """The gap as it stands now, with nobody else at the register. Raises WrongStateError where it is closed."""
    take_turn()
    current = Gap.objects.select_related("owner", "control").get(pk=gap.pk)
    if current.state == GapState.CLOSED:
        raise WrongStateError(f"{current.ref} was closed meanwhile: {current.closing_note}")
    return current


def _save(
    actor: Actor, gap: Gap, action: str, fields: list[str], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Gap:
    gap.save(update_fields=fields)
    record(actor=actor, action=f"gaps.gap.{action}", target=gap, before=before, after=after)
    announce(gaps_changed)
    return gap
