"""What the ground's registers give to the sections of a description."""

from __future__ import annotations

from ..sections import Contributor
from . import boundary, components, happenings, outside, promises, scope


def contributors() -> dict[str, Contributor]:
    """Every contributor of the ground, by name."""
    return {
        "registers.services": scope.services, "commitments": promises.commitments, "registers.components": components.components,
        "boundary": boundary.diagram,
        "ledger.incidents": happenings.incidents, "ledger.changes": happenings.changes, "parties.own": outside.own_controls,
        "parties": outside.subservices, "programmes.criteria": scope.criteria, "programmes.not_relevant": scope.not_relevant,
    }  # fmt: skip
