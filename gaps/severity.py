"""How grave a gap is, with the sentence that says why. Pure.

The first of the definitions' lines that matches (Gaps), and at least what the failing check itself claims (decisions,
21). Nothing that makes a cause worse lowers it; an override stands beside it and never in its place.
"""

from __future__ import annotations

from dataclasses import dataclass

from gaps.causes import Cause, Found, listed
from gaps.weights import DEFAULT, Severity, Weights

_ALWAYS_CRITICAL = frozenset(
    {Found.NO_CONTROL, Found.NO_POPULATION, Found.NOT_THERE, Found.NOT_IN_PLACE, Found.CLAUSE_ABSENT, Found.WITHHELD}
)
_SAYS = {
    Found.DOCUMENTATION: "has an incomplete record",
    Found.STALE: "rests on stale evidence",
    Found.NOT_AUDITABLE: "cannot be audited as it is written",
    Found.UNKNOWN: "could not be looked at",
    Found.LATE: "was performed late",
    Found.CONTRADICTION: "is contradicted by the collected facts",
    Found.MISSING: "has no evidence, and the first was due",
    Found.MISSED: "missed an interval",
    Found.DEVIATION: "has a deviation",
    Found.FAIL: "fails",
    Found.DESIGN: "is not suitably designed",
    Found.NOT_IN_PLACE: "is not in place",
    Found.CLAUSE_ABSENT: "is a required element that is absent",
    Found.NO_CONTROL: "has no suitable control",
    Found.NOT_THERE: "is described, and does not exist",
    Found.NO_POPULATION: "has no population that can be produced",
    Found.WITHHELD: "is withheld from the auditor",
}


@dataclass(frozen=True)
class Judged:
    """A computed severity and the sentence that says why."""

    severity: Severity
    reason: str


def severity(cause: Cause, weights: Weights = DEFAULT) -> Judged:
    """The severity of a cause."""
    judged, why = _by_definition(cause)
    least = weights.least.get(cause.technical) if cause.technical and cause.found.not_operating else None
    if least is not None and least.weight > judged.weight:
        judged, why = least, f"{cause.name} {_SAYS[cause.found]}, by a check of {cause.technical} technical severity"
    return Judged(judged, f"{judged.value.capitalize()}: {why}.")


def _by_definition(cause: Cause) -> tuple[Severity, str]:
    says = _SAYS[cause.found]
    if cause.found in _ALWAYS_CRITICAL:
        return Severity.CRITICAL, f"{cause.name} {says}"
    if cause.found.not_operating and cause.none_operates_for and not cause.only_control_of:
        lost = listed(cause.none_operates_for)
        return Severity.CRITICAL, f"{cause.name} {says}, and no key control of {lost} operates"
    base, says = _by_itself(cause, says)
    if not cause.only_control_of:
        return base, f"{cause.name} {says}"
    raised = list(Severity)[min(base.weight + 1, Severity.CRITICAL.weight)]
    return raised, f"{cause.name} is the only control of {listed(cause.only_control_of)} and it {says}"


def _by_itself(cause: Cause, says: str) -> tuple[Severity, str]:
    """Severity without regard to the other controls of a requirement."""
    if cause.found.not_operating and (cause.key or cause.only_control_of):
        return Severity.SIGNIFICANT, says
    # A failure is never judged milder than not having been able to look for as long.
    lasting = cause.found is Found.UNKNOWN or cause.found.not_operating or (cause.found is Found.STALE and cause.key)
    if lasting and cause.intervals_beyond >= 1:
        return Severity.SIGNIFICANT, f"{says}, for more than one interval"
    if cause.times_late >= 2:
        return Severity.SIGNIFICANT, f"{says}, after being late {cause.times_late} times in the period"
    return Severity.MINOR, says
