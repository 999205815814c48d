"""Answering a review: attesting it, reporting an exception, skipping it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.tenancy.clock import today
from compliance.tenancy.news import announce
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from controls.services.standing import write_standings

from ..backing import link
from ..events import exception_reported
from ..models import DONE, Answer, AnswerKind, Review, ReviewState
from ..selectors import right_of
from .writing import SettledError, is_open, locked, right_or_refuse, write


@transaction.atomic
def attest(
    *, actor: Actor, member: Membership | None, review: Review, performed_on: date, said: str, stands: str = "",
    evidence: Sequence[UUID] = (),
) -> Answer:  # fmt: skip
    """Attest that the control was performed: what was done, on which day, and what shows it.

    `evidence` are ids of what the floor above offers; without any, `stands` says why what systems collect stands for it.
    After the block it is late. Of a review that was skipped, or has an exception, it is a record beside: that stays.
    Raises PermissionDenied, ValidationError by field, SettledError where it is attested already or withdrawn.
    """
    review = locked(review)
    right = right_or_refuse(member, review)
    if review.state in DONE:
        raise SettledError(f"{review.ref} is attested already.")
    _refuse_withdrawn(review)
    _check_attestation(review, performed_on, said, stands, evidence)
    late = today(here().timezone) > review.due_on
    settles = (ReviewState.LATE if late else ReviewState.ATTESTED).value if is_open(review) else None
    answer = write(
        actor=actor, member=member, right=right, review=review, kind=AnswerKind.ATTESTED.value, settles=settles,
        performed_on=performed_on, said=said.strip(), stands=stands.strip(),
    )  # fmt: skip
    if evidence:
        link(actor=actor, answer=answer, chosen=evidence)
    if settles:
        write_standings({review.control_id: {"last_review_at": answer.recorded_at}})
    return answer


def _check_attestation(
    review: Review, performed_on: date, said: str, stands: str, evidence: Sequence[UUID]
) -> None:
    faults = _blank({"said": (said, "Say what was done, so that somebody else can follow it.")})
    if performed_on > today(here().timezone):
        faults["performed_on"] = "It cannot be attested before it is done: choose today or an earlier day."
    elif performed_on < review.covers_from:
        faults["performed_on"] = f"This review asks for what was done from {review.covers_from:%-d %B %Y} on."
    if not evidence and not stands.strip():
        faults["stands"] = "Choose what shows it, or say why what systems collect stands for it."
    if faults:
        raise ValidationError(faults)


@transaction.atomic
def report_exception(
    *, actor: Actor, member: Membership | None, review: Review, said: str, consequence: str, remedy: str
) -> Answer:
    """Report that the control was not performed as it is stated. It is unfavourable evidence: nobody takes it back.

    Raises PermissionDenied, ValidationError by field, SettledError where the review was withdrawn.
    """
    review = locked(review)
    right = right_or_refuse(member, review)
    _refuse_withdrawn(review)
    faults = _blank({
        "said": (said, "Say what did not happen, and when."),
        "consequence": (consequence, "Say what follows from it, or that nothing does and why."),
        "remedy": (remedy, "Say what is done about it."),
    })  # fmt: skip
    if faults:
        raise ValidationError(faults)
    turns = is_open(review) or review.state in DONE
    answer = write(
        actor=actor, member=member, right=right, review=review, kind=AnswerKind.EXCEPTION.value,
        settles=ReviewState.EXCEPTION.value if turns else None, said=said.strip(), consequence=consequence.strip(),
        remedy=remedy.strip(),
    )  # fmt: skip
    announce(exception_reported, review_id=review.pk)
    return answer


@transaction.atomic
def skip(*, actor: Actor, member: Membership | None, review: Review, reason: str) -> Answer:
    """Say that a review will not take place, and why: its owner, their delegate, or who manages reviews. It stays skipped.

    Raises PermissionDenied, ValidationError without a reason, SettledError where it is settled.
    """
    review = locked(review)
    right = right_of(member, review, today(here().timezone))
    if right is None and (member is None or not member.may(Permission.REVIEW_MANAGE)):
        raise PermissionDenied("Its owner skips a review, or who manages reviews.")
    if not is_open(review):
        raise SettledError(f"{review.ref} is settled: {review.get_state_display().lower()}.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is skipped. It stays skipped, and an auditor will ask."})
    return write(
        actor=actor, member=member, right=right, review=review, kind=AnswerKind.SKIPPED.value,
        settles=ReviewState.SKIPPED.value, said=reason.strip(),
    )  # fmt: skip


def found_skipped(*, actor: Actor, review: Review) -> Answer:
    """The block and its grace have ended without an answer: skipped, dated with when that was found."""
    grace = "" if review.closes_on == review.due_on else f", and its grace on {review.closes_on:%-d %B %Y}"
    said = f"Nobody answered. The block ended on {review.due_on:%-d %B %Y}{grace}; found on {today(here().timezone):%-d %B %Y}."
    return write(actor=actor, review=review, kind=AnswerKind.SKIPPED.value, settles=ReviewState.SKIPPED.value, said=said)


def withdraw(*, actor: Actor, review: Review, why: str) -> Answer:
    """The review asks nothing any more: less than half of its block had gone when what it asked of ended."""
    return write(
        actor=actor, review=review, kind=AnswerKind.WITHDRAWN.value, settles=ReviewState.WITHDRAWN.value, said=why
    )


def _refuse_withdrawn(review: Review) -> None:
    if review.state == ReviewState.WITHDRAWN:
        raise SettledError(f"{review.ref} was withdrawn, and asks for nothing.")


def _blank(given: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """What is wrong with the fields that were left empty."""
    return {name: sentence for name, (value, sentence) in given.items() if not value.strip()}
