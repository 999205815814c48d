"""What reviews leave behind that ought to be a gap: one that nobody held, one recorded later than it says it was held, and
access that a review took away and that is still there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from uuid import UUID

from django.db.models import F, Q

from compliance.programmes.selectors import open_programmes, periods_of, share_a_day
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from compliance.web.words import day
from controls.reviews.models import Answer, AnswerKind, Review, ReviewState
from evidence.accessreviews.models import STANDING, Removal

from .causes import Found
from .standing_cause import Wanted

SKIPPED = "review.skipped"
LATE = "review.recorded_late"
REMOVAL = "access_review.not_removed"
#: Of these a subject is the reference of a control review.
OF_REVIEWS = (SKIPPED, LATE)


def within_periods(reviews: Iterable[Review]) -> set[UUID]:
    """Those that share a day with a period under way; all of them where no period is. One query."""
    periods = periods_of(open_programmes())
    return {each.pk for each in reviews if share_a_day(each.covers_from, each.due_on, periods)}


def causes_of_reviews() -> Iterator[Wanted]:
    """Control reviews of a period under way that were skipped or recorded late, also of controls that were retired since, and
    removals that are over their day."""
    afterwards = Q(late=True) | Q(recorded_on__gt=F("performed_on") + timedelta(days=1))
    asked = Q(kind=AnswerKind.SKIPPED) | (Q(kind=AnswerKind.ATTESTED) & afterwards)
    answers = list(
        Answer.objects.filter(asked, counts=True).select_related("review__control").order_by("id")
    )
    told = [each for each in answers if each.kind == AnswerKind.SKIPPED or _days_after(each) > 0]
    standing = within_periods([each.review for each in told]) if told else set()
    for answer in told:
        if answer.review_id in standing and answer.review.state != ReviewState.WITHDRAWN:
            yield _skipped(answer) if answer.kind == AnswerKind.SKIPPED else _late(answer)
    yield from _not_removed()


def _days_after(answer: Answer) -> int:
    """Days by which it was recorded after the day that it states, beyond the grace that reviews of its cadence have; after
    the review was over any day counts. 0 where it was recorded in time."""
    if answer.performed_on is None:
        return 0
    days = (answer.recorded_on - answer.performed_on).days
    grace = (answer.review.closes_on - answer.review.due_on).days
    return days if days > grace or (answer.late and days > 0) else 0


def _skipped(answer: Answer) -> Wanted:
    review = answer.review
    span = f"{day(review.covers_from)} to {day(review.due_on)}"
    return Wanted(
        rule=SKIPPED, subject=review.ref, found=Found.MISSED, title=f"{review.control.ref} {review.control.title}: not reviewed"[:300],
        cause=f"{review.ref} of {span} was not held: {answer.said} It is over and cannot be held any more.",
        remedy="Hold the next one in its days, name who stands in for its owner, and record why this one was not held.",
        facts_at=answer.recorded_at, since=answer.recorded_at, began=review.covers_from, control_ids=[review.control_id],
        resources={f"{review.ref}, {span}": answer.said},
    )  # fmt: skip


def _late(answer: Answer) -> Wanted:
    review, days = answer.review, _days_after(answer)
    assert answer.performed_on is not None
    said = f"It says that it was performed on {day(answer.performed_on)}, and was recorded on {day(answer.recorded_on)}, {days} days later."
    return Wanted(
        rule=LATE, subject=review.ref, found=Found.LATE,
        title=f"{review.control.ref} {review.control.title}: recorded after its date"[:300],
        cause=f"{answer.by} attested {review.ref}, due on {day(review.due_on)}. {said} Nothing of that day shows it.",
        remedy="Keep what was made on the day itself, a ticket or a dated export, beside the attestation. Record the next one "
        "when it is done.",
        facts_at=answer.recorded_at, since=answer.recorded_at, began=review.covers_from,
        control_ids=[review.control_id], resources={review.ref: said},
    )  # fmt: skip


def _not_removed() -> Iterator[Wanted]:
    """One gap for each access review, an occurrence for each account whose access had to go and is there."""
    on = today(here().timezone)
    rows = Removal.objects.filter(state__in=STANDING, due_on__lt=on).select_related("account")
    rows = rows.prefetch_related("account_list__system", "campaign__requirement")  # by their keys (evidence/accessreviews: removals)
    by_campaign: dict[UUID, list[Removal]] = defaultdict(list)
    for row in rows.order_by("due_on", "id"):
        by_campaign[row.campaign_id].append(row)
    for found in by_campaign.values():
        campaign, number = found[0].campaign, len(found)
        yield Wanted(
            rule=REMOVAL, subject=campaign.ref, found=Found.DEVIATION, requirement=campaign.requirement,
            title=f"{campaign.name}: access of {number} account{'' if number == 1 else 's'} was to go and is still there"[:300],
            cause=f"{campaign.ref} took it away, and the newest list still shows it. {_told(found[0])}",
            remedy="Take the access away, and find out why the request did not reach whoever does that. A later list closes it.",
            facts_at=max(row.seen_at or row.asked_at for row in found), since=min(row.asked_at for row in found),
            resources={f"{row.account.name} in {row.account_list.system.name}"[:400]: _told(row) for row in found},
            control_ids=[campaign.requirement.control_id], intervals_beyond=int((now() - found[0].asked_at) / timedelta(days=92)),
        )  # fmt: skip


def _told(row: Removal) -> str:
    what = f"{', '.join(row.take)} of {row.account.name}" if row.take else row.account.name
    return f"{what} was to be gone by {day(row.due_on)}."


def answered(rule: str, subject: str) -> str:
    """Why such a gap is closed, once its cause does not stand any more."""
    if rule == REMOVAL:
        return f"Everything that {subject} took away is gone in a later list, or is not to go any more."
    return f"{subject} lies outside every observation period under way, or was answered otherwise; its record stays."
