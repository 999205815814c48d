"""What a check is: a pure function of stored facts, and the five outcomes it may come to.

Nothing here touches the database, the clock or the network, so any check can be re-run on the facts
of any past day and give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

Row = Mapping[str, Any]


class Outcome(StrEnum):
    """The five outcomes. Unknown is never a pass."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    EXCEPTED = "excepted"


class Reason(StrEnum):
    """Why something could not be looked at. Each has its own remedy; none of them is a pass."""

    DENIED = "denied"
    NOT_LICENSED = "not_licensed"
    RATE_LIMITED = "rate_limited"
    UNREACHABLE = "unreachable"
    MALFORMED = "malformed"
    NOT_COLLECTED = "not_collected"
    UNWATCHED = "unwatched"
    EMPTY = "empty"
    TOO_EXPENSIVE = "too_expensive"


class Severity(StrEnum):
    """Technical severity of a check. It breaks ties only; a gap's severity is computed from its route."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Unreadable(Exception):
    """A fact, or one field of it, could not be read: the outcome is unknown, for this reason."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class FactSet:
    """The rows of one fact kind as one collection saw them, or the reason why there are none.

    `reason` set means the whole kind could not be read; rows beside it are a part of the list (`Facts.in_part`).
    `can_be_empty` is the fact kind's own declaration that zero rows is a possible truth (decisions, 18). `estates` are
    the accounts that the collection looked at, of a connection that sees several: one of them may truly have no row.
    """

    kind: str
    rows: Sequence[Row] = ()
    collected_at: datetime | None = None
    reason: Reason | None = None
    detail: str = ""
    can_be_empty: bool = False
    estates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What a check may read: fact sets by kind, the time they speak of, and thresholds in force.

    `now` is the time of the newest collection judged, never the wall clock: re-judging a past day
    must see that day.
    """

    now: datetime
    sets: Mapping[str, FactSet]
    thresholds: Mapping[str, Any] = field(default_factory=dict)

    def rows(self, kind: str) -> Sequence[Row]:
        """Rows of a kind; raises Unreadable where it was not collected or could not be read."""
        found = self.sets.get(kind)
        if found is None:
            raise Unreadable(Reason.NOT_COLLECTED, kind)
        if found.reason is not None:
            raise Unreadable(found.reason, found.detail or kind)
        if not found.rows and not found.can_be_empty:
            raise Unreadable(Reason.EMPTY, f"{kind} returned nothing, which cannot be the truth")
        return found.rows

    def in_part(self, kind: str) -> tuple[Sequence[Row], Unreadable | None]:
        """Rows of a kind even where they are a part of the list, with why the rest is not known; None where all are there.

        Only for what is said row by row: of a part nothing follows from what is not in it. Raises like `rows`.
        """
        found = self.sets.get(kind)
        if found is not None and found.reason is not None and found.rows:
            return found.rows, Unreadable(found.reason, found.detail or kind)
        return self.rows(kind), None

    def one(self, kind: str) -> Row:
        """The single row of a kind that describes one thing (an account, an organisation)."""
        rows = self.rows(kind)
        if not rows:
            raise Unreadable(Reason.EMPTY, kind)
        return rows[0]


@dataclass(frozen=True)
class Finding:
    """One resource's outcome. `resource` is a stable id that reads well (an ARN, `repo:acme/api`)."""

    resource: str
    outcome: Outcome
    message: str = ""
    reason: Reason | None = None


def unknown(reason: Reason | str, why: str = "") -> dict[str, str]:
    """How a row, or one of its fields, says that it could not be read (a denied sub-call, say); `why` in a sentence."""
    return {"$unknown": str(reason), **({"$why": why} if why else {})}


_MISSING = object()


def known(row: Row, path: str) -> Any:
    """The value at a dotted path of a row. A missing field, or one marked unknown, raises Unreadable.

    A null is returned as None only where the vendor's null has a meaning; use `required` where it has none.
    """
    value: Any = row
    for part in path.split("."):
        if isinstance(value, Mapping) and "$unknown" in value:
            raise Unreadable(Reason(value["$unknown"]), str(value.get("$why") or path))
        value = value.get(part, _MISSING) if isinstance(value, Mapping) else _MISSING
        if value is _MISSING:
            raise Unreadable(Reason.MALFORMED, f"no {path}")
    if isinstance(value, Mapping) and "$unknown" in value:
        raise Unreadable(Reason(value["$unknown"]), str(value.get("$why") or path))
    return value


def required(row: Row, path: str) -> Any:
    """Like `known`, for a field whose null means that nothing was said: malformed."""
    value = known(row, path)
    if value is None:
        raise Unreadable(Reason.MALFORMED, f"{path} is null")
    return value


Judge = Callable[[Facts], Iterable[Finding]]


@dataclass(frozen=True)
class Check:
    """A check as the catalogue of checks knows it.

    `criteria` are SOC 2 references, `annex_a` ISO/IEC 27001:2022 Annex A references, `facts` the fact
    kinds it reads (all of one vendor, plus the house's own `org.*`), `thresholds` the defaults that a
    control's statement may replace. A `population` check lists; it never passes by existing: its
    findings are not applicable or fail until a review of the list is completed. `whole`: it speaks of everything that a
    connection sees, not of each account in it.
    """

    id: str
    title: str
    resource: str
    severity: Severity
    criteria: tuple[str, ...]
    annex_a: tuple[str, ...]
    facts: tuple[str, ...]
    judge: Judge
    why: str
    remedy: str
    population: bool = False
    version: int = 1
    thresholds: Mapping[str, Any] = field(default_factory=dict)
    whole: bool = False

    @property
    def vendor(self) -> str:
        """Whose facts it reads."""
        kinds = (kind for kind in self.facts if not kind.startswith("org."))
        return next(kinds, self.id).split(".", 1)[0]


