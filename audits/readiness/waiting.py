"""How much waits for a member, for the entry that stands on every page."""

from __future__ import annotations

from typing import cast

from django.core.cache import cache
from django.http import HttpRequest

from compliance.desk.registry import items_for
from compliance.people.models import Membership
from compliance.people.requests import PageRequest

#: Every contributor is asked for it, so the number is kept for a short while; My work itself always asks anew.
KEPT_SECONDS = 60


def number_waiting(request: HttpRequest) -> int:
    """How many things wait for whoever asks, at most a minute old."""
    membership = cast(PageRequest, request).membership
    kept: int | None = cache.get(_key(membership))
    return keep_number(membership, len(items_for(membership))) if kept is None else kept


def keep_number(membership: Membership, number: int) -> int:
    """Keep the number that was just found, and give it back."""
    cache.set(_key(membership), number, KEPT_SECONDS)
    return number


def _key(membership: Membership) -> str:
    return f"waiting:{membership.organization_id}:{membership.pk}"
