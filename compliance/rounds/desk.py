"""Actions of programme reviews wait for their owners."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from compliance.desk.entries import WorkItem
from compliance.people.models import Membership
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here

from .models import Action

HARM, OVERDUE = 30, 20


def work_for(membership: Membership) -> Iterable[WorkItem]:
    """What a member was given and has not done. One query."""
    found = Action.objects.filter(owner=membership, done_at__isnull=True).select_related("review__programme")
    day = today(here().timezone)
    return [_item(each, late=each.due_on < day) for each in found]


def _item(action: Action, *, late: bool) -> WorkItem:
    review = action.review
    return WorkItem(
        key=f"review-action:{action.pk}", kind="review_action", ref=review.programme.name, title=action.text,
        why=f"Agreed in the {review}.", url=reverse("rounds:review", args=[here().slug, review.programme_id, review.pk]),
        due=action.due_on, harm=HARM + (OVERDUE if late else 0), state="overdue" if late else "open",
    )  # fmt: skip
