"""Reminding who has to answer, and bringing before the managers what nobody answers. Each is written on the review."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from compliance.tenancy.writing import update_rows
from compliance.trail.actors import Actor
from compliance.trail.services import bulk_record, record

from ..models import Notice, NoticeKind, Review, ReviewState
from ..selectors import delegations_on
from .writing import SettledError, is_open, locked


@transaction.atomic
def remind(*, actor: Actor, review: Review) -> Notice:
    """Put a review before whoever has to answer it, today: it leads their next digest.

    Raises SettledError where nothing waits, ValidationError where nobody is there to answer.
    """
    review = locked(review)
    if not is_open(review):
        raise SettledError(f"{review.ref} is settled: {review.get_state_display().lower()}.")
    on = today(here().timezone)
    told = _answerers([review], on)[review.pk]
    if not told:
        raise ValidationError("Nobody is there to answer it: name an owner of the control first.")
    notice = Notice.objects.create(
        review=review, kind=NoticeKind.ASKED, told=told, told_by=actor.label[:254], on=on, at=now()
    )
    record(actor=actor, action="reviews.review.reminded", target=review, after={"told": told})
    return notice


def remind_all(*, actor: Actor, on: date) -> int:
    """Write down each reminder that has come due, and escalate what half the grace went by for; returns how many.

    Work and digest show what waits by the days alone; a notice says who was there to see it.
    """
    waiting = Review.objects.select_for_update(of=("self",)).filter(state=ReviewState.OPEN, remind_from__lte=on)
    found = list(waiting.select_related("control", "assignee").order_by("due_on", "id"))
    given = set(Notice.objects.filter(review__in=found).values_list("review_id", "kind"))
    told, managers = _answerers(found, on), _managers()
    notices, escalated = [], []
    for review in found:
        kind = kind_on(review, on)
        if (review.pk, kind.value) not in given and told[review.pk]:
            notices.append(_notice(actor, review, kind, told[review.pk], on))
        if on >= review.escalates_on and (review.pk, NoticeKind.ESCALATED.value) not in given:
            notices.append(_notice(actor, review, NoticeKind.ESCALATED, managers, on))
            review.escalated_at = now()
            escalated.append(review)
    Notice.objects.bulk_create(notices, batch_size=500)
    update_rows(escalated, ["escalated_at"])
    bulk_record(
        actor=actor, action="reviews.review.escalated", rows=[(each, {}, {"told": managers}) for each in escalated]
    )
    return len(notices)


def kind_on(review: Review, on: date) -> NoticeKind:
    """Which reminder a day of an open review asks for."""
    if on > review.due_on:
        return NoticeKind.OVERDUE
    return NoticeKind.LAST_DAY if on == review.due_on else NoticeKind.BEFORE


def _notice(actor: Actor, review: Review, kind: NoticeKind, told: str, on: date) -> Notice:
    return Notice(review=review, kind=kind, told=told, told_by=actor.label[:254], on=on, at=now())


def _answerers(found: Iterable[Review], on: date) -> dict[UUID, str]:
    """By review, the name of who has to answer on a day: the owner, or whoever stands in; empty for nobody here."""
    standing_in = {each.owner_id: each.delegate_name for each in delegations_on(on)}
    return {each.pk: _answerer(each.assignee, standing_in) for each in found}


def _answerer(assignee: Membership | None, standing_in: dict[UUID, str]) -> str:
    if assignee is None or not assignee.is_active:
        return ""
    return standing_in.get(assignee.pk, assignee.name)


def _managers() -> str:
    """Who manages reviews, by name."""
    return ", ".join(each.name for each in members_who_may(Permission.REVIEW_MANAGE)[:20])[:1000]
