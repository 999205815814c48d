"""Judging a connection: every check of its vendor on the newest facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from django.db import transaction

from compliance.tenancy.clock import now, today
from compliance.tenancy.news import announce
from compliance.tenancy.rooms import here
from compliance.tenancy.writing import update_rows
from compliance.trail.actors import SYSTEM
from compliance.trail.services import record
from evidence.checks import catalogue
from evidence.checks.base import Check, Facts, Finding, in_sum, run
from evidence.collectors.facts import facts_of
from evidence.collectors.house import HOUSE_KINDS
from evidence.collectors.models import Connection
from evidence.events import judged

from ..covering import covered
from ..lists import by_review, reviewed
from ..models import CheckState
from ..selectors_of_exceptions import holding
from ..thresholds import thresholds_in_force
from .intervals import extend_intervals


@transaction.atomic
def judge_connection(connection: Connection, kinds: Collection[str] | None = None) -> dict[str, str]:
    """Judge the checks of a connection on its newest facts and write states and intervals; outcome by check id.

    After a look at some `kinds` only, the checks that read one of them or what the house itself knows; the others have
    seen nothing new. A fact kind that was never collected leaves the checks that need it unjudged: there is nothing to
    say yet.
    """
    checks = catalogue.checks_of(connection.vendor)
    if kinds:
        news = {*kinds, *HOUSE_KINDS}
        checks = [check for check in checks if news.intersection(check.facts)]
    facts = facts_of(connection, kinds={kind for check in checks for kind in check.facts} if kinds else None)
    checks = [check for check in checks if _looked(check, facts)]
    found = found_on(connection, checks, facts)
    _write_states(connection, checks, found, facts)
    extend_intervals(
        connection=connection, found=found, at=facts.now, reach=timedelta(minutes=2 * connection.every_minutes),
        looked={check.id: _looked_at(check, facts) for check in checks},
        versions={check.id: check.version for check in checks},
        populations={check.id for check in checks if check.population},
    )
    announce(judged, connection_id=connection.pk)
    return {check.id: in_sum(found[check.id], population=check.population).value for check in checks}


def found_on(connection: Connection, checks: Sequence[Check], facts: Facts) -> dict[str, list[Finding]]:
    """What checks find now: by the thresholds in force, the reviews of the lists, and the exceptions that hold today."""
    held, exempt = thresholds_in_force(), holding(connection, today(here().timezone))
    found: dict[str, list[Finding]] = {}
    for check in checks:
        findings = run(check, replace(facts, thresholds=held.get(check.id, {})))
        if check.population:
            names = [finding.resource for finding in findings]
            findings = by_review(findings, reviewed(connection, check.id, names, now()))
        found[check.id] = covered(findings, exempt[check.id]) if check.id in exempt else findings
    return found


def _looked(check: Check, facts: Facts) -> bool:
    return any(kind in facts.sets for kind in check.facts if not kind.startswith("org."))


def _looked_at(check: Check, facts: Facts) -> object:
    """When the oldest fact that the check reads was collected: its outcome speaks of no later time."""
    times = [facts.sets[kind].collected_at for kind in check.facts if kind in facts.sets]
    return min((time for time in times if time is not None), default=facts.now)


def _write_states(connection: Connection, checks: Iterable[Check], found: dict[str, list[Finding]], facts: Facts) -> None:
    standing = {state.check_id: state for state in CheckState.objects.filter(connection=connection)}
    moment = now()
    fresh: list[CheckState] = []
    changed: list[CheckState] = []
    for check in checks:
        findings = found[check.id]
        outcome = in_sum(findings, population=check.population).value
        state = standing.get(check.id) or CheckState(connection=connection, check_id=check.id, outcome="", since=facts.now)
        if state.outcome != outcome:
            if state.outcome:
                record(
                    actor=SYSTEM, action="evidence.check.turned", target=connection, label=f"{check.id} on {connection.name}",
                    before={"check": check.id, "outcome": state.outcome}, after={"check": check.id, "outcome": outcome},
                )
            state.outcome, state.since = outcome, facts.now
        worst = next((finding for finding in findings if finding.outcome == outcome), None)
        state.reason = (worst.reason or "") if worst else ""
        state.message = worst.message if worst else ""
        state.counts = dict(Counter(finding.outcome.value for finding in findings))
        state.judged_at, state.facts_at = moment, _looked_at(check, facts)  # type: ignore[assignment]
        state.check_version = check.version
        (changed if check.id in standing else fresh).append(state)
    CheckState.objects.bulk_create(fresh)
    update_rows(
        changed, ["outcome", "since", "reason", "message", "counts", "judged_at", "facts_at", "check_version"]
    )
