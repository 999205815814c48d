"""What fails an audit first: severity, then points, with every step of it in a sentence. Pure.

Points follow the practice of audits: by which route a report would be modified, whether it can still be put right in
the period, how early it is tested, how many exceptions a sample would bring, whether a promise to customers is touched.
docs/domain/severity-and-rank.md tells the same to a reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evidence.checks.base import Severity as Technical
from gaps.causes import Cause, Found, Route, listed
from gaps.severity import Judged, severity
from gaps.weights import DEFAULT, Severity, Weights

__all__ = ["Cause", "Found", "Judged", "Rank", "Route", "Severity", "Weights", "rank", "severity"]

_TECHNICAL = {None: 0, Technical.LOW: 1, Technical.MEDIUM: 2, Technical.HIGH: 3, Technical.CRITICAL: 4}
_ROUTE_SAYS = {
    Route.SCOPE_LIMITATION: "What an auditor cannot see limits the scope of the report.",
    Route.MISSING_POPULATION: "Without a complete list nothing can be sampled.",
    Route.DESIGN: "The design is tested before its operation.",
    Route.DESCRIPTION: "The system description would be misstated.",
    Route.DOCUMENTATION: "The record is at fault, not yet the operation.",
}


@dataclass(frozen=True)
class Rank:
    """Where a gap stands. `reasons` are sentences for a person, the one of its severity first."""

    severity: Severity
    points: float
    reasons: tuple[str, ...]
    technical: int
    opened_at: datetime | None
    ref: str

    @property
    def key(self) -> tuple[int, float, int, bool, float, str]:
        """Sorts what fails an audit first to the front: severity, points, technical severity, the oldest, the ref."""
        age = self.opened_at.timestamp() if self.opened_at else 0.0
        return (-self.severity.weight, -self.points, -self.technical, self.opened_at is None, age, self.ref)

    @property
    def reason(self) -> str:
        return " ".join(self.reasons)


def rank(cause: Cause, weights: Weights = DEFAULT) -> Rank:
    """The place of a cause, and why. Two causes with different refs never tie."""
    judged = severity(cause, weights)
    early = [ref for ref in cause.criteria if ref in weights.always_tested]
    points = weights.routes[cause.route]
    points *= 1.0 if cause.in_time else weights.incurable
    points *= weights.tested_early if early else 1.0
    points += min(weights.most_for_exceptions, weights.per_exception * cause.expected_exceptions)
    points += weights.commitment if cause.commitment else 0.0
    points += min(weights.most_for_criteria, weights.per_further_criterion * max(0, len(set(cause.criteria)) - 1))
    reasons = [
        judged.reason,
        _ROUTE_SAYS.get(cause.route, ""),
        f"Always tested early ({listed(tuple(early))})." if early else "",
        _time(cause),
        _sample(cause),
        "A commitment to customers is touched." if cause.commitment else "",
    ]
    return Rank(
        severity=judged.severity,
        points=round(points, 1),
        reasons=tuple(filter(None, reasons)),
        technical=_TECHNICAL[cause.technical],
        opened_at=cause.opened_at,
        ref=cause.ref,
    )


def _time(cause: Cause) -> str:
    """What the calendar says. The tense matters: before the period's end it can be cured, after it is an exception."""
    if cause.lost_days > 0:
        return f"{cause.lost_days} {_plural('day', cause.lost_days)} of the period {_are(cause.lost_days)} lost."
    if not cause.curable:
        return "What is lost cannot be earned again in this period."
    if cause.days_left is None:
        return ""
    if cause.days_left < 0:
        return "The period has ended: it will be an exception."
    left = f"{cause.days_left} {_plural('day', cause.days_left)}"
    if not cause.in_time:
        return f"It needs {cause.days_needed} days, and {left} of the period {_are(cause.days_left)} left."
    return f"It can still be put right: {left} of the period {_are(cause.days_left)} left."


def _sample(cause: Cause) -> str:
    expected = round(cause.expected_exceptions)
    if expected < 1:
        return ""
    exceptions = f"{expected} {_plural('exception', expected)}"
    return f"At today's rate a sample of {cause.sample_size} would bring about {exceptions}."


def _plural(word: str, number: int) -> str:
    return word if number == 1 else f"{word}s"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
