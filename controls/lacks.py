"""What keeps a control from being audited as it is written, as far as the control itself says. Pure."""

from __future__ import annotations

from .models import Control


def lacks_of(control: Control) -> list[str]:
    """Of owner, frequency, test procedure, population: those that a control lacks, by the words of `Standing.missing`.

    A test by inquiry alone is no test of operation (AT-C 205; audit practice, 4.2). A population is needed where the
    control is tested by sample, and has to come from a collector or a named list.
    """
    tests = {procedure.get("type") for procedure in control.test_procedures}
    return [
        word
        for word, present in (
            ("owner", control.owner_id is not None),
            ("frequency", bool(control.frequency)),
            ("test procedure", bool(tests - {"inquiry", None})),
            ("population", not control.tested_by_sample or bool(control.population)),
        )
        if not present
    ]
