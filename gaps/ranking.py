"""How grave a gap is, and what fails an audit first. Pure: no models, no clock, the same answer for the same cause.

Severity follows the definitions (Gaps), with a check's own severity as the least it can be (decisions, 21); points
follow the practice of audits: by which route a report would be modified, whether it can still be put right, how early
it is tested, how many exceptions a sample would bring. Nothing that makes a cause worse lowers either.

Every number is a default that a firm may replace (`Weights`); a CPA should confirm them before anyone relies on them.
docs/domain/severity-and-rank.md tells the same to a reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from evidence.checks.base import Severity as Technical


class Severity(StrEnum):
    """What a gap would do: qualify the report, be a likely finding, or be an observation."""

    MINOR = "minor"
    SIGNIFICANT = "significant"
    CRITICAL = "critical"

    @property
    def weight(self) -> int:
        """0, 1 or 2: the more, the graver."""
        return list(Severity).index(self)


class Found(StrEnum):
    """What was found, in the words of the definitions."""

    DOCUMENTATION = "documentation"  # a record is incomplete; nobody doubts that the control operates
    STALE = "stale"  # evidence is past its cadence
    NOT_AUDITABLE = "not_auditable"  # no owner, frequency, evidence requirement, test or population is named
    UNKNOWN = "unknown"  # a connection could not look
    LATE = "late"  # performed within the grace
    CONTRADICTION = "contradiction"  # a policy or the description says what the facts deny
    MISSING = "missing"  # evidence never came, and the first was due
    MISSED = "missed"  # an interval passed without it
    DEVIATION = "deviation"  # an item of a population does not show what it should
    FAIL = "fail"  # a check fails
    DESIGN = "design"  # the control as designed does not meet its requirement
    NOT_IN_PLACE = "not_in_place"  # a PCI DSS requirement is not in place
    CLAUSE_ABSENT = "clause_absent"  # an element of an ISO clause is absent
    NO_CONTROL = "no_control"  # a requirement has no suitable control
    NOT_THERE = "not_there"  # the description names a control or a system that does not exist
    NO_POPULATION = "no_population"  # the list to sample from cannot be produced
    WITHHELD = "withheld"  # evidence is refused to the auditor


class Route(StrEnum):
    """By which route a report would be modified."""

    SCOPE_LIMITATION = "scope limitation"
    MISSING_POPULATION = "missing population"
    NO_OTHER_CONTROL = "no other tested control"
    DESIGN = "design"
    OPERATION = "operation"
    DESCRIPTION = "description"
    DOCUMENTATION = "documentation"


_ROUTES = {
    Found.DOCUMENTATION: Route.DOCUMENTATION,
    Found.STALE: Route.DOCUMENTATION,
    Found.NOT_AUDITABLE: Route.DOCUMENTATION,
    Found.CONTRADICTION: Route.DESCRIPTION,
    Found.NOT_THERE: Route.DESCRIPTION,
    Found.DESIGN: Route.DESIGN,
    Found.CLAUSE_ABSENT: Route.DESIGN,
    Found.NO_CONTROL: Route.NO_OTHER_CONTROL,
    Found.NO_POPULATION: Route.MISSING_POPULATION,
    Found.WITHHELD: Route.SCOPE_LIMITATION,
}
_ALWAYS_CRITICAL = frozenset(
    {Found.NO_CONTROL, Found.NO_POPULATION, Found.NOT_THERE, Found.NOT_IN_PLACE, Found.CLAUSE_ABSENT, Found.WITHHELD}
)
#: The control does not do its work: of a key control a likely finding, of the only one a criterion not met.
_NOT_OPERATING = frozenset({Found.MISSING, Found.MISSED, Found.DEVIATION, Found.FAIL, Found.DESIGN})


@dataclass(frozen=True)
class Weights:
    """The numbers. `least` is the severity that a failing check has at least by its own technical severity; a firm
    that holds this to break ties only leaves it empty."""

    routes: Mapping[Route, float] = field(
        default_factory=lambda: MappingProxyType(
            {
                Route.SCOPE_LIMITATION: 40.0,
                Route.MISSING_POPULATION: 40.0,
                Route.NO_OTHER_CONTROL: 30.0,
                Route.DESIGN: 25.0,
                Route.OPERATION: 20.0,
                Route.DESCRIPTION: 20.0,
                Route.DOCUMENTATION: 5.0,
            }
        )
    )
    least: Mapping[Technical, Severity] = field(
        default_factory=lambda: MappingProxyType(
            {Technical.CRITICAL: Severity.CRITICAL, Technical.HIGH: Severity.SIGNIFICANT}
        )
    )
    always_tested: frozenset[str] = frozenset({"CC6.1", "CC6.2", "CC6.3", "CC7.1", "CC8.1", "CC9.2"})
    incurable: float = 1.5
    tested_early: float = 1.3
    per_exception: float = 2.0
    most_for_exceptions: float = 20.0
    commitment: float = 10.0
    per_further_criterion: float = 1.0
    most_for_criteria: float = 5.0


DEFAULT = Weights()
_TECHNICAL = {Technical.LOW: 1, Technical.MEDIUM: 2, Technical.HIGH: 3, Technical.CRITICAL: 4}


@dataclass(frozen=True)
class Cause:
    """A gap's cause, in plain values. What is not known is left at its default, which is never the worse.

    `subject` completes "… :" in the printed reason (a check's title, a control's reference). `criteria` are the
    references it touches. `only_control_of`: requirements of which the control is the only suitable one.
    `none_operates_for`: requirements whose every key control fails or is lost, with no compensating control.
    `share`: of a population or of the resources, how many fail (0 to 1); `sample_size`: how many an auditor would draw.
    `intervals_beyond`: whole cadences passed since it was last known; `times_late`: late performances in the period.
    `lost_days`: days of the period that cannot be earned any more; `curable`: whether all of it still can be.
    `days_needed`: estimated work until a re-test can pass. `today` and `period_end` are local days.
    """

    found: Found
    ref: str = ""
    subject: str = ""
    control: str = ""
    key: bool = False
    criteria: tuple[str, ...] = ()
    only_control_of: tuple[str, ...] = ()
    none_operates_for: tuple[str, ...] = ()
    technical: Technical | None = None
    share: float = 0.0
    sample_size: int = 0
    intervals_beyond: int = 0
    times_late: int = 0
    curable: bool = True
    lost_days: int = 0
    days_needed: int = 0
    today: date | None = None
    period_end: date | None = None
    commitment: bool = False
    opened_at: datetime | None = None

    @property
    def route(self) -> Route:
        """By which route it would modify the report. Where it is the only control, or none operates, that is it."""
        route = _ROUTES.get(self.found, Route.OPERATION)
        alone = self.only_control_of or self.none_operates_for
        if alone and route in (Route.DESIGN, Route.OPERATION, Route.DESCRIPTION, Route.DOCUMENTATION):
            return Route.NO_OTHER_CONTROL
        return route

    @property
    def days_left(self) -> int | None:
        """Days from today to the end of the period; none where no period is known."""
        return None if self.today is None or self.period_end is None else (self.period_end - self.today).days

    @property
    def in_time(self) -> bool:
        """Whether it can be cured inside the period: nothing is lost, and there are days enough left."""
        enough = self.days_left is None or self.days_left >= self.days_needed
        return self.curable and self.lost_days <= 0 and enough


@dataclass(frozen=True)
class Judged:
    """A severity with the sentence that says why."""

    severity: Severity
    reason: str


@dataclass(frozen=True)
class Rank:
    """Where a gap stands: severity first, then points, then technical severity, then the oldest, then its reference."""

    severity: Severity
    points: float
    reasons: tuple[str, ...]
    technical: int
    opened_at: datetime | None
    ref: str

    @property
    def key(self) -> tuple[int, float, int, bool, float, str]:
        """Sorts what fails an audit first to the front. Total: two gaps with different references never tie."""
        age = (self.opened_at is None, self.opened_at.timestamp() if self.opened_at else 0.0)
        return (-self.severity.weight, -self.points, -self.technical, *age, self.ref)


def severity(cause: Cause, weights: Weights = DEFAULT) -> Judged:
    """The computed severity: the first of the definitions' lines that matches, or what the check itself claims."""
    by_route = _by_definition(cause)
    least = weights.least.get(cause.technical) if cause.technical and cause.found in _NOT_OPERATING else None
    if least is not None and least.weight > by_route.severity.weight:
        return Judged(least, f"{_name(cause)}, a check of {cause.technical} technical severity.")
    return by_route


