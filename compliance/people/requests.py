"""What the room's middleware puts on a request, for the types of views."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from compliance.tenancy.models import Organization
from compliance.trail.actors import Actor, ActorKind

from .models import Membership, User


class PageRequest(HttpRequest):
    """A request of a page of an organisation: the member who asks, and who they are to the trail."""

    organization: Organization
    membership: Membership
    actor: Actor
    request_id: str
    user: User  # type: ignore[assignment]


def visitor(request: HttpRequest) -> Actor:
    """A signed-in person outside every room, as an actor."""
    user = request.user
    identifier: UUID | None = user.pk if user.is_authenticated else None
    return Actor(ActorKind.PERSON, str(user), identifier, None, getattr(request, "request_id", ""))
