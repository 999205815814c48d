"""What of reviews waits for a member: their own, those of whom they stand in for, and what was escalated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from compliance.access.permissions import Permission
from compliance.desk.entries import DigestLine, WorkItem
from compliance.people.models import Membership
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.web.words import day as in_words

from .models import Notice, NoticeKind, Review, ReviewState
from .selectors import delegations_on, reviews

#: Harm, 0 to 100: a review that is over its day can still be made good, and soon cannot.
SOON, LAST_DAY, OVERDUE, ESCALATED = 35, 48, 62, 58
_KEY_CONTROL = 6


def work_for(membership: Membership) -> Iterator[WorkItem]:
    """Reviews that this member has to answer by now, and for who manages reviews those that nobody answers."""
    on = today(here().timezone)
    for review in _mine(membership, on):
        yield _to_answer(review, on, standing_in=review.assignee_id != membership.pk)
    if membership.may(Permission.REVIEW_MANAGE):
        for review in _escalated(membership):
            yield _unanswered(review)


def news_for(membership: Membership) -> Iterator[DigestLine]:
    """A line each for what is overdue, for what has its last day today, for what is due soon, for what somebody asked for
    by hand today, and for what was escalated."""
    on = today(here().timezone)
    mine = list(_mine(membership, on).annotate(asked=Exists(_asked(on))))
    overdue = [each for each in mine if each.due_on < on]
    last = [each for each in mine if each.due_on == on]
    soon = [each for each in mine if each.due_on > on]
    asked = [each for each in mine if each.asked]
    yield from _line("asked", asked, "asked for by whoever manages reviews", membership, urgent=True)
    yield from _line("overdue", overdue, "overdue", membership, urgent=True)
    yield from _line("last_day", last, "due today", membership, urgent=True)
    yield from _line("soon", soon, "due soon", membership)
    if membership.may(Permission.REVIEW_MANAGE) and (left := list(_escalated(membership))):
        yield DigestLine(
            key="reviews:escalated", kind="review", text=_said(left, "overdue with nobody answering"), due=left[0].closes_on,
            url=f"{reverse('reviews:list', args=[here().slug])}?state=escalated", urgent=True,
        )  # fmt: skip


def _mine(membership: Membership, on: date) -> QuerySet[Review]:
    """What asks to be answered and is this member's: their own unless they are on leave, and what was given to them. What
    somebody reminded of by hand today is among them whatever its day."""
    if not membership.may(Permission.REVIEW_ANSWER_OWN):
        return Review.objects.none()
    held = delegations_on(on)
    own = Q(assignee=membership) & ~Q(assignee__in=held.filter(owner=membership).values("owner"))
    given = Q(assignee__in=held.filter(delegate=membership).values("owner"))
    asks = Q(remind_from__lte=on) | Exists(_asked(on))
    return reviews().filter(own | given, asks, state=ReviewState.OPEN).order_by("due_on", "id")


def _asked(on: date) -> QuerySet[Notice]:
    return Notice.objects.filter(review=OuterRef("pk"), kind=NoticeKind.ASKED, on=on)


def _escalated(membership: Membership) -> QuerySet[Review]:
    """Open reviews that went to the managers, but this one's own."""
    left = Review.objects.filter(state=ReviewState.OPEN, escalated_at__isnull=False).exclude(assignee=membership)
    return left.select_related("control", "assignee").order_by("closes_on", "id")


def _to_answer(review: Review, on: date, *, standing_in: bool) -> WorkItem:
    late = review.due_on < on
    harm = OVERDUE if late else LAST_DAY if review.due_on == on else SOON
    for_whom = f", for {review.assignee}, on leave" if standing_in else ""
    why = f"After {in_words(review.closes_on)} it is skipped for good, and no later attestation makes up for it."
    return WorkItem(
        key=f"review:{review.ref}", kind="review", ref=review.ref,
        title=f"Review {review.control.ref} {review.control.title}{for_whom}", why=why, due=review.due_on,
        url=reverse("reviews:review", args=[here().slug, review.pk]), harm=harm + (_KEY_CONTROL if review.control.key else 0),
        state="overdue" if late else "due",
    )  # fmt: skip


def _unanswered(review: Review) -> WorkItem:
    who = f"{review.assignee} has not answered" if review.assignee else "Nobody is named to answer"
    return WorkItem(
        key=f"review:{review.ref}", kind="review", ref=review.ref,
        title=f"Unanswered review of {review.control.ref} {review.control.title}",
        why=f"{who}. After {in_words(review.closes_on)} it is skipped for good.", due=review.closes_on,
        url=reverse("reviews:review", args=[here().slug, review.pk]), harm=ESCALATED, state="overdue",
    )  # fmt: skip


def _line(
    key: str, rows: Sequence[Review], what: str, membership: Membership, *, urgent: bool = False
) -> Iterable[DigestLine]:
    if rows:
        url = f"{reverse('reviews:list', args=[here().slug])}?owner={membership.pk}"
        yield DigestLine(
            key=f"reviews:{key}", kind="review", text=_said(rows, what), url=url if len(rows) > 1 else _page(rows[0]),
            due=rows[0].due_on, urgent=urgent,
        )  # fmt: skip


def _page(review: Review) -> str:
    return reverse("reviews:review", args=[here().slug, review.pk])


def _said(rows: Sequence[Review], what: str) -> str:
    """Such as `2 control reviews are overdue: REV-001 (AC-07), REV-002 (AC-09).`"""
    noun = "control review is" if len(rows) == 1 else "control reviews are"
    named = ", ".join(f"{row.ref} ({row.control.ref})" for row in rows[:3]) + (", …" if len(rows) > 3 else "")
    return f"{len(rows)} {noun} {what}: {named}."
