"""What the facts of a day that has passed showed, read from the snapshots that were kept of it.

It proves configuration as it then was. That a review took place then it never proves (definitions, Evidence).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from compliance.tenancy.rooms import here
from evidence.checks.base import Check, Facts, FactSet, Finding, Outcome, Reason, in_sum, run
from evidence.collectors.facts import set_of_looks
from evidence.collectors.models import Connection, RunStep, Snapshot
from evidence.collectors.registry import kind_of

from .thresholds import thresholds_in_force


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a fact kind: when, the file of what it saw, or the reason why it saw nothing."""

    at: datetime
    sha256: str = ""
    version_id: UUID | None = None
    reason: str = ""
    message: str = ""


class Looks:
    """Every look of a connection at some kinds up to a moment, in order; two queries, and nothing of the files."""

    def __init__(self, connection: Connection, kinds: Iterable[str], until: datetime) -> None:
        self.connection, self.kinds = connection, sorted(set(kinds))
        self._by_kind: dict[str, list[Look]] = defaultdict(list)
        seen = Snapshot.objects.filter(
            connection=connection, fact_kind__in=self.kinds, collected_at__lte=until, step__reason=""
        ).order_by("collected_at", "id")
        held = ("fact_kind", "collected_at", "again", "version__sha256", "version_id")
        for kind, at, again, sha, version in seen.values_list(*held).iterator():
            self._by_kind[kind] += [Look(each, sha, version) for each in (at, *again) if each <= until]
        unread = RunStep.objects.filter(
            run__connection=connection, fact_kind__in=self.kinds, finished_at__lte=until
        ).exclude(reason="").order_by("finished_at", "id")  # fmt: skip
        for kind, ended, reason, message in unread.values_list("fact_kind", "finished_at", "reason", "message").iterator():
            if ended is not None:
                self._by_kind[kind].append(Look(ended, reason=reason, message=message))
        for looks in self._by_kind.values():
            looks.sort(key=lambda look: look.at)

    def first(self) -> datetime | None:
        """When the first of all was."""
        return min((looks[0].at for looks in self._by_kind.values()), default=None)

    def last_before(self, kind: str, moment: datetime) -> Look | None:
        """The newest look at a kind up to a moment."""
        return next((look for look in reversed(self._by_kind.get(kind, ())) if look.at <= moment), None)

    def good_up_to(self, kind: str, moment: datetime) -> list[Look]:
        """All looks that saw something, up to a moment: of an incremental kind each brought only what was new."""
        return [look for look in self._by_kind.get(kind, ()) if look.at <= moment and not look.reason]


class FactsOfDays:
    """Facts as they stood at moments that follow one another. What did not change between two is not read again."""

    def __init__(self, looks: Looks) -> None:
        self._looks = looks
        self._kept: dict[str, tuple[tuple[str, ...], FactSet]] = {}
        self._reach = timedelta(minutes=2 * looks.connection.every_minutes)

    def at(self, moment: datetime) -> tuple[Facts, dict[str, Look]]:
        """The facts of a moment, and the look that each kind stands on."""
        sets: dict[str, FactSet] = {}
        read: dict[str, Look] = {}
        for kind in self._looks.kinds:
            look = self._looks.last_before(kind, moment)
            if look is not None:
                sets[kind], read[kind] = self._set(kind, look, moment), look
        return Facts(now=max((look.at for look in read.values()), default=moment), sets=sets), read

    def _set(self, kind: str, look: Look, moment: datetime) -> FactSet:
        if look.reason:
            return FactSet(kind, collected_at=look.at, reason=Reason(look.reason), detail=look.message)
        if moment - look.at > self._reach + timedelta(days=1):
            said = f"not observed: the last look before was on {look.at.date().isoformat()}"
            return FactSet(kind, collected_at=look.at, reason=Reason.NOT_COLLECTED, detail=said)
        connection = self._looks.connection
        fact_kind = kind_of(connection.vendor, kind)
        looks = self._looks.good_up_to(kind, look.at) if fact_kind.incremental else [look]
        files = tuple(sha for sha, _ in groupby(each.sha256 for each in looks))
        kept = self._kept.get(kind)
        if kept is None or kept[0] != files:
            try:
                found = set_of_looks(connection, fact_kind, files, look.at)
            except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError):
                said = "the stored snapshot cannot be read"
                return FactSet(kind, collected_at=look.at, reason=Reason.MALFORMED, detail=said)
            kept = files, found
            self._kept[kind] = kept
        return replace(kept[1], collected_at=look.at)


@dataclass
class DayJudged:
    """What a check gives on the facts of one day on one connection."""

    connection: Connection
    day: date
    moment: datetime
    outcome: Outcome | None
    findings: list[Finding] = field(default_factory=list)
    looks: dict[str, Look] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How many resources are in each outcome."""
        counted: dict[str, int] = defaultdict(int)
        for finding in self.findings:
            counted[finding.outcome.value] += 1
        return dict(counted)


def in_use_on(connections: Iterable[Connection], day: date) -> list[Connection]:
    """Those that were not retired before a local day: what one saw in its time is no less so for its being retired since."""
    begins = datetime.combine(day, time(), ZoneInfo(here().timezone))
    return [each for each in connections if each.retired_at is None or each.retired_at >= begins]


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last moment of a local day."""
    return datetime.combine(day + timedelta(days=1), time(), zone) - timedelta(microseconds=1)


def judge_day(check: Check, connections: Sequence[Connection], day: date) -> list[DayJudged]:
    """What today's version of a check gives on the facts of a past day, by connection. Writes nothing.

    Exceptions and reviews of lists are left out: they are decisions of their own days.
    """
    zone, found = ZoneInfo(here().timezone), []
    moment, held = end_of(day, zone), thresholds_in_force().get(check.id, {})
    for connection in connections:
        facts, looks = FactsOfDays(Looks(connection, check.facts, moment)).at(moment)
        if not any(not kind.startswith("org.") for kind in looks):
            found.append(DayJudged(connection, day, moment, None))
            continue
        findings = judged_on(check, facts, held)
        found.append(DayJudged(connection, day, moment, in_sum(findings, population=check.population), findings, looks))
    return found


def judged_on(check: Check, facts: Facts, held: dict[str, Any]) -> list[Finding]:
    """One check on the facts of a past moment."""
    return run(check, Facts(facts.now, facts.sets, held))


_ORDER = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.EXCEPTED, Outcome.PASS, Outcome.NOT_APPLICABLE)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order in which a person should meet them."""
    return sorted(findings, key=lambda finding: (_ORDER.index(finding.outcome), finding.resource))
