"""Decisions on warnings: to leave one as it is until a day, and to take that back."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import ScopeWarning, State, Verdict, WarningDecision
from .turn import take_turn

#: Scope is confirmed at least once a year (PCI DSS 12.5.2; ISO/IEC 27001, 9.3): no decision outlasts that.
LONGEST = timedelta(days=366)


@transaction.atomic
def decide_warning(*, actor: Actor, warning: ScopeWarning, reason: str, review_on: date) -> WarningDecision:
    """Leave a warning as it is, say why, and say when it is looked at again. The decisions before stay on record.

    It returns when that day comes, and before where the facts change. Raises ValidationError without a reason, for a
    day that is not to come within a year, and for a warning that nothing raises any more.
    """
    take_turn()
    locked = ScopeWarning.objects.select_for_update().get(pk=warning.pk)
    if locked.state == State.GONE:
        raise ValidationError("The facts no longer raise it: there is nothing to decide.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why it may be left as it is. An auditor reads this."})
    day = today(here().timezone)
    if not day < review_on <= day + LONGEST:
        raise ValidationError({"review_on": "Choose a day to come, within a year: scope is confirmed at least once a year."})
    decided = _write(actor, locked, Verdict.STANDS, reason.strip(), review_on)
    _set(locked, warning, State.DECIDED)
    return decided


@transaction.atomic
def withdraw_decision(*, actor: Actor, warning: ScopeWarning, reason: str) -> WarningDecision:
    """Take a decision back, and say why: the warning is open again. Raises ValidationError where there is none."""
    take_turn()
    locked = ScopeWarning.objects.select_for_update().get(pk=warning.pk)
    if locked.state != State.DECIDED:
        raise ValidationError("No decision on it holds.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why the decision is taken back."})
    taken = _write(actor, locked, Verdict.WITHDRAWN, reason.strip(), None)
    _set(locked, warning, State.OPEN)
    return taken


def _write(
    actor: Actor, warning: ScopeWarning, verdict: Verdict, reason: str, review_on: date | None
) -> WarningDecision:
    written = WarningDecision.objects.create(
        warning=warning, verdict=verdict, reason=reason, review_on=review_on, basis=warning.basis,
        decided_by=actor.label[:254],
    )  # fmt: skip
    verb = "decided" if verdict == Verdict.STANDS else "decision_withdrawn"
    after = {"rule": warning.rule, "reason": reason} | ({"review_on": review_on} if review_on else {})
    record(actor=actor, action=f"scoping.warning.{verb}", target=warning, after=after)
    return written


def _set(locked: ScopeWarning, shown: ScopeWarning, state: State) -> None:
    locked.state = shown.state = state
    locked.save(update_fields=["state"])
