"""What ought to be a gap just now: read from the floors below, one entry for each cause (decisions, 18 to 20)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from compliance.tenancy.clock import now
from compliance.web.words import day
from evidence.checks import catalogue
from evidence.checks.base import Check, Reason
from evidence.collectors.house import HOUSE_KINDS
from evidence.collectors.models import SPEAKS, Connection, KindState
from evidence.collectors.registry import kind_of
from evidence.collectors.wording import in_words, name_in_words
from evidence.judging.models import CheckState, ResourceInterval
from evidence.models import EvidenceRequirement, Freshness

from .causes import Found
from .missed import missed
from .populations import causes_of_populations
from .reported import exceptions_that_stand
from .reviews import causes_of_reviews
from .running_out import causes_of_sources
from .standing_cause import Wanted

CHECK_FAILS = "check.fails"
CANNOT_LOOK = "connection.cannot_look"
NOT_FRESH = "evidence.not_fresh"
EXCEPTION = "review.exception"
MISSED = "evidence.missed"


class Bindings:
    """Which controls a check or a fact kind bears on, through the evidence requirements that name it."""

    def __init__(self) -> None:
        self.by_check: dict[str, list[UUID]] = defaultdict(list)
        self.by_kind: dict[str, list[UUID]] = defaultdict(list)
        rows = EvidenceRequirement.objects.order_by("control__ref", "ref").values_list(
            "control_id", "checks", "fact_kinds"
        )
        for control_id, checks, kinds in rows:
            for check in checks:
                _add(self.by_check[check], control_id)
            for kind in kinds:
                _add(self.by_kind[kind], control_id)


def _add(ids: list[UUID], id: UUID) -> None:
    if id not in ids:
        ids.append(id)


def wanted() -> list[Wanted]:
    """Every cause that stands, in the room."""
    bindings = Bindings()
    unreadable = list(
        KindState.objects.filter(SPEAKS)
        .exclude(reason="")
        .select_related("connection")
        .order_by("fact_kind")
    )
    return [
        *_failing_checks(bindings),
        *_cannot_look(bindings, unreadable),
        *_not_fresh({(state.connection_id, state.fact_kind) for state in unreadable}),
        *_missed(),
        *_reported(),
        *causes_of_populations(),
        *causes_of_sources(bindings.by_kind),
        *causes_of_reviews(),
    ]


#: An excepted failure fails all the same.
_FAILING = ("fail", "excepted")


def _failing_checks(bindings: Bindings) -> Iterator[Wanted]:
    states = (
        CheckState.objects.filter(SPEAKS, outcome__in=_FAILING)
        .select_related("connection")
        .order_by("check_id")
    )
    failing: dict[tuple[Any, str], dict[str, str]] = defaultdict(dict)
    open_fails = ResourceInterval.objects.filter(SPEAKS, outcome__in=_FAILING, ended_at__isnull=True)
    for row in open_fails.values("connection_id", "check_id", "resource", "message").iterator(chunk_size=5000):
        failing[row["connection_id"], row["check_id"]][row["resource"]] = in_words(row["message"])
    for state in states:
        check = catalogue.get(state.check_id)
        if check is None:
            continue
        resources = failing[state.connection_id, check.id]
        failed = sum(state.counts.get(outcome, 0) for outcome in _FAILING)
        judged = failed + state.counts.get("pass", 0)
        yield Wanted(
            rule=CHECK_FAILS,
            subject=check.id,
            connection=state.connection,
            check=check,
            found=Found.DEVIATION if _is_population(check) else Found.FAIL,
            title=_failing_title(check, resources),
            cause=_failing_cause(check, resources, state.connection),
            remedy=check.remedy,
            facts_at=state.facts_at,
            resources=resources,
            since=state.since,
            control_ids=list(bindings.by_check[check.id]),
            population=judged,
            share=failed / judged if judged else 0.0,
            accepted=state.outcome == "excepted",
        )


def _is_population(check: Check) -> bool:
    """Events of a period, of which a deviating one cannot be undone."""
    return any(kind_of(check.vendor, kind).incremental for kind in check.facts if kind not in HOUSE_KINDS)


def _failing_title(check: Check, resources: dict[str, str]) -> str:
    number = len(resources)
    if not number:
        return f"{check.title}: it fails"
    if number == 1:
        return f"{check.title}: 1 {check.resource} fails"
    return f"{check.title}: {number} {_plural(check.resource)} fail"


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch")) else f"{noun}s"


def _failing_cause(check: Check, resources: dict[str, str], connection: Connection) -> str:
    first = next(iter(sorted(resources.items())), None)
    told = f" {first[0]}: {first[1]}" if first else ""
    return f"On {connection.name}, the check {check.id} fails.{told}"


_IN_WORDS = {
    Reason.DENIED: "may not be read",
    Reason.NOT_LICENSED: "needs a plan that is not there",
    Reason.RATE_LIMITED: "is held back by a rate limit",
    Reason.UNREACHABLE: "cannot be reached",
    Reason.MALFORMED: "answers in a form that cannot be read",
    Reason.NOT_COLLECTED: "was never collected",
    Reason.UNWATCHED: "is no longer looked at",
    Reason.EMPTY: "returned nothing where there must be something",
    Reason.TOO_EXPENSIVE: "takes too long to judge",
}


def _cannot_look(bindings: Bindings, unreadable: list[KindState]) -> Iterator[Wanted]:
    """One gap per connection and reason, after one lapsed cadence; never one per check."""
    grouped: dict[tuple[Connection, str], list[_Unread]] = defaultdict(list)
    seen = {(state.connection_id, state.fact_kind) for state in unreadable}
    for state in unreadable:
        if state.unreadable_since is not None:
            grouped[state.connection, state.reason].append(_Unread(
                state.fact_kind, state.message, state.unreadable_since, state.last_looked_at or state.unreadable_since,
                bindings.by_kind[state.fact_kind], state.remedy,
            ))  # fmt: skip
    unknown = (
        CheckState.objects.filter(SPEAKS, outcome="unknown")
        .exclude(reason="")
        .select_related("connection")
    )
    for check_state in unknown.order_by("check_id"):
        check = catalogue.get(check_state.check_id)
        if check is None or any((check_state.connection_id, kind) in seen for kind in check.facts):
            continue
        controls = bindings.by_check[check.id]
        grouped[check_state.connection, check_state.reason].append(
            _Unread(
                check.id, check_state.message, check_state.since, check_state.judged_at, controls, _remedy(check, check_state)
            )
        )
    moment = now()
    for (connection, reason), rows in grouped.items():
        lasting = moment - min(row.since for row in rows)
        cadence = timedelta(minutes=connection.every_minutes)
        if lasting >= cadence:
            yield _blind(connection, reason, rows, intervals_beyond=max(0, int(lasting / cadence) - 1))


def _remedy(check: Check, state: CheckState) -> str:
    """What to do about a check that says nothing: where nobody looks, nothing of what it looks at is wrong."""
    if state.reason != Reason.UNWATCHED:
        return check.remedy
    return "Push the list again, whole." if state.connection.active else "Resume the connection, or retire it and say why."


@dataclass(frozen=True)
class _Unread:
    """A fact kind or a check that says nothing, since when, and when it was last asked."""

    name: str
    message: str
    since: datetime
    looked_at: datetime
    control_ids: list[UUID]
    remedy: str


def _blind(connection: Connection, reason: str, rows: list[_Unread], *, intervals_beyond: int) -> Wanted:
    since = min(row.since for row in rows)
    remedies = sorted({row.remedy for row in rows if row.remedy})
    return Wanted(
        rule=CANNOT_LOOK, subject=reason, connection=connection, found=Found.UNKNOWN,
        title=f"{connection.name}: {len(rows)} {'thing' if len(rows) == 1 else 'things'} {_verb(reason, len(rows))}",
        cause=f"Since {day(since.date())} “{name_in_words(rows[0].name)}” {_IN_WORDS[Reason(reason)]}: {in_words(rows[0].message)}",
        remedy=" ".join(remedies[:3]) or "Test the connection: it names the permission that is missing.",
        facts_at=max(row.looked_at for row in rows), resources={row.name: in_words(row.message) for row in rows}, since=since,
        control_ids=_ordered(id for row in rows for id in row.control_ids), intervals_beyond=intervals_beyond,
    )  # fmt: skip


def _verb(reason: str, number: int) -> str:
    word = _IN_WORDS[Reason(reason)]
    if number == 1:
        return word
    for single, plural in (("takes ", "take "), ("is ", "are "), ("needs", "need"), ("answers", "answer"), ("was ", "were ")):
        if word.startswith(single):
            return plural + word[len(single) :]
    return word


def _ordered(ids: Iterator[UUID]) -> list[UUID]:
    return list(dict.fromkeys(ids))


def _not_fresh(unreadable: set[tuple[Any, str]]) -> Iterator[Wanted]:
    """Stale and missing evidence, one gap per requirement; not where a connection that cannot look is the cause."""
    kinds_unreadable = {kind for _, kind in unreadable}
    rows = (
        EvidenceRequirement.objects.filter(freshness__in=[Freshness.STALE, Freshness.MISSING])
        .exclude(control__implementation="retired")
        .select_related("control", "owner")
        .order_by("ref")
    )
    moment = now()
    for requirement in rows:
        if requirement.fact_kinds and set(requirement.fact_kinds) <= kinds_unreadable:
            continue
        stale = requirement.freshness == Freshness.STALE
        late = moment - requirement.stale_at if requirement.stale_at else timedelta()
        yield Wanted(
            rule=NOT_FRESH,
            subject=requirement.ref,
            found=Found.STALE if stale else Found.MISSING,
            requirement=requirement,
            title=f"{requirement.title}: {'stale' if stale else 'missing'}",
            cause=_not_fresh_cause(requirement, stale, late),
            facts_at=requirement.judged_at or requirement.created_at,
            remedy=_not_fresh_remedy(requirement),
            resources={requirement.ref: requirement.title},
            control_ids=[requirement.control_id],
            since=requirement.stale_at,
            intervals_beyond=int(late.days / _CADENCE_DAYS.get(requirement.cadence, 365)),
        )


_CADENCE_DAYS = {
    "continuous": 1,
    "daily": 1,
    "weekly": 7,
    "monthly": 31,
    "quarterly": 92,
    "semi_annual": 184,
    "annual": 366,
}


def _not_fresh_remedy(requirement: EvidenceRequirement) -> str:
    what = requirement.artefact or requirement.title
    return f"Provide what is asked for, of a day after the last: {what}"


def _not_fresh_cause(requirement: EvidenceRequirement, stale: bool, late: timedelta) -> str:
    if stale and requirement.effective_end:
        what = "All that it needs was last shown on" if requirement.fact_kinds else "The newest evidence speaks of"
        return f"{what} {day(requirement.effective_end.date())}; it went stale {_ago(late.days)}."
    due = f", due on {day(requirement.first_due)}," if requirement.first_due else ""
    return f"The first evidence{due} has not come."


def _missed() -> Iterator[Wanted]:
    """Intervals that are over and that nothing fills: a year's freshest evidence does not mend a lost quarter."""
    for each in missed():
        yield Wanted(
            rule=MISSED, subject=each.subject, found=Found.MISSED, requirement=each.requirement, title=each.title,
            cause=each.cause, remedy=each.remedy, facts_at=each.over_at, since=each.since, resources=each.occurrences,
            control_ids=[each.requirement.control_id], intervals_beyond=each.intervals - 1,
        )  # fmt: skip


def _reported() -> Iterator[Wanted]:
    """Exceptions that owners reported in a review, one gap per review: a deviation that nobody can undo, so it stands for
    as long as a period under way holds a day of it."""
    for review, answers in exceptions_that_stand().items():
        last = answers[-1]
        yield Wanted(
            rule=EXCEPTION, subject=review.ref, found=Found.DEVIATION,
            title=f"{review.control.ref} {review.control.title}: exception reported"[:300],
            cause=f"{last.by} reported in {review.ref} on {day(last.recorded_on)}: {last.said} {last.consequence}",
            remedy=last.remedy, facts_at=last.recorded_at, since=answers[0].recorded_at, began=review.covers_from,
            control_ids=[review.control_id],
            resources={f"{review.ref}, {day(each.recorded_on)}, {number}": each.said for number, each in enumerate(answers, 1)},
        )  # fmt: skip


def _ago(days: int) -> str:
    if days < 1:
        return "today"
    return "a day ago" if days == 1 else f"{days} days ago"
