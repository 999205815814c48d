"""Reading what the checks found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from compliance.programmes.selectors import open_programmes, periods_of
from evidence.checks import catalogue
from evidence.checks.base import Check, Outcome
from evidence.collectors.models import SPEAKS, Connection, Run
from evidence.models import EvidenceRequirement

from .models import CheckState, ResourceInterval

#: The worst first.
ORDER = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.EXCEPTED, Outcome.PASS, Outcome.NOT_APPLICABLE)
#: Not one of the five: nothing was collected yet that the check could read.
NOT_JUDGED = "not_judged"


@dataclass
class CheckRow:
    """A check of the catalogue with how it stands: how many connections are in each outcome, and since when."""

    check: Check
    counts: dict[str, int] = field(default_factory=dict)
    judged_at: datetime | None = None

    @property
    def outcome(self) -> str:
        """In sum over the connections: the worst."""
        return next((outcome.value for outcome in ORDER if self.counts.get(outcome)), NOT_JUDGED)

    @property
    def said(self) -> str:
        """`2 fail, 1 not applicable`, the worst first."""
        present = [outcome.value for outcome in ORDER if self.counts.get(outcome)]
        return ", ".join(f"{self.counts[outcome]} {outcome.replace('_', ' ')}" for outcome in present)

    @property
    def connections(self) -> int:
        return sum(self.counts.values())

    @property
    def rank(self) -> int:
        return [*(each.value for each in ORDER), NOT_JUDGED].index(self.outcome)


def check_states() -> QuerySet[CheckState]:
    """Every check of every connection that counts, in sum, with its connection."""
    return CheckState.objects.filter(SPEAKS).select_related("connection")


def check_rows(asked: Mapping[str, str]) -> list[CheckRow]:
    """The checks that fit the filters q, outcome, vendor, severity, criterion and connection, the worst first.

    One query: what connections say is counted by the database, what checks are is code.
    """
    rows = {check.id: CheckRow(check) for check in catalogue.all_checks() if _fits(check, asked)}
    states = check_states()
    if asked.get("connection"):
        states = states.filter(connection__slug=asked["connection"])
    counted = states.order_by().values_list("check_id", "outcome").annotate(number=Count("pk"), at=Max("judged_at"))
    for check_id, outcome, number, at in counted:
        if row := rows.get(check_id):
            row.counts[outcome] = number
            row.judged_at = max(row.judged_at or at, at)
    wanted = asked.get("outcome")
    kept = [row for row in rows.values() if not wanted or row.outcome == wanted]
    return sorted(kept, key=lambda row: (row.rank, row.check.id))


def _fits(check: Check, asked: Mapping[str, str]) -> bool:
    text = asked.get("q", "").strip().lower()
    return (
        (not text or text in check.id.lower() or text in check.title.lower())
        and asked.get("vendor", "") in {"", check.vendor}
        and asked.get("severity", "") in {"", check.severity.value}
        and (not asked.get("criterion") or asked["criterion"] in {*check.criteria, *check.annex_a})
    )


def outcomes_by_check() -> dict[str, list[str]]:
    """What every connection that counts says of each check. Where only retired ones ever looked, nobody looks any more: that is
    unknown, or to retire a connection would lift its failures off the controls that still ask for the check."""
    found: dict[str, list[str]] = defaultdict(list)
    left: set[str] = set()
    for check_id, outcome, retired_at in CheckState.objects.values_list("check_id", "outcome", "connection__retired_at"):
        if retired_at is None:
            found[check_id].append(outcome)
        else:
            left.add(check_id)
    for check_id in left - found.keys():
        found[check_id].append(Outcome.UNKNOWN.value)
    return found


def states_of(check_ids: Collection[str]) -> dict[str, list[CheckState]]:
    """How the named checks stand on each connection that counts."""
    found: dict[str, list[CheckState]] = defaultdict(list)
    for state in check_states().filter(check_id__in=list(check_ids)).order_by("connection__name"):
        found[state.check_id].append(state)
    return found


def resources_of(
    check_id: str, *, outcome: str = "", connection: str = "", past: bool = False
) -> QuerySet[ResourceInterval]:
    """What a check says of each resource now; with `past` what it said before and no longer says, on what is retired by now too.

    Without an outcome those that fail or could not be looked at, because the others ask for nothing.
    """
    found = ResourceInterval.objects.filter(check_id=check_id, ended_at__isnull=not past).select_related("connection")
    if not past:
        found = found.filter(SPEAKS)
    if outcome:
        found = found.filter(outcome=outcome)
    elif not past:
        found = found.filter(outcome__in=[Outcome.FAIL, Outcome.UNKNOWN])
    return found.filter(connection__slug=connection) if connection else found


def resource_counts(check_id: str, connection: str = "") -> dict[str, int]:
    """How many resources are in each outcome now."""
    found = ResourceInterval.objects.filter(SPEAKS, check_id=check_id, ended_at__isnull=True)
    if connection:
        found = found.filter(connection__slug=connection)
    counts = dict(found.order_by().values_list("outcome").annotate(number=Count("pk")))
    return {outcome.value: counts.get(outcome.value, 0) for outcome in ORDER}


def requirements_judged_by(check_id: str) -> QuerySet[EvidenceRequirement]:
    """What a check bears on: the evidence requirements bound to it, with their controls."""
    bound = EvidenceRequirement.objects.filter(checks__contains=[check_id]).select_related("control")
    return bound.order_by("control__ref", "ref")


def unjudged_connections() -> QuerySet[Connection]:
    """Connections with a run that ended after they were last judged: the message that should have said so was lost."""
    ended = Run.objects.filter(connection=OuterRef("pk"), finished_at__isnull=False).order_by("-finished_at")
    judged = CheckState.objects.filter(connection=OuterRef("pk")).order_by("-judged_at")
    found = Connection.objects.filter(retired_at__isnull=True).annotate(
        ended_at=Subquery(ended.values("finished_at")[:1]), judged_at=Subquery(judged.values("judged_at")[:1])
    )
    return found.filter(Q(ended_at__gt=F("judged_at")) | Q(ended_at__isnull=False, judged_at__isnull=True))


def period() -> tuple[date, date] | None:
    """The observation period that histories are drawn over: of the programmes under way, the one that began first."""
    return min(periods_of(open_programmes()), default=None)
