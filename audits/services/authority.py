"""What an actor may do, looked up anew for every deed, so that no caller can forget to ask."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied

from compliance.access.permissions import Permission
from compliance.people.models import Membership, Token
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor, ActorKind

from ..models import Audit, Request, Seat
from ..moves import MOVES, Who, may_answer, may_manage
from ..selectors.seats import is_open


def permissions_of_actor(actor: Actor) -> frozenset[Permission]:
    """A member's role, a token's scopes, everything for the system itself, and nothing for an auditor."""
    if actor.kind == ActorKind.SYSTEM:
        return frozenset(Permission)
    if actor.id is None:
        return frozenset()
    if actor.kind == ActorKind.TOKEN:
        token = Token.objects.filter(pk=actor.id).first()
        return frozenset(scope for scope in Permission if token is not None and scope.value in token.scopes)
    if actor.kind == ActorKind.PERSON and actor.membership_id is not None:
        member = Membership.objects.filter(
            organization_id=here().organization_id, pk=actor.membership_id, user_id=actor.id
        ).first()
        return frozenset(scope for scope in Permission if member is not None and member.may(scope))
    return frozenset()


def need(actor: Actor, permission: Permission) -> None:
    """Raises PermissionDenied where the actor does not hold the permission."""
    if permission not in permissions_of_actor(actor):
        raise PermissionDenied("Your role does not allow this.")


def need_move(actor: Actor, request: Request, name: str) -> None:
    """Raises PermissionDenied where a member may not make this move. Auditors' moves ask `need_seat` instead."""
    permissions = permissions_of_actor(actor)
    who = MOVES[name].by
    allowed = may_manage(permissions) if who == Who.MANAGER else may_answer(request, permissions, _own(actor))
    if who == Who.AUDITOR or not allowed:
        raise PermissionDenied(
            "This request is assigned to somebody else." if who == Who.ANSWERER else "Your role does not allow this."
        )


def need_answer(actor: Actor, request: Request) -> None:
    """Raises PermissionDenied where a member may not work on the answer of this request."""
    if not may_answer(request, permissions_of_actor(actor), _own(actor)):
        raise PermissionDenied("This request is assigned to somebody else.")


def need_seat(actor: Actor, seat: Seat, audit: Audit) -> None:
    """Raises PermissionDenied unless the actor is the auditor who sits in this seat, at this audit, now."""
    sits = actor.kind == ActorKind.AUDITOR and seat.user_id is not None and actor.id == seat.user_id
    if not (sits and seat.audit_id == audit.pk and is_open(seat)):
        raise PermissionDenied("Only the auditor's own seat may do this.")


def _own(actor: Actor) -> UUID | None:
    """A token has no requests of its own: only a person is an assignee."""
    return actor.membership_id if actor.kind == ActorKind.PERSON else None
