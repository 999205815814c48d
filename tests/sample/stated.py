"""Judging the sample company's facts by the numbers that its controls state, as its connections are judged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from evidence.adoption.offer import starter_set
from evidence.checks import catalogue
from evidence.checks.base import Facts, Finding, run
from evidence.thresholds import in_force

STATED = in_force(evidence.thresholds for control in starter_set().controls for evidence in control.evidence)


def judged_as_stated(vendor: str, facts: Facts, only: Collection[str] | None = None) -> dict[str, list[Finding]]:
    """Findings by id of every check of a vendor, or of the named ones."""
    wanted = [check for check in catalogue.checks_of(vendor) if only is None or check.id in only]
    return {check.id: run(check, replace(facts, thresholds=STATED.get(check.id, {}))) for check in wanted}
