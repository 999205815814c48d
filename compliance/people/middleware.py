"""Entering the room: pages of `/o/<slug>/` and `/portal/<slug>/`, and calls of `/api/`, run inside one tenant's transaction."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope, scope_of_own, scope_of_proof
from compliance.trail.actors import Actor, ActorKind
from compliance.web.outside import Outside

from .asking import refusal_without_second_factor
from .models import Membership, Token
from .secrets import digest, organization_of
from .selectors import memberships_of, tokens_with

GetResponse = Callable[[HttpRequest], HttpResponse]
_ROOM = re.compile(r"^/(o|portal)/([^/]+)/")


class RoomMiddleware:
    """Finds the organisation, opens its transaction, and lets the page render inside it. A 5xx rolls back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.organization = None  # type: ignore[attr-defined]
        request.membership = None  # type: ignore[attr-defined]
        request.api_token = None  # type: ignore[attr-defined]
        if request.path.startswith("/api/"):
            return self._finished(request, self._call(request))
        match = _ROOM.match(request.path)
        if match is None:
            return self.get_response(request)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return self._finished(request, self._page(request, portal=match[1] == "portal", slug=match[2]))

    def _page(self, request: HttpRequest, *, portal: bool, slug: str) -> HttpResponse:
        if portal:
            organization = Organization.objects.tenants().filter(slug=slug).first()
            if organization is None:
                raise Http404
            with scope(organization), timezone.override(organization.timezone):
                request.organization = organization  # type: ignore[attr-defined]
                return self._answer(request)
        return self._members_page(request, slug)

    def _members_page(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The memberships are read once, as the person: one of them opens the room, all of them are the menu."""
        own: list[Membership] = []
        user_id: Any = request.user.pk

        def choose() -> Organization:
            own.extend(memberships_of(user_id))
            own.sort(key=lambda each: each.organization.slug != slug)
            if not own or own[0].organization.slug != slug:
                raise Http404
            return own[0].organization

        # The room alone: who also belongs to other organisations must not read their memberships of those in here.
        with scope_of_own(user_id, choose) as room, timezone.override(room.timezone):
            membership = own[0]
            organization = membership.organization
            request.own_memberships = own  # type: ignore[attr-defined]
            request.organization = organization  # type: ignore[attr-defined]
            if refused := refusal_without_second_factor(request, organization):
                return refused
            request.membership = membership  # type: ignore[attr-defined]
            request.actor = person(request, membership)  # type: ignore[attr-defined]
            return self._answer(request)

    def _call(self, request: HttpRequest) -> HttpResponse:
        handed = _bearer(request)
        organization_id = organization_of(handed) if handed else None
        if organization_id is None:
            return self.get_response(request)
        held: list[Token] = []

        def prove() -> Organization | None:
            held.extend(tokens_with(digest(handed)))
            return held[0].organization if held else None

        with scope_of_proof(organization_id, prove):
            if held and held[0].expires_at > now():
                self._admit(request, held[0])
            return self._answer(request)

    def _admit(self, request: HttpRequest, token: Token) -> None:
        request.organization = token.organization  # type: ignore[attr-defined]
        request.api_token = token  # type: ignore[attr-defined]
        request.actor = Actor(  # type: ignore[attr-defined]
            ActorKind.TOKEN, f"Token {token.name}", token.pk, token.created_by_id, getattr(request, "request_id", "")
        )
        _remember_use(token)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        return _kept(self.get_response(request))

    def _finished(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """The room is left: what a view waits for is called now, and answered in a room entered anew."""
        if not isinstance(response, Outside):
            return response
        organization: Organization = request.organization  # type: ignore[attr-defined]
        result = response.call()
        with scope(organization), timezone.override(organization.timezone if request.membership else None):  # type: ignore[attr-defined]
            return _kept(response.answer(result))


def _kept(response: HttpResponse) -> HttpResponse:
    """What was written stays, unless the answer is a fault of ours."""
    if response.status_code >= 500:
        transaction.set_rollback(True)
    return response


def person(request: HttpRequest, membership: Membership) -> Actor:
    """The signed-in member as an actor."""
    return Actor(
        ActorKind.PERSON, membership.name or str(request.user), request.user.pk, membership.pk, getattr(request, "request_id", "")
    )


def _bearer(request: HttpRequest) -> str:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


def _remember_use(token: Token) -> None:
    """To the minute is enough, and keeps reads from writing."""
    if token.last_used_at is None or now() - token.last_used_at > timedelta(minutes=1):
        token.last_used_at = now()
        token.save(update_fields=["last_used_at"])
