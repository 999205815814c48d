"""Changing rounds. Each verb: one actor, one transaction, one trail entry."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.programmes.models import Programme
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from compliance.tenancy.settable import settable
from compliance.trail.actors import Actor
from compliance.trail.services import changes, record

from .facts import facts_for
from .models import Action, Cadence, Confirmation, How, Review
from .selectors import latest_confirmation
from .snapshot import fingerprint, of_programme

#: What is written into a review while it is open.
NOTES = ("held_on", "attended", "framework_changes", "business_changes", "scope", "lessons")
#: What a review cannot be closed without.
_NEEDED = {
    "held_on": "Say on which day it was held.", "attended": "Say who took part.",
    "framework_changes": "Say what changed of the framework, or that nothing did.",
    "business_changes": "Say what changed of the business, or that nothing did.",
    "scope": "Say what follows for the scope, or that nothing does.",
    "lessons": "Say what was learned, or that nothing was.",
}  # fmt: skip


@transaction.atomic
def record_confirmation(
    *, actor: Actor, programme: Programme, confirmed_by: str, firm: str, confirmed_on: date, source: str,
) -> Confirmation:  # fmt: skip
    """Record that the auditor confirmed scope, period, categories and method as they now stand, and where that is
    written. Raises ValidationError, by field."""
    faults = {}
    if not confirmed_by.strip():
        faults["confirmed_by"] = ["Name who confirmed it."]
    if not source.strip():
        faults["source"] = ["Say where it is written: a letter, a mail and its day, minutes."]
    if confirmed_on > today(here().timezone):
        faults["confirmed_on"] = ["Choose today or an earlier day."]
    if faults:
        raise ValidationError(faults)
    return _confirm(actor, programme, How.RECORDED, confirmed_by.strip(), firm.strip(), confirmed_on, source.strip())


@transaction.atomic
def confirm_as_auditor(*, actor: Actor, programme: Programme, name: str, firm: str, seen: str) -> Confirmation:
    """The auditor confirms what stands, from the portal. `seen` is the fingerprint of what their page showed.

    Raises ValidationError where it has changed since: nobody confirms what they have not read.
    """
    if seen != fingerprint(of_programme(programme)):
        raise ValidationError("It changed while you read it. Read it again, and confirm what stands now.")
    return _confirm(actor, programme, How.PORTAL, name, firm, today(here().timezone), "")


def _confirm(
    actor: Actor, programme: Programme, how: How, confirmed_by: str, firm: str, confirmed_on: date, source: str
) -> Confirmation:
    Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    newest = latest_confirmation(programme)
    made = Confirmation.objects.create(
        programme=programme, number=newest.number + 1 if newest else 1, how=how, confirmed_by=confirmed_by[:254],
        firm=firm[:200], confirmed_on=confirmed_on, source=source, snapshot=of_programme(programme),
        recorded_by=actor.label[:254],
    )  # fmt: skip
    record(
        actor=actor, action="rounds.confirmation.recorded", target=made,
        after={"number": made.number, "how": how.label, "confirmed_by": confirmed_by, "firm": firm, "on": confirmed_on},
    )  # fmt: skip
    return made


@transaction.atomic
def open_review(*, actor: Actor, programme: Programme, cadence: str, covers_from: date, covers_to: date) -> Review:
    """Begin a programme review over a span of days. Raises ValidationError, by field, for a span that ends before it
    starts, and for one that begins with another's first day."""
    if covers_to < covers_from:
        raise ValidationError({"covers_to": ["Choose the first day or a later one."]})
    if Review.objects.filter(programme=programme, cadence=cadence, covers_from=covers_from).exists():
        raise ValidationError({"covers_from": [f"There is a review from this day already: {Cadence(cadence).label}."]})
    review = Review.objects.create(
        programme=programme, cadence=cadence, covers_from=covers_from, covers_to=covers_to, opened_by=actor.label[:254]
    )
    record(
        actor=actor, action="rounds.review.opened", target=review,
        after={"cadence": cadence, "covers_from": covers_from, "covers_to": covers_to},
    )  # fmt: skip
    return review


@transaction.atomic
def write_review(*, actor: Actor, review: Review, **notes: Any) -> Review:
    """Write into an open review. Raises ValidationError for one that is closed."""
    notes = settable(notes, NOTES, "a note of a review")
    review = _open(review)
    before, after = changes(review, notes)
    if not after:
        return review
    for name, value in after.items():
        setattr(review, name, value)
    review.save(update_fields=list(after))
    record(actor=actor, action="rounds.review.written", target=review, before=before, after=after)
    return review


@transaction.atomic
def close_review(*, actor: Actor, review: Review) -> Review:
    """Close a review for good, with the facts as they now stand. Raises ValidationError, by field, for what is not said."""
    review = _open(review)
    faults = {name: [text] for name, text in _NEEDED.items() if not getattr(review, name)}
    if faults:
        raise ValidationError(faults)
    review.facts = [each.kept() for each in facts_for(review)]
    review.closed_at, review.closed_by = now(), actor.label[:254]
    review.save(update_fields=["facts", "closed_at", "closed_by"])
    record(
        actor=actor, action="rounds.review.closed", target=review,
        after={"closed_at": review.closed_at, "actions": review.actions.count()},
    )  # fmt: skip
    return review


@transaction.atomic
def add_action(*, actor: Actor, review: Review, text: str, owner: Membership, due_on: date) -> Action:
    """Ask something of somebody by a day. Raises ValidationError for a review that is closed."""
    review = _open(review)
    action = Action.objects.create(review=review, text=text.strip()[:500], owner=owner, owner_name=owner.name, due_on=due_on)
    record(
        actor=actor, action="rounds.action.added", target=action,
        after={"text": action.text, "owner": owner.name, "due_on": due_on, "review": str(review)},
    )  # fmt: skip
    return action


@transaction.atomic
def finish_action(*, actor: Actor, action: Action, note: str = "") -> Action:
    """Say that an action is done, and how. Done once, it stays done. Raises ValidationError where it is done."""
    action = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if action.done_at is not None:
        raise ValidationError("It is done already.")
    action.done_at, action.done_by, action.done_note = now(), actor.label[:254], note.strip()
    action.save(update_fields=["done_at", "done_by", "done_note"])
    record(actor=actor, action="rounds.action.done", target=action, after={"note": action.done_note})
    return action


def _open(review: Review) -> Review:
    review = Review.objects.select_for_update(of=("self",)).select_related("programme__framework").get(pk=review.pk)
    if review.closed_at is not None:
        raise ValidationError("This review is closed, and its record does not change.")
    return review
