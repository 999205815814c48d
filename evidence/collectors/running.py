"""A run as its page shows it: steps with their names and times, and what went wrong, each trouble told once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from .models import RunOutcome, RunStep, StepState
from .registry import kind_of

#: The state of a step that brought what it was to bring, but for an account that could not be read.
PARTLY = RunOutcome.PARTIAL.value


def partly_read(step: RunStep) -> bool:
    return bool(step.state == StepState.DONE and step.message and not step.reason)


@dataclass(frozen=True)
class ShownStep:
    """A step with the name of its fact kind, how long it took, and the state to show: its reason, where it has one, or that
    it was read in part."""

    step: RunStep
    title: str

    @property
    def state(self) -> str:
        return self.step.reason or (PARTLY if partly_read(self.step) else self.step.state)

    @property
    def took(self) -> str:
        """Minutes and seconds; empty before it has ended."""
        begun, ended = self.step.started_at, self.step.finished_at
        return in_words(ended - begun) if begun and ended else ""


@dataclass
class Trouble:
    """What could not be read for one reason with one remedy, and the kinds of fact that this concerns."""

    reason: str
    message: str
    remedy: str
    permission: str
    kinds: list[str] = field(default_factory=list)


def shown_step(step: RunStep, vendor: str) -> ShownStep:
    """A step; one of a fact kind that is no longer collected goes by its id."""
    try:
        return ShownStep(step, kind_of(vendor, step.fact_kind).title)
    except (KeyError, StopIteration):
        return ShownStep(step, step.fact_kind)


def troubles_of(steps: Iterable[ShownStep]) -> list[Trouble]:
    """Everything that could not be read: twenty steps that fail for one missing permission are one trouble."""
    found: dict[tuple[str, str, str], Trouble] = {}
    for each in steps:
        step = each.step
        if step.state == StepState.DONE and (step.reason or step.message):
            reason = step.reason or PARTLY
            key = (reason, step.message, step.permission)
            trouble = found.setdefault(key, Trouble(reason, step.message, step.remedy, step.permission))
            trouble.kinds.append(step.fact_kind)
    return list(found.values())


def in_words(span: timedelta) -> str:
    """`0:04`, `12:31`, `1:02:09`."""
    minutes, seconds = divmod(max(0, int(span.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
