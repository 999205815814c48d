"""Whether a requirement is ready, and if not, why: the five conditions of the definitions (Readiness). Pure over given facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """The buckets; they sum to D."""

    READY = "ready"
    PARTLY = "partly"
    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_ASSESSED = "not_assessed"
    NOT_YET_DUE = "not_yet_due"


@dataclass(frozen=True)
class Facts:
    """What is known of one control that a requirement rests on.

    `operation`: pass, fail, unknown, excepted, not_observed, not_applicable. `missing`: what keeps it from being auditable.
    `filled`, `missed`: closed intervals of the period; `unknown_intervals`: those in which a collector could not look.
    `stale`, `not_due`, `unapproved`: evidence requirements, by reference. `beside`: populations kept for it of which no
    confirmed version speaks of a day of the period.
    """

    ref: str
    implemented: bool
    key: bool = True
    recorded: bool = True
    missing: tuple[str, ...] = ()
    design_suitable: bool = False
    design_by_another: bool = False
    operation: str = "not_observed"
    filled: int = 0
    missed: int = 0
    unknown_intervals: int = 0
    intervals_expected: bool = False
    stale: tuple[str, ...] = ()
    not_due: tuple[str, ...] = ()
    unapproved: tuple[str, ...] = ()
    sampled: bool = False
    population_confirmed: bool = False
    beside: tuple[str, ...] = ()
    grave_gaps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Left:
    """A retired control with the critical and significant gaps of the days on which it was in use."""

    ref: str
    grave_gaps: tuple[str, ...]


@dataclass(frozen=True)
class Judged:
    """A requirement's state with every reason why it is not ready, in sentences."""

    state: State
    reasons: tuple[str, ...] = field(default=())


def judge(controls: Sequence[Facts], left: Sequence[Left] = ()) -> Judged:
    """Judge a requirement by the controls mapped to it, and by what retired ones have `left`. The first line of the
    definitions that matches names the bucket."""
    if not any(control.recorded for control in controls):
        return Judged(State.NOT_ASSESSED, ("No control is mapped to it, or nothing is recorded of those that are.",))
    live = [control for control in controls if control.implemented]
    if not live:
        return Judged(State.MISSING, ("None of its controls is implemented.",))
    keys = [control for control in live if control.key] or live
    absent = [f"{control.ref} is mapped to it and not in place." for control in controls if control.key and not control.implemented]
    broken = absent + [reason for control in keys for reason in _broken(control)]
    broken += [f"{each.ref} is retired, and what it left stands: {_open(each.grave_gaps)}." for each in left]
    unknown = [reason for control in keys for reason in _unknown(control)]
    waiting = [reason for control in keys for reason in _waiting(control)]
    if not broken and not unknown and not waiting:
        return Judged(State.READY)
    state = State.PARTLY if broken else State.UNKNOWN if unknown else State.NOT_YET_DUE
    return Judged(state, tuple(broken + unknown + waiting))


def _broken(control: Facts) -> list[str]:
    """A fail, a miss, or one of the conditions a, b, c and e unmet."""
    reasons = []
    if control.missing:
        reasons.append(f"{control.ref} cannot be audited: no {', no '.join(control.missing)}.")
    if not control.design_suitable:
        reasons.append(f"{control.ref}: nobody has concluded that its design is suitable.")
    elif not control.design_by_another:
        reasons.append(f"{control.ref}: its design was concluded by its own owner.")
    if control.operation == "fail":
        reasons.append(f"{control.ref}: a check fails.")
    if control.operation == "excepted":
        reasons.append(f"{control.ref}: a failing check is excepted; that does not make it ready.")
    if control.missed:
        reasons.append(f"{control.ref}: {control.missed} {'interval' if control.missed == 1 else 'intervals'} of the period missed.")
    if control.stale:
        reasons.append(f"{control.ref}: evidence is stale or missing ({', '.join(control.stale)}).")
    if control.unapproved:
        reasons.append(f"{control.ref}: evidence waits for approval ({', '.join(control.unapproved)}).")
    if control.sampled and not control.population_confirmed:
        reasons.append(f"{control.ref} is tested by sample: nobody has confirmed that its population is complete.")
    elif control.sampled and control.beside:
        reasons.append(f"{control.ref} is tested by sample: no confirmed version of {', '.join(control.beside)} speaks of the period.")
    if control.grave_gaps:
        reasons.append(f"{control.ref}: {_open(control.grave_gaps)}.")
    return reasons


def _open(gaps: Sequence[str]) -> str:
    return f"{', '.join(gaps)} {'is' if len(gaps) == 1 else 'are'} open"


def _unknown(control: Facts) -> list[str]:
    reasons = [f"{control.ref}: a check could not look."] if control.operation == "unknown" else []
    if control.unknown_intervals:
        named = "interval" if control.unknown_intervals == 1 else "intervals"
        reasons.append(f"{control.ref}: a collector could not look in {control.unknown_intervals} {named} of the period.")
    return reasons


def _waiting(control: Facts) -> list[str]:
    reasons = []
    if control.not_due:
        reasons.append(f"{control.ref}: the first evidence is not due yet ({', '.join(control.not_due)}).")
    if control.operation == "not_observed":
        reasons.append(f"{control.ref}: nothing shows yet that it operates.")
    if control.intervals_expected and not control.filled:
        reasons.append(f"{control.ref}: no interval of the period is filled yet.")
    return reasons
