"""Whether a control can be audited as it is written: what is missing, in words. Pure over rows that are given."""

from __future__ import annotations

from collections.abc import Sequence

from controls.models import Control

from .models import EvidenceRequirement


def what_is_missing(control: Control, requirements: Sequence[EvidenceRequirement]) -> list[str]:
    """Of owner, frequency, evidence requirement, test procedure, population: those that the control lacks.

    A test by inquiry alone is no test of operation (AT-C 205; audit practice, 4.2). A population is needed where the
    control is tested by sample, and has to come from a collector or a named list.
    """
    tests = {procedure.get("type") for procedure in control.test_procedures}
    return [
        word
        for word, present in (
            ("owner", control.owner_id is not None),
            ("frequency", bool(control.frequency)),
            ("evidence requirement", bool(requirements)),
            ("test procedure", bool(tests - {"inquiry", None})),
            ("population", not control.tested_by_sample or bool(control.population)),
        )
        if not present
    ]
