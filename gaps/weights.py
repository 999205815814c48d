"""The numbers by which gaps are judged: defaults that an organisation or an audit firm may replace. Pure.

Points are of audit practice, not of a standard; a CPA should confirm them before anyone relies on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from evidence.checks.base import Severity as Technical
from gaps.causes import Route


class Severity(StrEnum):
    """What a gap would do: qualify the report, be a likely finding, or be an observation."""

    MINOR = "minor"
    SIGNIFICANT = "significant"
    CRITICAL = "critical"

    @property
    def weight(self) -> int:
        """0, 1 or 2: the more, the graver."""
        return list(Severity).index(self)


ROUTES = MappingProxyType(
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
#: A failing check's own severity is the least that its gap has (decisions, 21).
LEAST = MappingProxyType({Technical.CRITICAL: Severity.CRITICAL, Technical.HIGH: Severity.SIGNIFICANT})
#: What every examination tests, and early.
ALWAYS_TESTED = frozenset({"CC6.1", "CC6.2", "CC6.3", "CC7.1", "CC8.1", "CC9.2"})


@dataclass(frozen=True)
class Weights:
    """One set of numbers. With an empty `least` a check's technical severity breaks ties only."""

    routes: Mapping[Route, float] = field(default_factory=lambda: ROUTES)
    least: Mapping[Technical, Severity] = field(default_factory=lambda: LEAST)
    always_tested: frozenset[str] = ALWAYS_TESTED
    incurable: float = 1.5
    tested_early: float = 1.3
    per_exception: float = 2.0
    most_for_exceptions: float = 20.0
    commitment: float = 10.0
    per_further_criterion: float = 1.0
    most_for_criteria: float = 5.0


DEFAULT = Weights()
