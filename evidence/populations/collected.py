"""Sources that draw from collected facts, and from our own rooms. Each is a builder with what it reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from compliance.registers.selectors import scope_rows, worker_rows
from compliance.tenancy.clock import now
from evidence.checks.base import Row
from evidence.collectors.models import Connection, Snapshot
from evidence.collectors.registry import kind_of

from .builders import access, changes, findings, keys, people
from .builders.accounts import LISTED
from .dark import dark_parts
from .given import Drawn, Given
from .sources import Ask, Built, SourceUnreadable
from .spans import Period, Reach, all_of, reach_of
from .watching import Watched, systems_of, watched

#: What a population of accounts reads of each vendor.
_ACCOUNTS = {vendor: (kind,) for vendor, kind in LISTED.items()}
_PEOPLE_TOTAL = "a count of the people list by itself"


@dataclass(frozen=True)
class FactSource:
    """A builder over the facts of connections. `kinds` are the fact kinds read of each vendor; `needed` those without
    which nothing can be said, the others only tell more. `counts` counts what the people list itself says, where rows
    come from it."""

    key: str
    title: str
    template: str
    kinds: Mapping[str, tuple[str, ...]]
    builder: Callable[[Given], Drawn]
    needed: frozenset[str]
    counts: Callable[[Sequence[Row], Period], int] | None = None

    @property
    def vendors(self) -> tuple[str, ...]:
        return tuple(self.kinds)

    def build(self, ask: Ask) -> Built:
        """Draw from every connection that fits. Raises SourceUnreadable where none does, or none was ever read."""
        connections = self._connections(ask)
        read = {each.pk: [watched(each, kind, ask.period) for kind in self.kinds[each.vendor]] for each in connections}
        people = worker_rows()
        given = Given(
            ask.period, [system for each in connections for system in systems_of(each, read[each.pk])], people, scope_rows(),
            ask.settings,
        )
        drawn = self.builder(given)
        kinds = [each for found in read.values() for each in found]
        reach = self._reach(kinds, drawn, ask.period)
        return Built(
            drawn.items, self._query(connections, read), ", ".join(each.name for each in connections) or "People list",
            self._extractor(kinds), now(), reach, self._parameters(ask, kinds), drawn.excluded, drawn.counted,
            *self._total(kinds, people, ask.period), drawn.unequal, True, reach.covers(ask.period),
        )  # fmt: skip

    def _connections(self, ask: Ask) -> list[Connection]:
        """The one that was chosen; else every active one, and of those that are paused by now each that looked in the
        period: what it saw belongs to the list, and that nobody looked from then on is a hole that the list tells of."""
        found = Connection.objects.filter(vendor__in=self.vendors).defer("secret").order_by("slug")
        chosen = [
            each for each in (found.filter(slug=ask.connection) if ask.connection else found)
            if ask.connection or each.active or self._looked(each, ask.period)
        ]  # fmt: skip
        if not chosen and self.counts is None:
            raise SourceUnreadable(f"No connection brings what this population is drawn from ({', '.join(self.vendors)}).")
        return chosen

    def _looked(self, connection: Connection, period: Period) -> bool:
        kept = Snapshot.objects.filter(connection=connection, fact_kind__in=self.kinds[connection.vendor], step__reason="")
        for each in kept.order_by().only("organization_id", "fact_kind", "collected_at", "again"):
            ends = now() if kind_of(connection.vendor, each.fact_kind).incremental else period.ends  # a list is read backwards
            if any(period.starts <= at < ends for at in each.looks):
                return True
        return False

    def _reach(self, kinds: Sequence[Watched], drawn: Drawn, period: Period) -> Reach:
        reaches = [reach_of(each.watch, period) for each in kinds if each.kind.id in self.needed]
        if self.counts is not None:
            reaches.append(Reach(period.starts, min(period.ends, now())))  # the people list is ours, and was kept all the while
        found = all_of(reaches)
        dark = [
            hole for each in kinds if each.kind.id in self.needed and not each.kind.incremental
            for hole in dark_parts(each.kind.id, each.looks, period)
        ]  # fmt: skip
        return replace(found, holes=tuple(dict.fromkeys([*found.holes, *drawn.holes, *dark])))

    def _total(self, kinds: Sequence[Watched], people: Sequence[Row], period: Period) -> tuple[int | None, str]:
        if self.counts is not None:
            return self.counts(people, period), _PEOPLE_TOTAL
        totals = [each.total for each in kinds if each.kind.id in self.needed]
        if not totals or None in totals:
            return None, ""
        return sum(each for each in totals if each is not None), "counted in the raw answers"

    def _query(self, connections: Sequence[Connection], read: Mapping[Any, Sequence[Watched]]) -> str:
        lines = ["people list: workers by first and last day"] if self.counts else []
        for connection in connections:
            lines += [f"{connection.name}: {each.call or each.kind.id}" for each in read[connection.pk]]
        return "\n".join(lines)

    def _extractor(self, kinds: Sequence[Watched]) -> str:
        versions = ", ".join(sorted({f"{each.kind.id} version {each.kind.version}" for each in kinds}))
        return f"collectors {versions}" if versions else "Fieldwork, from the people list"

    def _parameters(self, ask: Ask, kinds: Sequence[Watched]) -> dict[str, Any]:
        return {
            "source": self.key, "settings": dict(ask.settings),
            "kinds": [
                {"kind": each.kind.id, "of": each.watch.name, "looks": len(each.watch.looks), "identity": each.identity,
                 "first": _iso(min(each.watch.looks, default=None)), "last": _iso(max(each.watch.looks, default=None)),
                 "snapshots_sha256": each.digest}
                for each in kinds
            ],
        }  # fmt: skip


def _iso(at: Any) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _began(people_: Sequence[Row], period: Period) -> int:
    return _dated(people_, "start_date", period)


def _ended(people_: Sequence[Row], period: Period) -> int:
    return _dated(people_, "end_date", period)


def _dated(people_: Sequence[Row], field: str, period: Period) -> int:
    """By the text of the day alone, without the code that draws the rows."""
    first, last = period.first.isoformat(), period.last.isoformat()
    return sum(1 for person in people_ if person.get(field) and first <= str(person[field]) <= last)


_OKTA_LOG = {"okta": (access.LOG,)}

SOURCES = (
    FactSource(
        "github.merged_changes", "Merged pull requests of GitHub", "production_changes", {"github": (changes.MERGED,)},
        changes.merged_changes, frozenset({changes.MERGED}),
    ),
    FactSource(
        "github.direct_pushes", "Commits of GitHub without a merged pull request", "emergency_changes",
        {"github": (changes.PUSHED,)}, changes.direct_pushes, frozenset({changes.PUSHED}),
    ),
    FactSource(
        "people.joiners", "People list, with accounts of every connected system", "joiners", _ACCOUNTS, people.joiners,
        frozenset(), _began,
    ),
    FactSource(
        "people.leavers", "People list, with the end of access in every connected system", "leavers",
        _ACCOUNTS | {"okta": ("okta.users", access.LOG)}, people.leavers, frozenset(LISTED.values()), _ended,
    ),
    FactSource(
        "okta.access_grants", "System Log of Okta", "access_grants", _OKTA_LOG, access.access_grants, frozenset({access.LOG}),
    ),
    FactSource(
        "accounts.users", "Accounts of every connected system", "users_per_system", _ACCOUNTS, access.users_per_system,
        frozenset(LISTED.values()),
    ),
    FactSource(
        "accounts.privileged", "Administrators of every connected system", "privileged_users",
        {"okta": ("okta.admin_roles",), "github": ("github.members",), "aws": ("aws.iam.users", "aws.iam.groups")},
        access.privileged_users, frozenset({*access.PRIVILEGED.values(), "aws.iam.groups"}),
    ),
    FactSource(
        "accounts.keys", "Access keys of AWS and tokens of GitHub", "keys_and_tokens",
        {"aws": (keys.REPORT,), "github": (keys.GRANTED_TOKENS,)}, keys.keys_and_tokens,
        frozenset({keys.REPORT, keys.GRANTED_TOKENS}),
    ),
    FactSource(
        "findings.vulnerabilities", "Dependabot, code scanning and Inspector", "vulnerabilities",
        {"github": findings.VULNERABILITIES[:2], "aws": findings.VULNERABILITIES[2:]}, findings.vulnerabilities,
        frozenset(findings.VULNERABILITIES),
    ),
    FactSource(
        "findings.alerts", "Secret scanning and GuardDuty", "alerts",
        {"github": findings.ALERTS[:1], "aws": findings.ALERTS[1:]}, findings.alerts, frozenset(findings.ALERTS),
    ),
    FactSource(
        "aws.backup_jobs", "Jobs of AWS Backup", "backups", {"aws": (findings.BACKUPS,)}, findings.backups,
        frozenset({findings.BACKUPS}),
    ),
)  # fmt: skip

