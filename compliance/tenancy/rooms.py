"""A tenant is a room you stand in. `scope` opens a transaction and sets the tenant for it; the database does the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from .models import Organization


@dataclass(frozen=True)
class Room:
    """Where the running code stands."""

    organization_id: UUID
    slug: str
    timezone: str
    is_sample: bool


_current: ContextVar[Room | None] = ContextVar("room", default=None)


def current() -> Room | None:
    """The room, or None outside any."""
    return _current.get()


def here() -> Room:
    """The room; raises LookupError outside any."""
    room = _current.get()
    if room is None:
        raise LookupError("No organisation is set: enter one with scope().")
    return room


def _tell_database(organization_id: str, user_id: str | None) -> None:
    with connection.cursor() as cursor:
        if user_id is None:
            cursor.execute("SELECT set_config('app.organization_id', %s, true)", [organization_id])
        else:
            cursor.execute(
                "SELECT set_config('app.organization_id', %s, true), set_config('app.user_id', %s, true)",
                [organization_id, user_id],
            )


def _restore(outer: Room | None, user_id: str | None) -> None:
    """Give an outer transaction its room back. The settings hold for a transaction only: where this one was the
    outermost, they end with it. An error rolls them back with the rest."""
    if not connection.needs_rollback:
        _tell_database(str(outer.organization_id) if outer else "", user_id)


@contextmanager
def _standing_in(room: Room | None) -> Iterator[None]:
    token = _current.set(room)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def scope(organization: Organization | UUID, *, user_id: UUID | None = None) -> Iterator[Room]:
    """Stand in an organisation's room for one transaction.

    Rooms may be nested; leaving one restores the one outside. Within the same room nothing has to be told to the database
    twice: a run enters it several times for each step. Raises Organization.DoesNotExist for an unknown id.
    """
    if not isinstance(organization, Organization):
        organization = Organization.objects.get(pk=organization)
    room = Room(organization.pk, organization.slug, organization.timezone, organization.is_sample)
    outer, within = _current.get(), connection.in_atomic_block
    told = within and user_id is None and outer is not None and outer.organization_id == room.organization_id
    with transaction.atomic():
        if not told:
            _tell_database(str(room.organization_id), str(user_id) if user_id else None)
        with _standing_in(room):
            yield room
        if within and not told:
            _restore(outer, None if user_id is None else "")


@contextmanager
def scope_of_own(user_id: UUID, choose: Callable[[], Organization]) -> Iterator[Room]:
    """Stand in the room that `choose` names, having read no more than one person's own memberships and seats.

    One transaction for both: the person is told away before the room is entered, so that from inside none of their
    rows in other rooms can be read. What `choose` raises ends it before any room is entered.
    """
    outer, within = _current.get(), connection.in_atomic_block
    with transaction.atomic():
        _tell_database("", str(user_id))
        organization = choose()
        _tell_database(str(organization.pk), "")
        room = Room(organization.pk, organization.slug, organization.timezone, organization.is_sample)
        with _standing_in(room):
            yield room
        if within:
            _restore(outer, "")


@contextmanager
def scope_of_proof(organization_id: UUID, prove: Callable[[], Organization | None]) -> Iterator[Room | None]:
    """Stand in a room whose key is proved inside it: `prove` looks a secret up there, and names the organisation.

    Where it names none there is no room for what follows, and nothing can be read.
    """
    outer, within = _current.get(), connection.in_atomic_block
    with transaction.atomic():
        _tell_database(str(organization_id), None)
        organization = prove()
        if organization is None:
            _tell_database("", None)
            with _standing_in(None):
                yield None
        else:
            room = Room(organization.pk, organization.slug, organization.timezone, organization.is_sample)
            with _standing_in(room):
                yield room
        if within:
            _restore(outer, None)


@contextmanager
def as_user(user_id: UUID) -> Iterator[None]:
    """As one person in no room: their own memberships and seats can be read, and nothing else. The room outside comes back."""
    outer, within = _current.get(), connection.in_atomic_block
    with transaction.atomic():
        _tell_database("", str(user_id))
        with _standing_in(None):
            yield
        if within:
            _restore(outer, "")


def for_each_organization(visit: Callable[[Room], Any]) -> list[Any]:
    """Walk every organisation, entering each room in turn. The one way to work across tenants; nothing switches tenancy off.

    A failure in one room does not keep the others from their turn; the first one is raised at the end.
    """
    results: list[Any] = []
    failure: Exception | None = None
    for organization in Organization.objects.tenants().iterator():
        try:
            with scope(organization) as room:
                results.append(visit(room))
        except Exception as error:  # noqa: BLE001
            failure = failure or error
    if failure is not None:
        raise failure
    return results
