"""What is aimed at, what stands already, and what has been done: the facts that advice is worked out from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Aim:
    """What the examination speaks of, and when the auditor comes.

    From `first` to `last`, both included; of a `point` they are one day, on which controls need to be in place and no
    more. `previous` is the last day that the report before this one covers.
    """

    fieldwork: date
    first: date
    last: date
    point: bool = False
    period: bool = False  # an observation period that was agreed, not a look back that follows fieldwork
    previous: date | None = None


@dataclass(frozen=True)
class Operation:
    """A control as timing sees it. `starts_on` None: it is not known to operate. `categories` are the SOC 2
    categories that need it, where Security does not; else it is empty. One that is `in_place` without a first day
    is not known to operate either."""

    ref: str
    title: str
    frequency: str
    starts_on: date | None
    url: str = ""
    categories: frozenset[str] = frozenset()
    in_place: bool = False

    @property
    def often(self) -> str:
        """Its frequency as a page says it."""
        return self.frequency.replace("_", " ") or "not stated"


@dataclass(frozen=True)
class Work:
    """How far the work is: phases whose exit conditions hold, and the days on which others began."""

    done: frozenset[str] = frozenset()
    begun: Mapping[str, date] = field(default_factory=dict)
