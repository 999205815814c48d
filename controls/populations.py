"""Populations that a floor above keeps as rows: the control's own confirmation then follows from them.

Whoever keeps populations registers a contributor: it takes a control's id and gives (reference, address) of each that the
control's sample is drawn from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from compliance.tenancy.contributors import Contributors

kept: Contributors[Callable[[UUID], Sequence[tuple[str, str]]]] = Contributors()


def populations_kept(control_id: UUID) -> list[tuple[str, str]]:
    """(reference, address) of the populations kept for a control; none where its confirmation is by hand."""
    return [each for contributor in kept for each in contributor(control_id)]