REGISTRY: dict[str, Check] = {}


def check(
    id: str,
    *,
    title: str,
    resource: str,
    severity: Severity,
    criteria: str,
    annex_a: str,
    facts: str | tuple[str, ...],
    why: str,
    remedy: str,
    population: bool = False,
    version: int = 1,
    whole: bool = False,
    **thresholds: Any,
) -> Callable[[Judge], Judge]:
    """Register a judge. `criteria` and `annex_a` are space-separated references."""

    def register(judge: Judge) -> Judge:
        if id in REGISTRY and REGISTRY[id].judge.__module__ != judge.__module__:
            raise ValueError(f"check {id} is defined twice")
        REGISTRY[id] = Check(
            id=id, title=title, resource=resource, severity=severity,
            criteria=tuple(criteria.split()), annex_a=tuple(annex_a.split()),
            facts=(facts,) if isinstance(facts, str) else tuple(facts),
            judge=judge, why=why, remedy=remedy, population=population, version=version,
            thresholds=thresholds, whole=whole,
        )
        return judge

    return register


def each(
    facts: Facts, kind: str, resource: Callable[[Row], str], judge: Callable[[Row], tuple[bool, str] | None]
) -> Iterator[Finding]:
    """Judge a kind row by row: `judge` returns (met, message), or None where the check does not apply.

    A row, or a field of it, that cannot be read makes that resource unknown and no other.
    """
    for row in facts.rows(kind):
        name = resource(row)
        try:
            result = judge(row)
        except Unreadable as gap:
            yield Finding(name, Outcome.UNKNOWN, str(gap), gap.reason)
            continue
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            yield Finding(name, Outcome.UNKNOWN, f"unexpected answer: {fault!r}", Reason.MALFORMED)
            continue
        if result is None:
            yield Finding(name, Outcome.NOT_APPLICABLE)
        else:
            yield Finding(name, Outcome.PASS if result[0] else Outcome.FAIL, result[1])


_WORST = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.EXCEPTED, Outcome.PASS)


def in_sum(findings: Iterable[Finding], *, population: bool = False) -> Outcome:
    """One outcome for a check: fail over unknown over excepted over pass; else not applicable (decisions, 18).

    A population passes only where every one of its items does: one that awaits its review keeps the list from passing.
    """
    seen = {finding.outcome for finding in findings}
    found = next((outcome for outcome in _WORST if outcome in seen), Outcome.NOT_APPLICABLE)
    listed = population and found is Outcome.PASS and Outcome.NOT_APPLICABLE in seen
    return Outcome.NOT_APPLICABLE if listed else found


#: By vendor, the field of a row that says which account it is of, where one connection may see several.
APART = {"aws": "account"}


def run(check: Check, facts: Facts) -> list[Finding]:
    """Run one check, on each account by itself where the facts are of several. Nothing is raised: whatever goes wrong
    inside becomes unknown with its reason."""
    merged = Facts(facts.now, facts.sets, {**check.thresholds, **facts.thresholds})
    by = APART.get(check.vendor)
    estates = _estates(check, merged, by) if by and not check.whole else []
    if by is None or len(estates) < 2:
        return _judged(check, merged, "*")
    return [
        finding for estate in estates for finding in _judged(check, _only(check, merged, by, estate), f"{by}:{estate}")
    ]


def _judged(check: Check, facts: Facts, everything: str) -> list[Finding]:
    try:
        return list(check.judge(facts))
    except Unreadable as gap:
        return [Finding(everything, Outcome.UNKNOWN, gap.detail, gap.reason)]
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        return [Finding(everything, Outcome.UNKNOWN, f"unexpected answer: {fault!r}", Reason.MALFORMED)]


def _own(check: Check, facts: Facts) -> list[FactSet]:
    return [facts.sets[kind] for kind in check.facts if kind in facts.sets and not kind.startswith("org.")]


def _estates(check: Check, facts: Facts, by: str) -> list[str]:
    """The accounts that any of the check's facts were looked for in, whether or not something was found there."""
    sets = _own(check, facts)
    looked = {estate for found in sets for estate in found.estates}
    seen = {str(row[by]) for found in sets if not found.estates for row in found.rows if row.get(by)}
    return sorted(looked | seen)


def _only(check: Check, facts: Facts, by: str, estate: str) -> Facts:
    """The facts of one account. Where a kind was not looked at in it, that is what is said, not that there is none."""
    apart = {
        found.kind: replace(found, rows=[row for row in found.rows if str(row.get(by)) == estate])
        for found in _own(check, facts)
        if found.reason is not None or not found.estates or estate in found.estates
    }
    others = {kind: found for kind, found in facts.sets.items() if kind.startswith("org.")}
    return Facts(facts.now, {**others, **apart}, facts.thresholds)


def checks_of(vendor: str) -> list[Check]:
    """Every registered check of a vendor, by id."""
    return sorted((c for c in REGISTRY.values() if c.vendor == vendor), key=lambda c: c.id)
