"""Keeping reviews true as days pass: plans follow controls, reviews open, change hands, remind, escalate, and are skipped.

Idempotent: run twice, the second finds nothing to do. The event of a changed control makes it prompt, the hourly sweep
makes it true.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F, Max, Q

from compliance.intervals.cadence import Cadence
from compliance.tenancy.clock import today
from compliance.tenancy.references import allot
from compliance.tenancy.rooms import here
from compliance.tenancy.writing import update_rows
from compliance.trail.actors import Actor
from compliance.trail.services import Told, bulk_record

from ..models import Review, ReviewPlan, ReviewState
from ..selectors import in_use
from ..timing import Timetable, cadence_of, timetables
from .answer import found_skipped
from .plan import begin_plan, end_plan
from .remind import remind_all

REF = "REV"


@transaction.atomic
def keep_reviews(*, actor: Actor) -> dict[str, int]:
    """Bring the room's reviews up to today; returns how many opened, changed hands, were told of and were skipped."""
    on = today(here().timezone)
    plans = list(ReviewPlan.objects.select_for_update(of=("self",)).filter(ended_on__isnull=True).select_related("control"))
    plans = _follow_controls(actor, plans, on)
    return {
        "opened": _open(actor, plans, on), "handed_over": _hand_over(actor), "skipped": _skip(actor, on),
        "told": remind_all(actor=actor, on=on),
    }  # fmt: skip


def _follow_controls(actor: Actor, plans: list[ReviewPlan], on: date) -> list[ReviewPlan]:
    """Each control in use has a plan; one that is no longer in use has none; one that nobody chose follows the frequency."""
    controls, standing = {each.pk: each for each in in_use()}, []
    for plan in plans:
        control = controls.get(plan.control_id)
        if control is None:
            end_plan(actor=actor, plan=plan, on=on, why="The control is no longer in use, or no longer says how often.")
        elif not plan.chosen and plan.cadence != cadence_of(control.frequency):
            end_plan(actor=actor, plan=plan, on=on, why="The control is performed at another frequency from now on.")
        else:
            standing.append(plan)
            del controls[plan.control_id]
    for control in sorted(controls.values(), key=lambda each: each.ref):
        cadence = cadence_of(control.frequency)
        assert cadence is not None
        begins = max(on, control.starts_on) if control.starts_on else on
        standing.append(begin_plan(actor=actor, control=control, cadence=cadence, begins_on=begins))
    return standing


def _open(actor: Actor, plans: list[ReviewPlan], on: date) -> int:
    """Open what has begun and is not there, assigned to the owner as they now are."""
    begun = Review.objects.filter(plan__in=plans).order_by().values_list("plan_id").annotate(latest=Max("covers_from"))
    latest = dict(begun)
    due = [
        (plan, days)
        for plan in plans
        for days in timetables(plan.begins_on, Cadence(plan.cadence), on=on)
        if plan.pk not in latest or days.covers_from > latest[plan.pk]
    ]
    refs = allot(REF, len(due)) if due else []
    opened = [_review(ref, plan, days) for ref, (plan, days) in zip(refs, due, strict=True)]
    Review.objects.bulk_create(opened, batch_size=500)
    told: list[Told] = [
        (each, {}, {"covers_from": each.covers_from, "due_on": each.due_on, "owner": _name(each)}) for each in opened
    ]
    bulk_record(actor=actor, action="reviews.review.opened", rows=told)
    return len(opened)


def _review(ref: str, plan: ReviewPlan, days: Timetable) -> Review:
    return Review(
        ref=ref, control=plan.control, plan=plan, cadence=plan.cadence, covers_from=days.covers_from,
        remind_from=days.remind_from, due_on=days.due_on, escalates_on=days.escalates_on, closes_on=days.closes_on,
        assignee_id=plan.control.owner_id,
    )  # fmt: skip


def _hand_over(actor: Actor) -> int:
    """What is open goes to the owner of today; what is settled stays with whoever had it."""
    other = ~Q(assignee=F("control__owner")) | Q(assignee__isnull=True) | Q(control__owner__isnull=True)
    found = Review.objects.select_for_update(of=("self",)).filter(other, state=ReviewState.OPEN)
    moved = []
    for review in found.select_related("control__owner", "assignee"):
        owner = review.control.owner
        if review.assignee_id != (owner.pk if owner else None):
            moved.append((review, {"owner": _name(review)}, {"owner": owner.name if owner else None}))
            review.assignee = owner
    update_rows([review for review, _, _ in moved], ["assignee"])
    bulk_record(actor=actor, action="reviews.review.handed_over", rows=moved)
    return len(moved)


def _name(review: Review) -> str | None:
    return review.assignee.name if review.assignee else None


def _skip(actor: Actor, on: date) -> int:
    """What nobody answered within its grace is skipped for good."""
    lapsed = Review.objects.select_for_update(of=("self",)).filter(state=ReviewState.OPEN, closes_on__lt=on)
    found = list(lapsed.select_related("control", "assignee").order_by("closes_on", "id"))
    for review in found:
        found_skipped(actor=actor, review=review)
    return len(found)
