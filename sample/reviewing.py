"""The company reviews its controls: owners answer in the week in which a review is due, and four times they do not.

Planted: one monthly review that nobody answered, one with an exception, one attested late, a quarterly one that was recorded
five weeks after the day that it states, and reviews that a colleague answered while their owner was on leave.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.trail.actors import SYSTEM
from controls.models import Control, Frequency
from controls.reviews.backing import offered
from controls.reviews.models import Review, ReviewState
from controls.reviews.selectors import delegations_on
from controls.reviews.services.answer import attest, report_exception
from controls.reviews.services.delegate import delegate_reviews
from controls.reviews.services.keep import keep_reviews
from controls.reviews.services.plan import choose_cadence
from sample.base import DAYS, Clock
from sample.company import Cast

#: Reviews are looked at once a week; the last time on the last day, when what is due waits for its owners.
EVERY = 7
ON = {*range(0, DAYS + 1, EVERY), DAYS}
#: From day to day, who is on leave, and who answers meanwhile.
LEAVE = (77, 98, "owner_platform", "owner_engineering")
#: Of the monthly controls in the order of their references: (which control, which of its reviews).
SKIPPED, EXCEPTION, LATE = (0, 2), (1, 3), (2, 2)
#: The first of the quarterly controls: its first review, and how many days before it was recorded it says it was performed.
RECORDED_LATER = (3, 1)
AFTER = timedelta(days=35)
#: The controls that these are, by their references in the starter set.
NAMED = {"skipped": "AC-09", "exception": "AC-10", "late": "AM-03", "recorded later": "AC-07"}


def on_day(day: int, cast: Cast, clock: Clock) -> None:
    """What happens of reviews on a day of the story."""
    if day not in ON:
        return
    if day == 0:
        _review_seldom(cast)
    if day == LEAVE[0] - LEAVE[0] % EVERY:
        _go_on_leave(cast, clock)
    keep_reviews(actor=SYSTEM)
    if day < DAYS:
        _answer(cast)


def _review_seldom(cast: Cast) -> None:
    """What is performed daily is reviewed monthly: nobody attests every day what a system does."""
    for control in Control.objects.filter(frequency=Frequency.DAILY).exclude(implementation="planned"):
        choose_cadence(
            actor=cast.actor("compliance_manager"), control=control, cadence="monthly",
            reason="Performed by a system every day; its owner reviews a month of it.",
        )  # fmt: skip


def _go_on_leave(cast: Cast, clock: Clock) -> None:
    first, last, owner, delegate = LEAVE
    delegate_reviews(
        actor=cast.actor(owner), member=cast[owner], owner=cast[owner], delegate=cast[delegate], reason="Parental leave.",
        starts_on=max(_day(clock, first), today(here().timezone)), ends_on=_day(clock, last),
    )  # fmt: skip


def _day(clock: Clock, day: int) -> date:
    return clock.at(day).date()


def _answer(cast: Cast) -> None:
    """Owners answer what is due before the next look; the planted ones come late, with an exception, or not at all."""
    on = today(here().timezone)
    standing_in = {each.owner_id: each.delegate_id for each in delegations_on(on)}
    parts = {member.pk: part for part, member in cast.members.items()}
    planted = _planted()
    due = Review.objects.filter(state=ReviewState.OPEN, due_on__lt=on + timedelta(days=EVERY)).select_related("control")
    for review in due.order_by("due_on", "ref"):
        plant = planted.get((review.control_id, review.covers_from))
        part = parts.get(standing_in.get(review.assignee_id, review.assignee_id))
        if part is None or plant == SKIPPED or (plant == LATE and review.due_on >= on):
            continue
        if plant == EXCEPTION:
            _report(cast, part, review)
        else:
            _attest(cast, part, review, on, AFTER if plant == RECORDED_LATER else timedelta())


def _planted() -> dict[tuple[UUID, date], tuple[int, int]]:
    """Which review each planted one is: by control and first day."""
    monthly = list(Control.objects.filter(frequency=Frequency.MONTHLY, implementation="implemented").order_by("ref")[:3])
    monthly += Control.objects.filter(frequency=Frequency.QUARTERLY, implementation="implemented").order_by("ref")[:1]
    found = {}
    for plant in (SKIPPED, EXCEPTION, LATE, RECORDED_LATER):
        which, number = plant
        firsts = Review.objects.filter(control=monthly[which]).order_by("covers_from").values_list("covers_from", flat=True)
        if len(firsts) >= number:
            found[monthly[which].pk, firsts[number - 1]] = plant
    return found


def _attest(cast: Cast, part: str, review: Review, on: date, after: timedelta) -> None:
    shown = offered(review.control)[:1]
    attest(
        actor=cast.actor(part), member=cast[part], review=review, performed_on=max(review.covers_from, min(on, review.due_on) - after),
        said=f"Performed as it is stated: {review.control.title}. Nothing was left open.",
        evidence=[UUID(identifier) for identifier, _ in shown],
        stands="" if shown else "Its checks look at every resource each day; the last look found nothing that differs.",
    )  # fmt: skip


def _report(cast: Cast, part: str, review: Review) -> None:
    report_exception(
        actor=cast.actor(part), member=cast[part], review=review,
        said="The review of this month was begun and not finished: a third of the items was not gone through.",
        consequence="Those items were last looked at a month before. Nothing that went wrong meanwhile has been found.",
        remedy="The rest is gone through by the end of next week, and a second person is named for the weeks before a release.",
    )  # fmt: skip
