"""Whether a control can be audited as it is written: what is missing, in words. Pure over rows that are given."""

from __future__ import annotations

from collections.abc import Sequence

from controls.lacks import lacks_of
from controls.models import Control

from .models import EvidenceRequirement

_ORDER = ("owner", "frequency", "evidence requirement", "test procedure", "population")


def what_is_missing(control: Control, requirements: Sequence[EvidenceRequirement]) -> list[str]:
    """Of owner, frequency, evidence requirement, test procedure, population: those that the control lacks."""
    lacking = {*lacks_of(control), *(() if requirements else ("evidence requirement",))}
    return [word for word in _ORDER if word in lacking]
