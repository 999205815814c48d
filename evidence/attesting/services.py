"""Linking evidence to what was answered of a review."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record
from controls.models import Control
from controls.reviews.models import Answer, AnswerKind, Review
from controls.reviews.selectors import right_of
from evidence.models import Artefact
from evidence.selectors import newest_versions

from . import selectors
from .models import Backing


def link(*, actor: Actor, answer: Answer, chosen: Sequence[UUID]) -> None:
    """Link the newest version of each artefact chosen for an answer, in the answer's own transaction.

    Raises ValidationError under `evidence` where one of them is not there.
    """
    found = selectors.artefacts_with(chosen)
    if len(found) != len(set(chosen)):
        gone = ValidationError("There is nothing here with one of these ids.", code="does_not_exist")
        raise ValidationError({"evidence": gone})
    link_artefacts(actor=actor, answer=answer, artefacts=found)


@transaction.atomic
def link_artefacts(*, actor: Actor, answer: Answer, artefacts: Sequence[Artefact]) -> list[Backing]:
    """Link the newest version of artefacts. Linking twice is once."""
    versions = list(newest_versions([each.pk for each in artefacts]).values())
    held = set(Backing.objects.filter(answer=answer, version__in=versions).values_list("version_id", flat=True))
    fresh = [each for each in versions if each.pk not in held]
    made = Backing.objects.bulk_create(
        [Backing(answer=answer, version=each, linked_by=actor.label[:254]) for each in fresh]
    )
    if made:
        refs = {each.pk: each.ref for each in artefacts}
        record(
            actor=actor, action="attesting.answer.backed", target=answer,
            after={"evidence": sorted(f"{refs[each.artefact_id]} version {each.number}" for each in fresh)},
        )  # fmt: skip
    return made


@transaction.atomic
def back_review(*, actor: Actor, member: Membership | None, review: Review, artefact: Artefact) -> list[Backing]:
    """Link evidence to a review's latest attestation after it was given: whoever may answer it, or may bring evidence.

    Raises PermissionDenied, and ValidationError where nothing was attested.
    """
    entitled = right_of(member, review, today(here().timezone)) is not None
    if member is None or not (entitled or member.may(Permission.EVIDENCE_PROVIDE)):
        raise PermissionDenied("Its owner links what shows it, or who brings evidence.")
    answer = review.answers.filter(kind=AnswerKind.ATTESTED).order_by("-id").first()
    if answer is None:
        raise ValidationError({"ref": "Nothing was attested yet that it could show."})
    return link_artefacts(actor=actor, answer=answer, artefacts=[artefact])


class EvidenceBacking:
    """What this floor offers to attestations (controls/reviews/backing.py)."""

    def offered(self, control: Control) -> list[tuple[str, str]]:
        """The newest artefacts that show the control."""
        return selectors.offered(control)

    def link(self, *, actor: Actor, answer: Answer, chosen: Sequence[UUID]) -> None:
        """Link those that were chosen."""
        link(actor=actor, answer=answer, chosen=chosen)
