"""The base of every endpoint from here up: it knows who calls, and does a write that is sent twice once."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, Prefetch, QuerySet
from rest_framework.exceptions import NotFound

from compliance.trail.actors import Actor
from compliance.web import api

from .idempotency import Idempotent
from .models import Membership

M = TypeVar("M", bound=Model)


def person(name: str) -> Prefetch:
    """A member whom a row refers to, in short."""
    return api.brief(name, Membership.objects.all(), "name")


class Endpoint(Idempotent, api.Endpoint):
    """A noun that may be written."""

    @property
    def actor(self) -> Actor:
        """The token that calls, as the trail knows it."""
        actor: Actor = self.request._request.actor
        return actor

    def above(self, found: QuerySet[M], name: str) -> M:
        """What the address names before this noun, such as the audit of its requests. Raises NotFound."""
        thing = found.filter(pk=self.kwargs[name]).first()
        if thing is None:
            raise NotFound
        return thing

    def maker(self) -> Membership | None:
        """The member who made the token and answers for what it does; None for one made at the command line."""
        identifier = self.actor.membership_id
        return Membership.objects.filter(pk=identifier).first() if identifier else None
