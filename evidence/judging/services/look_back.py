"""Judging days that have passed, for a check that was not there to judge them: in steps, each taken once.

It writes only before the first thing that the check has said of a connection, so what was judged in its time stays as it
was judged. Every row of it is marked as judged later. Memory holds one open interval a resource, however many days.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import here
from compliance.trail.actors import SYSTEM, Actor
from compliance.trail.services import record
from evidence.cadence import local_day
from evidence.checks import catalogue
from evidence.checks.base import Check, Finding, Outcome, Reason
from evidence.collectors.models import Connection, Run, Snapshot

from ..models import LookBack, ResourceInterval
from ..selectors import period
from ..selectors_of_past import FactsOfDays, Looks, end_of, judged_on
from ..thresholds import thresholds_in_force
from .intervals import one_each

#: Days of one step, and of one look-back.
STEP, MOST = 60, 800


@transaction.atomic
def begin_look_back(
    *, actor: Actor, connection: Connection, check_ids: Iterable[str], since: date | None = None
) -> list[LookBack]:
    """Let checks judge the past of a connection since a day, or since the observation period began. Idempotent.

    Nothing is begun for a check that has spoken of that day already, or where nothing was collected before it spoke.
    Raises ValidationError where no day is given and no period is known.
    """
    zone = ZoneInfo(here().timezone)
    begun_on = since or (period() or (None, None))[0]
    if begun_on is None:
        raise ValidationError({"since": "Say since when: no observation period is under way."})
    begun_on = max(begun_on, now().astimezone(zone).date() - timedelta(days=MOST))
    wanted = [check for id in check_ids if (check := catalogue.get(id)) and check.vendor == connection.vendor]
    spoken = _first_spoken(connection, [check.id for check in wanted])
    seen = dict(
        Snapshot.objects.filter(connection=connection, step__reason="").order_by()
        .values_list("fact_kind").annotate(first=Min("collected_at"))
    )  # fmt: skip
    begun = []
    for check in wanted:
        before = spoken.get(check.id, now())
        first = min((seen[kind] for kind in check.facts if kind in seen and not kind.startswith("org.")), default=None)
        if first is None or first >= before or datetime.combine(begun_on, time(), zone) >= before:
            continue
        made, created = LookBack.objects.get_or_create(
            connection=connection, check_id=check.id, since=begun_on,
            defaults={
                "check_version": check.version, "before": before, "reached": max(begun_on, local_day(first, zone)),
                "asked_by_name": actor.label[:254],
            },
        )  # fmt: skip
        if created:
            after = {"check": check.id, "connection": connection.name, "since": begun_on, "before": before}
            record(actor=actor, action="judging.past.begun", target=made, after=after)
            begun.append(made)
    return begun


def _first_spoken(connection: Connection, ids: list[str]) -> dict[str, datetime]:
    rows = ResourceInterval.objects.filter(connection=connection, check_id__in=ids).order_by()
    return dict(rows.values_list("check_id").annotate(first=Min("started_at")))


@transaction.atomic
def take_step(look_back: LookBack, *, days: int = STEP) -> bool:
    """Judge the next days of a look-back and write what they show; whether it is finished. One step, one transaction."""
    current = LookBack.objects.select_for_update(of=("self",)).select_related("connection").get(pk=look_back.pk)
    check = catalogue.get(current.check_id)
    if current.finished_at is not None or check is None:
        return True
    zone = ZoneInfo(here().timezone)
    last = local_day(current.before, zone)
    end = min(current.reached + timedelta(days=days), last + timedelta(days=1))
    writer = _Writer(current)
    facts = FactsOfDays(Looks(current.connection, check.facts, min(end_of(end, zone), current.before)))
    memory, held = _Memory(check, facts, thresholds_in_force().get(check.id, {})), current.reached
    ended = _ended(current.connection, held, end, zone)
    while held < end:
        until = min(end_of(held, zone), current.before - timedelta(microseconds=1))
        for moment in [*(at for at in ended.get(held, ()) if at < until), until]:
            if told := memory.at(moment):
                writer.look(*told)
        held += timedelta(days=1)
    done = end > last
    writer.finish(done)
    current.reached, current.written = end, current.written + writer.written
    current.check_version = check.version
    current.finished_at = now() if done else None
    current.save(update_fields=["reached", "written", "check_version", "finished_at"])
    if done:
        record(actor=SYSTEM, action="judging.past.finished", target=current, after={"intervals": current.written})
    return done


def _ended(connection: Connection, first: date, end: date, zone: ZoneInfo) -> dict[date, list[datetime]]:
    """By local day from `first` to before `end`, when runs ended: each left facts that belong together, and what one of the
    morning showed is not forgotten for what one of the evening did."""
    span = (datetime.combine(first, time(), zone), datetime.combine(end, time(), zone))
    found: dict[date, list[datetime]] = {}
    runs = Run.objects.filter(connection=connection, finished_at__gte=span[0], finished_at__lt=span[1]).order_by("finished_at")
    for at in runs.values_list("finished_at", flat=True):
        assert at is not None
        found.setdefault(local_day(at, zone), []).append(at)
    return found


class _Memory:
    """What a check said of the last facts: where neither they nor what depends on time changed, it says the same."""

    def __init__(self, check: Check, facts: FactsOfDays, held: dict[str, object]) -> None:
        self.check, self.facts, self.held = check, facts, held
        self._last: datetime | None = None

    def at(self, moment: datetime) -> tuple[datetime, list[Finding]] | None:
        """The findings of a moment and when they were seen; None where no look was made since the last one."""
        facts, looks = self.facts.at(moment)
        if not any(not kind.startswith("org.") for kind in looks):
            return None
        seen = min(look.at for kind, look in looks.items() if not kind.startswith("org."))
        newest = max(look.at for look in looks.values())
        if newest == self._last:
            return None
        self._last = newest
        return seen, judged_on(self.check, facts, self.held)


class _Writer:
    """Intervals of the past as they grow, one open at a time for each resource."""

    def __init__(self, look_back: LookBack) -> None:
        self.look_back, self.written = look_back, 0
        self.reach = timedelta(minutes=2 * look_back.connection.every_minutes)
        self.closed: list[ResourceInterval] = []
        self.at: datetime | None = None
        self.open: dict[str, ResourceInterval] = {}
        rows = ResourceInterval.objects.filter(
            connection=look_back.connection, check_id=look_back.check_id, judged_later=True, started_at__lt=look_back.before
        ).order_by("started_at")  # fmt: skip
        if look_back.written:
            self.at = rows.order_by("-seen_until").values_list("seen_until", flat=True).first()
            if self.at is not None:
                self.open = {row.resource: row for row in rows.filter(seen_until=self.at)}
        self.loaded = {row.pk for row in self.open.values()}

    def look(self, at: datetime, findings: list[Finding]) -> None:
        """Take in what one look showed."""
        at = at if self.at is None else max(at, self.at)
        standing = self.open
        self.open = {}
        for finding in one_each(findings):
            name = finding.resource[:400]
            row = standing.pop(name, None)
            near = row is not None and at - row.seen_until <= self.reach
            if row is not None and near and (row.outcome, row.reason) == (finding.outcome, finding.reason or ""):
                row.seen_until, row.message = at, finding.message
                self.open[name] = row
                continue
            if row is not None:
                self._end(row, at if near else row.seen_until)
                if not near:
                    self.closed.append(self._not_observed(row, at))
            self.open[name] = self._row(finding, at)
        for row in standing.values():
            self._end(row, at if at - row.seen_until <= self.reach else row.seen_until)
        self.at = at
        if len(self.closed) >= 500:
            self._flush()

    def finish(self, done: bool) -> None:
        """Write what is still open: up to where the check begins to speak for itself, where that is near enough."""
        before = self.look_back.before
        for row in self.open.values():
            self._end(row, before if done and before - row.seen_until <= self.reach else row.seen_until)
        self._flush()

    def _end(self, row: ResourceInterval, at: datetime) -> None:
        row.ended_at = at
        self.closed.append(row)

    def _flush(self) -> None:
        fresh = [row for row in self.closed if row.pk not in self.loaded]
        grown = [row for row in self.closed if row.pk in self.loaded]
        ResourceInterval.objects.bulk_create(fresh, batch_size=500)
        ResourceInterval.objects.bulk_update(grown, ["seen_until", "ended_at", "message"], batch_size=500)
        self.written += len(fresh)
        self.closed = []

    def _row(self, finding: Finding, at: datetime) -> ResourceInterval:
        return ResourceInterval(
            connection=self.look_back.connection, check_id=self.look_back.check_id, resource=finding.resource[:400],
            outcome=finding.outcome, reason=finding.reason or "", message=finding.message, started_at=at, seen_until=at,
            judged_later=True, check_version=self.look_back.check_version,
        )  # fmt: skip

    def _not_observed(self, row: ResourceInterval, until: datetime) -> ResourceInterval:
        finding = Finding(
            row.resource, Outcome.UNKNOWN, "Not observed: two looks lie more than two cadences apart.", Reason.NOT_COLLECTED
        )
        gap = self._row(finding, row.seen_until)
        gap.seen_until = gap.ended_at = until
        return gap
