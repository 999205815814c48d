"""Cells that name something of the register: a system, services, an owner."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may
from compliance.web.imports.cells import joined, parted
from compliance.web.imports.columns import CellError, Column

from ..models import Service, System


class Named:
    """Things by reference and by name: a reference always names one, a name where no other has it too."""

    def __init__(self, things: Iterable[Any], what: str) -> None:
        self.what = what
        self.by_ref: dict[str, Any] = {}
        self.by_name: dict[str, Any] = {}
        for thing in things:
            self.by_ref[thing.ref.lower()] = thing
            self.by_name[thing.name.lower()] = None if thing.name.lower() in self.by_name else thing

    def find(self, cell: str) -> Any:
        """The one that a cell names. Raises CellError."""
        key = cell.lower()
        if key in self.by_ref:
            return self.by_ref[key]
        found = self.by_name.get(key)
        if found is None:
            several = "Several have this name; write the reference of one." if key in self.by_name else ""
            raise CellError(several or f"There is no {self.what} {cell[:60]} here.")
        return found


def owners() -> dict[str, Membership]:
    """Who may own something, by address; and who owns something already, so that what is there can be read back."""
    present = Membership.objects.filter(pk__in=System.objects.exclude(owner=None).values("owner"))
    return {each.email.lower(): each for each in (*present, *members_who_may(Permission.SCOPE_VIEW))}


def owner_column(found: Callable[[], dict[str, Membership]]) -> Column:
    """The owner, by address."""

    def read(cell: str) -> Membership:
        owner = found().get(cell.lower())
        if owner is None:
            raise CellError(f"{cell[:60]} is the address of nobody who may own something here.")
        return owner

    return Column("owner", "Owner", read, lambda owner: owner.email, empty=None, help="The address of a member")


def services_column(found: Callable[[], Named]) -> Column:
    """The services that a system serves, by reference."""

    def read(cell: str) -> list[Service]:
        services = {service.ref: service for service in (found().find(each) for each in parted(cell))}
        return [services[ref] for ref in sorted(services)]

    def write(services: Iterable[Service]) -> str:
        return joined(sorted(service.ref for service in services))

    return Column("services", "Services", read, write, empty=list, help="References, as SVC-001|SVC-002; empty: all")


def system_column(name: str, label: str, found: Callable[[], Named]) -> Column:
    """An entry of the register, by reference."""
    told = "The reference of an entry of the register, or its name"
    return Column(name, label, lambda cell: found().find(cell), lambda system: system.ref, empty=None, needed=True, help=told)
