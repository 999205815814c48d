"""What every answer has in common: it is written once, settles the review where that is open, and is told."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from compliance.people.models import Membership
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import Answer, Review, ReviewState
from ..selectors import Right, right_of


class SettledError(ValidationError):
    """The review was settled before, and this answer would take that back or say it twice."""


def locked(review: Review) -> Review:
    """The review as it stands, kept from others until the transaction ends."""
    found = Review.objects.select_for_update(of=("self",)).select_related("control", "assignee")
    return found.get(pk=review.pk)


def right_or_refuse(member: Membership | None, review: Review) -> Right:
    """By what right a member answers. Raises PermissionDenied for anybody else, managers too."""
    right = right_of(member, review, today(here().timezone))
    if right is None:
        raise PermissionDenied("Its owner answers a review, or whom they named for their leave.")
    return right


def write(
    *, actor: Actor, review: Review, kind: str, settles: str | None, member: Membership | None = None,
    right: Right | None = None, **said: Any,
) -> Answer:  # fmt: skip
    """Add an answer; `settles` is the state that the review takes by it, None where it stands beside what was settled."""
    moment, day = now(), today(here().timezone)
    delegation = right.delegation if right else None
    answer = Answer.objects.create(
        review=review, kind=kind, given_by=member, given_by_name=(member.name if member else actor.label)[:254],
        delegation=delegation, for_name=delegation.owner_name if delegation else "", late=day > review.due_on,
        counts=settles is not None, recorded_on=day, recorded_at=moment, **said,
    )  # fmt: skip
    before = {"state": review.state}
    if settles is not None:
        review.state, review.settled_at = settles, review.settled_at or moment
        review.save(update_fields=["state", "settled_at"])
    told = {name: value for name, value in said.items() if value}
    record(
        actor=actor, action=f"reviews.review.{_DONE[kind]}", target=review, before=before,
        after={"state": review.state, "by": answer.by, "late": answer.late, **told},
    )  # fmt: skip
    return answer


_DONE = {"attested": "attested", "exception": "exception_reported", "skipped": "skipped", "withdrawn": "withdrawn"}


def is_open(review: Review) -> bool:
    """Whether it waits for an answer that settles it."""
    return review.state == ReviewState.OPEN
