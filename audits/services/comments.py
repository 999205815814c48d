"""Comments of three kinds, each with its own table, form and readers. None can be edited or taken back."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import AuditorNote, ExternalComment, InternalComment, PortalAct, PortalOpening, Request, Seat
from ..moves import may_manage
from .authority import need_answer, need_seat, permissions_of_actor


@transaction.atomic
def comment_internally(*, actor: Actor, request: Request, text: str) -> InternalComment:
    """Said among ourselves: no auditor ever reads it."""
    need_answer(actor, Request.objects.get(pk=request.pk))  # it may have gone to somebody else meanwhile
    comment = InternalComment.objects.create(request=request, author=actor.label, author_id=actor.id, text=_said(text))
    record(actor=actor, action="audits.request.commented_internally", target=request)
    return comment


@transaction.atomic
def comment_to_auditor(*, actor: Actor, request: Request, text: str) -> ExternalComment:
    """Said to the auditor, who reads it at once. A manager's to say, since it speaks for the organisation."""
    if not may_manage(permissions_of_actor(actor)):
        raise PermissionDenied("Only a compliance manager writes to the auditor.")
    comment = ExternalComment.objects.create(
        request=request, author=actor.label, author_id=actor.id, text=_said(text), by_auditor=False
    )
    record(actor=actor, action="audits.request.commented_to_auditor", target=request)
    return comment


@transaction.atomic
def comment_as_auditor(*, actor: Actor, request: Request, seat: Seat, text: str) -> ExternalComment:
    """Said by the auditor to the organisation."""
    need_seat(actor, seat, request.audit)
    comment = ExternalComment.objects.create(
        request=request, author=actor.label, author_id=actor.id, text=_said(text), by_auditor=True
    )
    record(actor=actor, action="audits.request.commented_by_auditor", target=request)
    return comment


@transaction.atomic
def note_as_auditor(*, actor: Actor, request: Request, seat: Seat, text: str) -> AuditorNote:
    """The auditor's own note. It leaves no trail entry, which would tell the organisation what is being looked at."""
    need_seat(actor, seat, request.audit)
    note = AuditorNote.objects.create(
        request=request, seat=seat, author=actor.label, author_id=actor.id, text=_said(text)
    )
    PortalOpening.objects.create(
        audit_id=request.audit_id,
        seat=seat,
        act=PortalAct.NOTED,
        item_type="request",
        item_id=request.pk,
        item_label=str(request)[:300],
        request_id=actor.request_id,
    )
    return note


def _said(text: str) -> str:
    if not text.strip():
        raise ValidationError({"text": "Write the comment first."})
    return text.strip()
