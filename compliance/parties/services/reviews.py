"""Our own monitoring of a third party: a review per due day, recorded or skipped for good."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..cadence import SKIPPED, Due, open_due, recordable, schedule
from ..models import Outcome, Party, PartyReview
from .writing import add


@transaction.atomic
def record_review(*, actor: Actor, party: Party, outcome: str, note: str) -> PartyReview:
    """Record the review that is open: the one overdue, else the next. What was skipped before is written down as such.

    Raises ValidationError without a note, where the party has no cadence, and for a second review of one cadence.
    """
    party = Party.objects.select_for_update(of=("self",)).select_related("system").get(pk=party.pk)
    if outcome not in (Outcome.SATISFACTORY, Outcome.CONCERNS, Outcome.UNSATISFACTORY):
        raise ValidationError({"outcome": "Say what came of it."})
    if not note.strip():
        raise ValidationError({"note": "Say what was read and what was concluded. An auditor reads this."})
    on = today(here().timezone)
    settle_reviews(actor=actor, party=party, on=on)
    dues = _dues(party, on)
    if open_due(dues) is None:
        raise ValidationError({"outcome": "Set how often it is reviewed first, so that the review has its day."})
    due = recordable(dues, on)
    if due is None:
        raise ValidationError({"outcome": "This review is recorded. The next one begins when its day has passed."})
    review = PartyReview(
        party=party, due_on=due.due_on, outcome=outcome, note=note.strip(), reviewed_by=actor.label[:254]
    )
    after = {"party": party, "due_on": due.due_on, "outcome": outcome, "note": review.note}
    return add(review, actor=actor, action="parties.review.recorded", party=party, after=after)


def settle_reviews(*, actor: Actor, party: Party, on: date) -> None:
    """Write down every review that was skipped and is on no row yet."""
    known = set(party.reviews.values_list("due_on", flat=True))
    skipped = [each.due_on for each in _dues(party, on) if each.state == SKIPPED and each.due_on not in known]
    for day in skipped:
        row = PartyReview.objects.create(party=party, due_on=day, outcome=Outcome.SKIPPED)
        record(actor=actor, action="parties.review.skipped", target=row, after={"party": str(party), "due_on": day})


def _dues(party: Party, on: date) -> list[Due]:
    recorded = dict(party.reviews.values_list("due_on", "outcome"))
    return schedule(party.first_review_due, party.review_months, recorded, on)
