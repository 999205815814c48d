"""The cause of a gap in plain values: what was found, on what, and how much of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from evidence.checks.base import Severity as Technical


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

    @property
    def not_operating(self) -> bool:
        """The control does not do its work: of a key control a likely finding."""
        return self in (Found.MISSING, Found.MISSED, Found.DEVIATION, Found.FAIL, Found.DESIGN)


class Route(StrEnum):
    """By which route a report would be modified."""

    SCOPE_LIMITATION = "scope_limitation"
    MISSING_POPULATION = "missing_population"
    NO_OTHER_CONTROL = "no_other_control"
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


@dataclass(frozen=True)
class Cause:
    """A gap's cause. What is not known is left at its default, which is never the worse.

    `ref` is the gap's reference, the last tie-break. The sentences name the control, else `subject` (a check's title,
    a connection), else the criteria. `criteria` are the references that it touches.
    `only_control_of`: requirements of which the control is the only suitable one.
    `none_operates_for`: requirements whose every key control fails or is lost, with no compensating control.
    `technical`: severity of the failing check. `share`: how much of the population or the resources fails (0 to 1);
    `sample_size`: how many items an auditor would draw.
    `intervals_beyond`: whole cadences, beyond the first, since it was last seen in order (unknown: last seen at all).
    `times_late`: late performances in the period. `lost_days`: days of the period that cannot be earned any more;
    `curable`: false where something else is lost for good. `days_needed`: work until a re-test can pass.
    `today` and `period_end` are local days. `commitment`: a promise to customers is touched.
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
        """By which route it would modify a report. Where no other control stands behind a failing one, that is it."""
        route = _ROUTES.get(self.found, Route.OPERATION)
        failing = self.found.not_operating or self.found in (Found.NOT_IN_PLACE, Found.CLAUSE_ABSENT)
        alone = self.only_control_of or (failing and self.none_operates_for)
        return Route.NO_OTHER_CONTROL if alone and route in (Route.OPERATION, Route.DESIGN) else route

    @property
    def days_left(self) -> int | None:
        """Days from today to the end of the period, negative after it; none where no period is known."""
        return None if self.today is None or self.period_end is None else (self.period_end - self.today).days

    @property
    def in_time(self) -> bool:
        """Whether it can be cured inside the period: nothing is lost, and there are days enough left."""
        enough = self.days_left is None or self.days_left >= self.days_needed
        return self.curable and self.lost_days <= 0 and enough

    @property
    def expected_exceptions(self) -> float:
        """How many items of the auditor's sample would fail at today's rate."""
        return self.share * self.sample_size

    @property
    def name(self) -> str:
        """What the sentences speak of."""
        of_requirement = self.found in (Found.NO_CONTROL, Found.NOT_IN_PLACE, Found.CLAUSE_ABSENT)
        named = listed(self.criteria) if of_requirement else ""
        return named or self.control or self.subject or listed(self.criteria) or "This"


def listed(refs: tuple[str, ...]) -> str:
    """References as a person reads them: "CC6.1", "CC6.1 and CC6.3", "CC6.1, CC6.2 and 3 more"."""
    if len(refs) > 3:
        return f"{refs[0]}, {refs[1]} and {len(refs) - 2} more"
    return " and ".join(filter(None, [", ".join(refs[:-1]), refs[-1]])) if refs else ""
