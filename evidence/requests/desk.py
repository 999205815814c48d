"""What of requests waits for a member: what they were asked for, and what they may judge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from compliance.access.permissions import Permission
from compliance.desk.entries import DigestLine, WorkItem
from compliance.people.models import Membership
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here

from .models import WAITING, Ask
from .selectors import OVERDUE as OVERDUE_STATE
from .selectors import asks

#: Harm, 0 to 100. What was asked and is late holds somebody else up.
OVERDUE, DUE, LATER = 60, 45, 32
SOON = timedelta(days=3)


def work_for(membership: Membership) -> Iterator[WorkItem]:
    """What this member was asked for; for whoever asked, what is late from outside. (What was handed in waits for approval,
    and is an approval like any other.)"""
    on = today(here().timezone)
    for ask in _mine(membership):
        yield _to_hand_in(ask, on)
    for ask in _late_outside(membership, on):
        yield WorkItem(
            key=f"evidence-request:{ask.ref}", kind="evidence", ref=ask.ref, title=f"{ask.name} has not handed in: {ask.requirement.title}",
            why="They were reminded three days before and on the day. Call them, or ask somebody else.", due=ask.due_on,
            url=reverse("evidence_requests:ask", args=[here().slug, ask.pk]), harm=DUE, state="overdue",
        )  # fmt: skip


def news_for(membership: Membership) -> Iterator[DigestLine]:
    """A line for each request that waits for this member, and one for what is late from outside."""
    on = today(here().timezone)
    for ask in _mine(membership):
        late = " It is overdue." if ask.due_on < on else ""
        yield DigestLine(
            key=f"evidence_requests:{ask.ref}", kind="evidence", text=f"{ask.asked_by_name} asks you for: {ask.requirement.title}.{late}",
            url=reverse("evidence_requests:answer", args=[here().slug, ask.pk]), due=ask.due_on, urgent=ask.due_on <= on + SOON,
        )  # fmt: skip
    if late_ones := list(_late_outside(membership, on)):
        noun = "evidence request is" if len(late_ones) == 1 else "evidence requests are"
        yield DigestLine(
            key="evidence_requests:late", kind="evidence", text=f"{len(late_ones)} of your {noun} overdue with somebody outside.",
            url=f"{reverse('evidence_requests:list', args=[here().slug])}?state={OVERDUE_STATE}", due=late_ones[0].due_on, urgent=True,
        )  # fmt: skip


def _mine(membership: Membership) -> QuerySet[Ask]:
    return asks().filter(member=membership, state__in=WAITING).order_by("due_on", "id")


def _late_outside(membership: Membership, on: date) -> QuerySet[Ask]:
    if not membership.may(Permission.EVIDENCE_VIEW):
        return Ask.objects.none()
    return asks().filter(asked_by=membership, state__in=WAITING, due_on__lt=on).exclude(email="").order_by("due_on", "id")


def _to_hand_in(ask: Ask, on: date) -> WorkItem:
    asked = f"{ask.asked_by_name} asks for it, to show {ask.requirement.control.ref}."
    late, soon = ask.due_on < on, ask.due_on <= on + SOON
    return WorkItem(
        key=f"evidence-request:{ask.ref}", kind="evidence", ref=ask.ref, title=f"Hand in: {ask.requirement.title}",
        why=f"It was returned: {ask.reason}" if ask.reason else asked, due=ask.due_on,
        url=reverse("evidence_requests:answer", args=[here().slug, ask.pk]), harm=OVERDUE if late else DUE if soon else LATER,
        state="overdue" if late else "due",
    )  # fmt: skip
