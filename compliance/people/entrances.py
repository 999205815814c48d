"""The doors that a signed-in person may enter by: their organisations, and what floors above add (audit seats)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from compliance.access.roles import Role
from compliance.tenancy.rooms import as_user

from .models import Membership, User


@dataclass(frozen=True)
class Door:
    """One way in: the name on it, where it leads, and as what one enters."""

    name: str
    url: str
    entered_as: str


Finder = Callable[[User], Iterable[Door]]
_finders: list[Finder] = []


def register(find: Finder) -> None:
    """Add doors from above. `find` runs outside every room and reads only rows that are the person's own."""
    _finders.append(find)


def doors_of(user: User) -> list[Door]:
    """Every door of a person, organisations first, by name."""
    with as_user(user.pk):
        doors = sorted(_organizations(user), key=lambda door: door.name.lower())
        for find in _finders:
            doors += sorted(find(user), key=lambda door: door.name.lower())
    return doors


def _organizations(user: User) -> list[Door]:
    own = Membership.objects.filter(user=user, ended_at__isnull=True).select_related("organization")
    return [
        Door(membership.organization.name, f"/o/{membership.organization.slug}/", Role(membership.role).label)
        for membership in own
    ]
