"""The portal's one guard: who holds an open seat at this audit comes in, for everyone else there is nothing here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache

from compliance.people.asking import refusal_without_second_factor
from compliance.people.models import User
from compliance.tenancy.clock import today
from compliance.tenancy.models import Organization
from compliance.trail.actors import Actor, ActorKind

from ..models import Seat
from ..services.openings import record_sign_in
from .selectors import open_seat

View = Callable[..., HttpResponseBase]


class SeatedRequest(HttpRequest):
    """A request of a portal page: the seat that it comes from, and who that is to the trail."""

    organization: Organization
    seat: Seat
    actor: Actor
    request_id: str
    user: User


def seated(view: View) -> View:
    """Let in the holder of an open seat at the audit of the address; 404 for all others. Marks the view as guarded."""

    @wraps(view)
    @never_cache
    def guarded(request: Any, organization: str, audit: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
        seat = open_seat(request.user, audit)
        room = request.organization
        if seat is None:
            request.organization = None  # the page that says so must not tell whose address this is
            raise Http404
        if refused := refusal_without_second_factor(request, room):
            return refused
        request.seat = seat
        request.actor = Actor(ActorKind.AUDITOR, str(seat), request.user.pk, None, getattr(request, "request_id", ""))
        _note_sign_in(request)
        return view(request, organization, audit, *args, **kwargs)

    guarded.needs_seat = True  # type: ignore[attr-defined]
    return guarded


def _note_sign_in(request: SeatedRequest) -> None:
    """Once per session and day of the organisation's calendar."""
    key, day = f"portal:{request.seat.pk}", today(request.organization.timezone).isoformat()
    if request.session.get(key) != day:
        record_sign_in(actor=request.actor, seat=request.seat)
        request.session[key] = day
