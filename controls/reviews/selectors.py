"""Reading reviews, and who may answer them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from controls.models import Control, Implementation
from controls.selectors import NOBODY

from .models import DONE, Answer, AnswerKind, Delegation, Review, ReviewPlan, ReviewState

OVERDUE, ESCALATED, ALL = "overdue", "escalated", "all"
#: Days ahead that the filter of due days looks.
AHEAD = {"week": 7, "month": 30, "quarter": 92}


def reviews() -> QuerySet[Review]:
    """Reviews with their control and who has to answer."""
    return Review.objects.select_related("control", "assignee")


def attested_at() -> dict[UUID, datetime]:
    """By control, when an attestation last settled a review. One query."""
    found = Answer.objects.filter(kind=AnswerKind.ATTESTED, review__state__in=DONE).order_by().values_list("review__control_id")
    return dict(found.annotate(at=Max("recorded_at")))


def in_use() -> QuerySet[Control]:
    """Controls that are reviewed: in place, in part at least, with a frequency."""
    placed = (Implementation.PARTLY, Implementation.IMPLEMENTED)
    return Control.objects.filter(implementation__in=placed).exclude(frequency="")


def reviews_matching(asked: Mapping[str, str]) -> QuerySet[Review]:
    """Reviews that fit the filters state, owner, control (a reference) and due. Without a state, those to be answered."""
    found, on = reviews(), today(here().timezone)
    state = asked.get("state") or ReviewState.OPEN
    if state in (OVERDUE, ESCALATED):
        late = {"due_on__lt": on} if state == OVERDUE else {"escalated_at__isnull": False}
        found = found.filter(state=ReviewState.OPEN, **late)
    elif state != ALL:
        found = found.filter(state=state)
    if owner := asked.get("owner"):
        found = found.filter(assignee__isnull=True) if owner == NOBODY else found.filter(assignee=UUID(owner))
    if control := asked.get("control"):
        found = found.filter(control__ref__iexact=control.strip())
    if (due := asked.get("due", "")) in AHEAD:
        found = found.filter(due_on__gte=on, due_on__lte=on + timedelta(days=AHEAD[due]))
    return found


def order_of(asked: Mapping[str, str]) -> tuple[str, str]:
    """What is to be answered by its last day, the first due first; what is settled, the latest first."""
    waiting = asked.get("state", "") in ("", ReviewState.OPEN, OVERDUE, ESCALATED)
    return ("due_on", "id") if waiting else ("-due_on", "-id")


def counts(found: QuerySet[Review]) -> dict[str, int]:
    """How many of the given reviews are in each state; they sum to all of them."""
    of = {state.value: Count("pk", filter=Q(state=state)) for state in ReviewState}
    counted: dict[str, int] = found.order_by().aggregate(**of)
    return counted


def assignees() -> QuerySet[Membership]:
    """Those who have reviews, by name."""
    having = Review.objects.filter(assignee__isnull=False).order_by().values("assignee_id")
    return Membership.objects.filter(pk__in=having).only("organization_id", "name").order_by("name")


def reviews_of(control: Control) -> QuerySet[Review]:
    """Every review of a control, the latest first."""
    return Review.objects.filter(control=control).select_related("assignee").order_by("-due_on", "-id")


def plan_of(control: Control) -> ReviewPlan | None:
    """The plan that holds."""
    return ReviewPlan.objects.filter(control=control, ended_on__isnull=True).first()


def last_done(control: Control) -> Review | None:
    """The latest review that was attested, in time or late."""
    return reviews_of(control).filter(state__in=DONE).first()


def delegations() -> QuerySet[Delegation]:
    """Every delegation, the latest first."""
    return Delegation.objects.order_by("-starts_on", "-id")


def delegations_on(day: date) -> QuerySet[Delegation]:
    """Those that hold on a day: not ended, and to somebody who is still here."""
    here_still = {"ended_at__isnull": True, "delegate__ended_at__isnull": True}
    return Delegation.objects.filter(starts_on__lte=day, ends_on__gte=day, **here_still)


@dataclass(frozen=True)
class Right:
    """That somebody may answer a review: as its owner, or by a delegation."""

    delegation: Delegation | None = None


def right_of(member: Membership | None, review: Review, on: date) -> Right | None:
    """By what right a member may answer a review on a day: their own, or a delegation of its owner; else None.

    Whoever manages the programme may see and remind, and never answers for an owner who did not ask them to.
    """
    if member is None or not member.may(Permission.REVIEW_ANSWER_OWN) or review.assignee_id is None:
        return None
    if review.assignee_id == member.pk:
        return Right()
    given = delegations_on(on).filter(owner=review.assignee_id, delegate=member).first()
    return Right(given) if given else None
