"""Linking evidence to a request: exactly that version, and for good once it was submitted."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from compliance.trail.actors import Actor, ActorKind
from compliance.trail.services import record
from evidence.models import Version

from ..models import Request, RequestEvidence, RequestState
from ..moves import WrongState, may_change_evidence
from .audits import must_be_running
from .authority import need_answer, permissions_of_actor


@transaction.atomic
def link_version(*, actor: Actor, request: Request, version: Version) -> RequestEvidence:
    """Offer a version for a request. Linking twice is once."""
    request = _open_for_evidence(actor, request)
    link, made = RequestEvidence.objects.get_or_create(
        request=request, version=version, defaults={"linked_by": actor.label[:254]}
    )
    if made:
        record(actor=actor, action="audits.request.evidence_linked", target=request, after=_named(version))
    return link


@transaction.atomic
def unlink_version(*, actor: Actor, request: Request, link: RequestEvidence) -> None:
    """Take an offered version away again. Raises ValidationError once the auditor was given it."""
    request = _open_for_evidence(actor, request)
    link = RequestEvidence.objects.select_related("version__artefact").get(pk=link.pk, request=request)
    if link.submitted_at is not None:
        raise ValidationError("The auditor was given this version, so it stays. Link a newer one beside it.")
    link.delete()
    record(actor=actor, action="audits.request.evidence_unlinked", target=request, before=_named(link.version))


def _open_for_evidence(actor: Actor, request: Request) -> Request:
    locked = Request.objects.select_for_update().get(pk=request.pk)
    need_answer(actor, locked)
    must_be_running(locked.audit)
    own = actor.membership_id if actor.kind == ActorKind.PERSON else None
    if not may_change_evidence(locked, permissions_of_actor(actor), own):
        if locked.state == RequestState.IN_REVIEW:
            raise PermissionDenied("It is in internal review: a compliance manager changes its evidence now.")
        raise WrongState(f"{locked.ref} is {locked.get_state_display().lower()}: its evidence stands as it is.")
    return locked


def _named(version: Version) -> dict[str, object]:
    return {"artefact": version.artefact.ref, "version": version.number, "sha256": version.sha256}
