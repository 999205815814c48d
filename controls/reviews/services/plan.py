"""How often a control is reviewed: as its frequency has it, or as somebody chose."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.intervals.cadence import Cadence
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record
from controls.models import Control

from ..models import CADENCES, Review, ReviewPlan, ReviewState
from ..selectors import in_use
from ..timing import cadence_of, half_gone
from .answer import withdraw


@transaction.atomic
def choose_cadence(*, actor: Actor, control: Control, cadence: str, reason: str = "") -> ReviewPlan:
    """Review a control at another cadence from today on, with a reason; without a cadence, as its frequency has it again.

    What is open stays due as it was opened where at least half of its block is gone; else it is withdrawn, and the new
    cadence asks for those days. Raises ValidationError by field, and for a control that is not in use.
    """
    control = Control.objects.select_for_update(of=("self",)).get(pk=control.pk)
    if not in_use().filter(pk=control.pk).exists():
        raise ValidationError({"cadence": "Nothing is asked of a control that is not in place or says no frequency."})
    wanted = cadence or cadence_of(control.frequency)
    if wanted not in dict(CADENCES):
        raise ValidationError({"cadence": "Choose one of the cadences."})
    if cadence and not reason.strip():
        raise ValidationError({"reason": "Say why it is reviewed at another cadence than it is performed."})
    on = today(here().timezone)
    held = ReviewPlan.objects.select_for_update(of=("self",)).filter(control=control, ended_on__isnull=True).first()
    if held is not None and held.cadence == wanted and held.chosen == bool(cadence) and held.reason == reason.strip():
        return held
    if held is not None:
        end_plan(actor=actor, plan=held, on=on, why="Reviewed at another cadence from now on.")
    begins = max(on, control.starts_on) if control.starts_on else on
    return begin_plan(
        actor=actor, control=control, cadence=Cadence(str(wanted)), begins_on=begins, chosen=bool(cadence),
        reason=reason.strip(),
    )  # fmt: skip


def begin_plan(
    *, actor: Actor, control: Control, cadence: Cadence, begins_on: date, chosen: bool = False, reason: str = ""
) -> ReviewPlan:
    """A plan from a day on. Never from a past one: nobody was asked then."""
    plan = ReviewPlan.objects.create(
        control=control, cadence=cadence.value, begins_on=begins_on, chosen=chosen, reason=reason,
        set_by=actor.label[:254],
    )  # fmt: skip
    after = {"cadence": plan.cadence, "begins_on": begins_on} | ({"reason": reason} if reason else {})
    record(actor=actor, action="reviews.plan.begun", target=plan, after=after)
    return plan


def end_plan(*, actor: Actor, plan: ReviewPlan, on: date, why: str) -> None:
    """No new review by this plan. An open one of which less than half has gone is withdrawn; the others stay due."""
    plan.ended_on = on
    plan.save(update_fields=["ended_on"])
    record(actor=actor, action="reviews.plan.ended", target=plan, after={"ended_on": on, "why": why})
    waiting = Review.objects.select_for_update(of=("self",)).filter(plan=plan, state=ReviewState.OPEN)
    for review in waiting.select_related("control", "assignee"):
        if not half_gone(review.covers_from, review.due_on, on):
            withdraw(actor=actor, review=review, why=why)
