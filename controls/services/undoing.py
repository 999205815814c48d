"""What others said of a control, taken back where it no longer holds. The caller holds the row's lock and saves it."""

from __future__ import annotations

from typing import Any

from ..models import Control, Design
from ..populations import populations_kept

#: The columns that may be written.
UNDONE = (
    "design", "design_reason", "design_by", "design_at", "population_confirmed_by", "population_confirmer", "population_confirmed_at",
    "population_note",
)  # fmt: skip
Values = dict[str, Any]


def undo_design(control: Control, before: Values, after: Values) -> None:
    """Its design is not assessed any more."""
    if control.design == Design.NOT_ASSESSED:
        return
    before["design"], after["design"] = control.design, Design.NOT_ASSESSED.value
    control.design, control.design_reason, control.design_by, control.design_at = Design.NOT_ASSESSED, "", None, None


def undo_confirmation(control: Control, before: Values, after: Values) -> None:
    """Nobody has confirmed its population any more."""
    if control.population_confirmed_at is None:
        return
    before["population_confirmed_at"], after["population_confirmed_at"] = control.population_confirmed_at, None
    control.population_confirmed_at, control.population_confirmed_by, control.population_note = None, "", ""
    control.population_confirmer = None


def undo_what_the_owner_said(control: Control, before: Values, after: Values) -> None:
    """Whoever concluded on a control, or confirmed its population, and then comes to own it, has judged their own work: it has
    to be said anew, by another. Else a control could be handed on, judged, and handed back."""
    if control.owner_id is None:
        return
    if control.design_by_id == control.owner_id:
        undo_design(control, before, after)
    if _confirmed_by_owner(control) and not populations_kept(control.pk):
        undo_confirmation(control, before, after)


def _confirmed_by_owner(control: Control) -> bool:
    """By who it was; of a confirmation from before that was kept, by the name that stands there."""
    if control.population_confirmer_id is not None:
        return control.population_confirmer_id == control.owner_id
    assert control.owner is not None
    return bool(control.population_confirmed_by) and control.population_confirmed_by == control.owner.name[:254]
