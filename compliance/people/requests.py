"""What the room's middleware puts on a request, for the types of views."""

from __future__ import annotations

from django.http import HttpRequest

from compliance.tenancy.models import Organization
from compliance.trail.actors import Actor, ActorKind

from .models import Membership, User


class VisitorRequest(HttpRequest):
    """A request of somebody who is signed in, outside every room."""

    user: User
    request_id: str


class PageRequest(VisitorRequest):
    """A request of a page of an organisation: the member who asks, and who they are to the trail."""

    organization: Organization
    membership: Membership
    own_memberships: list[Membership]
    actor: Actor


def visitor(request: VisitorRequest) -> Actor:
    """A signed-in person outside every room, as an actor."""
    return Actor(ActorKind.PERSON, str(request.user), request.user.pk, None, getattr(request, "request_id", ""))
