"""What was chosen so far of an adoption, and what follows from it for each control. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from compliance.people.models import Membership
from controls.services.adopt import Terms
from controls.starter.reading import StarterControl

from .offer import family_of

#: The key under which a day or a state holds for every control that nothing nearer speaks of.
ALL = "all"
PLANNED = "planned"


@dataclass
class Plan:
    """Controls by reference; people by owner role and, before that, by control; days and states by `ALL`, family or
    control, the nearest of which holds. An empty person or day by control says: none, whatever the others say."""

    refs: set[str] = field(default_factory=set)
    roles: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    starts: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, choices: Mapping[str, Any], offered: Iterable[str]) -> Plan:
        """From what is kept. What is no longer offered is left out; nothing kept means: all of it, planned."""
        known = set(offered)
        if not choices:
            return cls(refs=known, states={ALL: PLANNED})
        kept = {name: dict(choices.get(name, {})) for name in ("roles", "owners", "starts", "states")}
        return cls(refs=known & set(choices.get("refs", ())), **kept)

    def as_choices(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "refs": sorted(self.refs), "roles": self.roles, "owners": self.owners, "starts": self.starts, "states": self.states,
        }  # fmt: skip

    def owner_of(self, control: StarterControl) -> str:
        """The id of who is to own a control; empty for nobody."""
        return self.owners.get(control.ref, self.roles.get(control.owner_role, ""))

    def starts_on(self, ref: str) -> date | None:
        """The day since which a control operates; None where none was given."""
        said = _nearest(self.starts, ref)
        return date.fromisoformat(said) if said else None

    def state_of(self, ref: str) -> str:
        """How things stand with a control."""
        return _nearest(self.states, ref) or PLANNED

    def set_for(self, refs: Collection[str], *, owner: str | None = None, start: date | None = None, state: str = "") -> None:
        """Say it for single controls; what is not given stays as it is."""
        for ref in refs:
            if owner is not None:
                self.owners[ref] = owner
            if start is not None:
                self.starts[ref] = start.isoformat()
            if state:
                self.states[ref] = state

    def forget(self, refs: Collection[str], *names: str) -> None:
        """Take back what was said for single controls: the role, the family, or all of them speak for them again."""
        for name in names:
            for ref in refs:
                getattr(self, name).pop(ref, None)

    def terms(self, controls: Iterable[StarterControl], people: Mapping[str, Membership]) -> dict[str, Terms]:
        """How each control is adopted. Somebody who is not among `people` any more is nobody."""
        return {
            each.ref: Terms(people.get(self.owner_of(each)), self.starts_on(each.ref), self.state_of(each.ref))
            for each in controls
        }


def _nearest(said: Mapping[str, str], ref: str) -> str:
    return next((said[key] for key in (ref, family_of(ref), ALL) if key in said), "")
