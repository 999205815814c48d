"""What the sample worlds share: the span they cover, their clock, and how a planted defect is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

#: The sample company's history is about six months long and ends on the day the demo runs.
DAYS = 182


class Clock:
    """The sample world's time. Moved forward by the story, read by every fake; never the wall clock."""

    def __init__(self, end: datetime) -> None:
        self.end = end
        self.start = end - timedelta(days=DAYS)
        self.now = self.start

    @classmethod
    def ending_today(cls) -> Clock:
        return cls(datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0))

    def at(self, day: int) -> datetime:
        """The instant of a day of the story: 0 is the start, DAYS the end."""
        return self.start + timedelta(days=day)

    @property
    def day(self) -> int:
        return (self.now - self.start).days


@dataclass(frozen=True)
class Planted:
    """A defect put into the sample world on purpose.

    From `day` (and until `until`, where it is put right) the check named `check` must fail on exactly the
    resource `resource` of the connection `connection`, and on nothing that is not planted.
    `plant` (and `mend`) change the world; both are called once by the story when the clock reaches the day.
    """

    id: str
    connection: str  # slug of the sample connection: aws-production, aws-sandbox, github, okta
    day: int
    check: str
    resources: tuple[str, ...]
    title: str  # one sentence, as a person would say it
    plant: Callable[[Any], None] = lambda world: None
    until: int | None = None
    mend: Callable[[Any], None] = lambda world: None


class World(Protocol):
    """One vendor's sample world: a WSGI app, and the state behind it that the story changes."""

    clock: Clock
    planted: list[Planted]

    def wsgi(self, environ: Any, start_response: Any) -> Any: ...
