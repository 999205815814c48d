"""Drawing and reading populations as jobs. Each task may run twice or late: the rows decide."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.core.exceptions import ValidationError

from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import Room, for_each_organization, scope
from compliance.trail.actors import Actor, ActorKind

from .models import Draft, DraftState
from .services.bring import TRIES, give_up, make

log = logging.getLogger(__name__)
#: What nobody took up for so long is asked for again.
WAITS = timedelta(minutes=2)


@shared_task(name="evidence.populations.tasks.make_version")
def make_version(organization_id: str, draft_id: str) -> None:
    """Make what a draft waits for, in a room of its own; a failure is told on its row."""
    try:
        with scope(UUID(organization_id)):
            draft = _claimed(draft_id)
    except Organization.DoesNotExist:
        return
    if draft is None:
        return
    try:
        with scope(UUID(organization_id)):
            make(actor=_asker(draft), draft=draft)
    except ValidationError as error:
        with scope(UUID(organization_id)):
            give_up(draft_id=draft_id, message=" ".join(error.messages))
    except Exception as error:
        log.exception("Population draft %s could not be made.", draft_id)
        if draft.attempts >= TRIES:
            with scope(UUID(organization_id)):
                give_up(draft_id=draft_id, message=f"It could not be made ({type(error).__name__}). Ask for it again.")


def _claimed(draft_id: str) -> Draft | None:
    """The draft, one attempt further; None where it is done, or locked by the worker that makes it."""
    found = Draft.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=draft_id, state=DraftState.DUE)
    draft = found.select_related("asker").first()
    if draft is not None:
        draft.attempts, draft.touched_at = draft.attempts + 1, now()
        draft.save(update_fields=["attempts", "touched_at"])
        if draft.attempts > TRIES:
            give_up(draft_id=draft.pk, message="Its worker stopped in the middle, more than once. Ask for it again.")
            return None
    return draft


def _asker(draft: Draft) -> Actor:
    member = draft.asker
    return Actor(ActorKind.PERSON if member else ActorKind.SYSTEM, draft.asked_by, member.user_id if member else None, draft.asker_id)


@shared_task(name="evidence.populations.tasks.sweep_drafts")
def sweep_drafts() -> None:
    """Every minute: wake workers for what nobody holds."""

    def visit(room: Room) -> list[tuple[str, str]]:
        waiting = Draft.objects.filter(state=DraftState.DUE, touched_at__lt=now() - WAITS)
        return [(str(room.organization_id), str(pk)) for pk in waiting.values_list("pk", flat=True)]

    for woken in for_each_organization(visit):
        for organization_id, draft_id in woken:
            make_version.delay(organization_id, draft_id)
