"""What cells of the matrix name: a framework, one of its requirements, the owner of a control."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from compliance.access.permissions import Permission
from compliance.frameworks.models import Framework, Requirement
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may
from compliance.web.imports.columns import CellError

from ..models import Control


class Asked(NamedTuple):
    """A requirement as a cell names it."""

    id: UUID
    framework_id: UUID
    ref: str
    assessable: bool


class Frameworks:
    """Frameworks by the name that people know them by, where no other has it too, and always by key and version."""

    def __init__(self) -> None:
        found = list(Framework.objects.only("organization_id", "key", "version", "short_title").order_by("short_title", "version"))
        self.by_name: dict[str, Framework | None] = {}
        for each in found:
            for name in (each.short_title, each.key):
                self.by_name[name.lower()] = None if name.lower() in self.by_name and self.by_name[name.lower()] != each else each
        self.by_name |= {_exact(each).lower(): each for each in found}
        self.names = {each.pk: self._name(each) for each in found}

    def _name(self, framework: Framework) -> str:
        known = self.by_name.get(framework.short_title.strip().lower()) is framework
        return framework.short_title if known else _exact(framework)

    def find(self, cell: str) -> UUID:
        """The framework that a cell names. Raises CellError."""
        found = self.by_name.get(cell.lower())
        if found is None:
            several = "Several frameworks have this name; write key@version." if cell.lower() in self.by_name else ""
            raise CellError(several or f"There is no framework “{cell[:60]}” here.")
        return found.pk


def _exact(framework: Framework) -> str:
    return f"{framework.key}@{framework.version}"


class Requirements:
    """Requirements by framework and reference; by reference alone where only one framework has it."""

    def __init__(self) -> None:
        rows = Requirement.objects.order_by().values_list("pk", "framework_id", "ref", "assessable")
        self.by_id = {pk: Asked(pk, framework, ref, assessable) for pk, framework, ref, assessable in rows}
        self.by_ref: dict[str, list[Asked]] = {}
        for each in self.by_id.values():
            self.by_ref.setdefault(each.ref.lower(), []).append(each)

    def find(self, ref: str, framework: UUID | None) -> Asked:
        """The requirement of a reference. Raises CellError, also where it only groups others."""
        found = [each for each in self.by_ref.get(ref.lower(), ()) if framework in (None, each.framework_id)]
        if len(found) > 1:
            raise CellError(f"Several frameworks have a {ref[:60]}: name the framework beside it.")
        if not found:
            raise CellError(f"There is no {ref[:60]} in {'this framework' if framework else 'any framework'}.")
        if not found[0].assessable:
            raise CellError(f"{found[0].ref} only groups others. Name one that is below it.")
        return found[0]


class Owners:
    """Who may own a control, and who owns one already: by name where only one has it, and always by address."""

    def __init__(self, people: Iterable[Membership]) -> None:
        self.by_name: dict[str, Membership | None] = {}
        everybody = {each.pk: each for each in people}
        for each in everybody.values():
            self.by_name[each.name.lower()] = None if each.name.lower() in self.by_name else each
        self.by_address = {each.email.lower(): each for each in everybody.values()}

    def name(self, owner: Membership) -> str:
        """How a cell names an owner."""
        known = self.by_name.get(owner.name.strip().lower())
        return owner.name if known is not None and known.pk == owner.pk else owner.email

    def find(self, cell: str) -> Membership:
        """The owner that a cell names. Raises CellError."""
        found = self.by_address.get(cell.lower()) or self.by_name.get(cell.lower())
        if found is None:
            several = "Several people have this name; write the address." if cell.lower() in self.by_name else ""
            raise CellError(several or f"“{cell[:60]}” is nobody who may own a control here.")
        return found


def owners() -> Owners:
    """Those who may own a control now, and those who do. Two queries."""
    owning = Membership.objects.filter(pk__in=Control.objects.exclude(owner=None).order_by().values("owner"))
    return Owners([*members_who_may(Permission.CONTROL_VIEW), *owning])