def _by_definition(cause: Cause) -> Judged:
    said = _SAYS[cause.found]
    if cause.found in _ALWAYS_CRITICAL:
        return Judged(Severity.CRITICAL, _sentence(cause, said))
    if cause.found in _NOT_OPERATING and cause.none_operates_for:
        return Judged(Severity.CRITICAL, _sentence(cause, f"{said}, and no key control of {_list(cause.none_operates_for)} operates"))
    base, why = _alone(cause, said)
    if not cause.only_control_of:
        return Judged(base, _sentence(cause, why))
    raised = list(Severity)[min(base.weight + 1, 2)]
    return Judged(raised, _sentence(cause, f"is the only control of {_list(cause.only_control_of)} and {why}"))


def _alone(cause: Cause, said: str) -> tuple[Severity, str]:
    """Severity without regard to the other controls of a requirement."""
    if cause.found in _NOT_OPERATING and (cause.key or cause.only_control_of):
        return Severity.SIGNIFICANT, said
    if cause.found in (Found.UNKNOWN, Found.STALE) and cause.intervals_beyond >= 1:
        return Severity.SIGNIFICANT, f"{said}, for more than one interval"
    if cause.times_late >= 2:
        return Severity.SIGNIFICANT, f"is late for the {_ordinal(cause.times_late)} time"
    return Severity.MINOR, said


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
