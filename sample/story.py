"""Six months, lived through: the collectors look at the vendors as they stood at each point, and everything follows as it would."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.conf import settings

from audits.readiness.figures import rebuild_figures
from compliance.registers.models import Decision, System
from compliance.registers.services import add_system, decide_many, decide_scope, record_workers
from compliance.scoping.services import reconcile as reconcile_scope
from compliance.tenancy.clock import simulated
from compliance.tenancy.models import Organization
from compliance.tenancy.news import silence
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from evidence.accessreviews.services.look import look_again
from evidence.checks import catalogue
from evidence.collectors.models import Connection, Run
from evidence.collectors.services.connect import change_connection, create_connection, record_trial, trial_of
from evidence.collectors.services.request import request_run
from evidence.judging.services.stand import refresh_standings
from evidence.log.services.sign import sign_checkpoint
from evidence.models import EvidenceRequirement, Source
from evidence.services.freshness import refresh_requirements
from evidence.services.verify import verify_log
from gaps.services.reconcile import reconcile
from sample import (
    access,
    applicability,
    bounced,
    company,
    engagement,
    examination,
    jobs,
    landscape,
    lists,
    narrative,
    papers,
    populations,
    reviewing,
    third_parties,
)
from sample.base import DAYS, Clock, Planted
from sample.company import Cast
from sample.connections import CONNECTIONS, agreed_external_id
from sample.people import workers
from sample.process import VendorsProcess, WorkerProcess, finish_all, worker_processes
from sample.register import systems

#: Days between looks at everything; between them only what the story changes is looked at (decisions, 24).
EVERY = 28
#: Days between the days on which collectors run in between, unless what changed would be gone by then; in the last weeks.
BETWEEN, AT_LAST = 14, 7
#: Which connections a worker collects from, and judges; all take about as long.
_TOGETHER = (("aws-production",), ("github",), ("aws-sandbox", "okta"))
Say = Callable[[str], None]


class Story:
    """Plays the days in order, each in a few transactions, so that the pages fill while it goes on. What can be done side by
    side is: workers collect and judge, as the product's do."""

    def __init__(self, organization: Organization, clock: Clock, vendors: VendorsProcess, say: Say) -> None:
        self.organization, self.clock, self.vendors, self.say = organization, clock, vendors, say
        self.looks = points(vendors.planted)
        settings.VENDOR_ENDPOINTS = vendors.endpoints
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # nobody is written to about the past

    def play(self) -> None:
        with ExitStack() as self._open:
            for day in range(DAYS + 1):
                if day in self.looks or day in self.paper_days or day in third_parties.ON | reviewing.ON | {applicability.ON}:
                    self._day(day)

    @cached_property
    def workers(self) -> list[WorkerProcess]:
        """They begin when they are first needed: what was loaded to try the connections is there for all of them then."""
        return self._open.enter_context(worker_processes(len(_TOGETHER)))

    def _day(self, day: int) -> None:
        self.clock.now = self.clock.at(day)
        if day in self.looks:
            self.vendors.advance(day)
        with self._room():
            if day == 0:
                self._begin()
            third_parties.on_day(day, self.cast, self.clock)
            if day == 0:
                landscape.connect(self.cast)
            runs = self._ask(day) if day in self.looks else {}
        self._collect(day, runs)
        if runs:
            self._judge(day)
            self._account(day)
        with self._room():
            reviewing.on_day(day, self.cast, self.clock)
            access.on_day(day, self.cast)
            if day == 42:
                company.conclude(self.cast, self.clock)
            lists.on_day(day, self.cast, self.clock)
            bounced.on_day(day, self.cast)
            if day == applicability.ON:
                applicability.write(self.cast, self.clock)
            if day == DAYS:
                self._end()
            sign_checkpoint(actor=SYSTEM)
            if day == DAYS:
                verify_log(actor=SYSTEM)
        if self._at_everything(day):
            self.say(f"{self.clock.now:%d %B %Y}: everything was looked at. Open gaps: {self.open_gaps}.")

    def _begin(self) -> None:
        self.cast = company.bring_in_people()
        company.start_programmes(self.cast, self.clock)
        engagement.begin(self.cast, self.clock)
        record_workers(actor=SYSTEM, rows=workers(self.clock), source="HR system")
        landscape.begin(self.cast)
        _enter_scope(self.cast, self.clock)
        company.adopt(self.cast, self.clock)
        for slug, made in CONNECTIONS.items():
            connection = create_connection(
                actor=self.cast.actor("administrator"), vendor=made.vendor, name=made.name, slug=slug,
                fields=made.fields, every_minutes=EVERY * 24 * 60,
            )
            if made.vendor == "aws":
                connection.config["external_id"] = agreed_external_id(made.fields["role_arn"])
                connection.save(update_fields=["config"])
        self.requirements = list(EvidenceRequirement.objects.filter(source=Source.PERSON).select_related("control"))

    @property
    def paper_days(self) -> set[int]:
        """Days on which somebody supplies something."""
        if not hasattr(self, "_paper_days"):
            self._paper_days = {
                day for day in range(DAYS + 1) for requirement in self.requirements if papers.due_on(requirement, day)
            }
        return self._paper_days

    def _papers(self, day: int) -> list[jobs.Paper]:
        """What people bring on a day."""
        numbered = ((requirement, papers.due_on(requirement, day)) for requirement in self.requirements)
        return [(self.cast, requirement, number, self.clock.start) for requirement, number in numbered if number is not None]

    @contextmanager
    def _room(self) -> Iterator[None]:
        """The company's room on its day, in which nothing is announced."""
        with silence(), scope(self.organization), simulated(self.clock.now):
            yield

    def _at_everything(self, day: int) -> bool:
        return day in self.looks and not any(self.looks[day].get(slug, [slug]) for slug in CONNECTIONS)

    def _ask(self, day: int) -> dict[str, Run]:
        """The runs of a day, by connection."""
        record_workers(actor=SYSTEM, rows=workers(self.clock), source="HR system")
        runs = {}
        for slug, kinds in self.looks[day].items():
            connection = Connection.objects.get(slug=slug)
            if day == 0 and slug != "aws-sandbox":
                connection = record_trial(
                    actor=self.cast.actor("administrator"), tried=connection, results=trial_of(connection)()
                )
            runs[slug] = request_run(actor=SYSTEM, connection=connection, trigger="schedule", kinds=kinds or None)
        return runs

    def _collect(self, day: int, runs: Mapping[str, Run]) -> None:
        """Workers collect, while people bring their papers; on other days these are brought side by side."""
        brought = self._papers(day)
        if not runs:
            here, *beside = (brought[place :: len(self.workers) + 1] for place in range(len(self.workers) + 1))
            with self._beside(jobs.provide, beside):
                jobs.provide(self.organization, self.clock.now, here)
            return
        with self._beside(jobs.collect, [[runs[slug].pk for slug in share if slug in runs] for share in _TOGETHER]):
            jobs.provide(self.organization, self.clock.now, brought)
        with self._room():
            self._take_in(day)

    def _take_in(self, day: int) -> None:
        if day < DAYS:
            self.vendors.set_out(min(later for later in self.looks if later > day))  # while what was seen is judged
        if day == 0:
            _decide_discovered(self.cast)
        refresh_requirements(actor=SYSTEM)

    def _judge(self, day: int) -> None:
        looks = self.looks[day]
        shares = [{slug: looks[slug] for slug in share if slug in looks} for share in _TOGETHER]
        with self._beside(jobs.judge, shares), self._room():
            if day % 7 == 0:
                reconcile_scope()
        with self._room():
            look_again(actor=SYSTEM)

    def _account(self, day: int) -> None:
        """The gaps are counted here, and where controls stand beside: neither reads the other."""
        with self._beside(jobs.stand, [self._counted(day)]), self._room():
            self.open_gaps = reconcile()["open"]
        if self._counted(day):
            with self._room():
                rebuild_figures()

    def _counted(self, day: int) -> bool:
        return day % 7 == 0 or day > DAYS - 8

    @contextmanager
    def _beside(self, job: Callable[..., None], shares: Iterable[Any]) -> Iterator[None]:
        """Workers do a job, each its share, while something else is done here; a share that is empty is nobody's."""
        busy = [(worker, share) for worker, share in zip(self.workers, shares, strict=False) if share]
        for worker, share in busy:
            worker.begin(job, self.organization, self.clock.now, share)
        try:
            yield
        finally:
            finish_all(worker for worker, _ in busy)

    def _end(self) -> None:
        """From today on the collectors look daily, and an audit has been announced. The first populations are frozen."""
        populations.freeze_all(self.cast, self.clock)
        for connection in Connection.objects.all():
            change_connection(actor=self.cast.actor("administrator"), connection=connection, every_minutes=24 * 60)
        Connection.objects.update(next_run_at=self.clock.now + timedelta(days=1))
        examination.announce_audit(self.cast, self.clock)
        narrative.tell(self.cast, self.clock)
        engagement.account(self.cast)
        refresh_requirements(actor=SYSTEM)
        refresh_standings()
        reconcile_scope()
        reconcile()
        rebuild_figures()


def points(planted: Iterable[Planted]) -> dict[int, dict[str, list[str]]]:
    """Day to connection to the kinds to look at (none named: all): everything every four weeks and at the end, and what a
    planted change touches on the first day of collecting after it (docs/decisions/0050)."""
    looks: dict[int, dict[str, list[str]]] = defaultdict(dict)
    for defect in planted:
        check = catalogue.get(defect.check)
        kinds = [kind for kind in check.facts if not kind.startswith("org.")] if check else []
        for day, until in ((defect.day, defect.until), (defect.until, None)):
            if day is not None and 0 <= day < DAYS:
                at = looks[seen_on(day, until)]
                at[defect.connection] = sorted({*at.get(defect.connection, []), *kinds})
    for day in [*range(0, DAYS, EVERY), DAYS]:
        for slug in CONNECTIONS:
            looks[day][slug] = []
    return dict(looks)


def seen_on(day: int, until: int | None = None) -> int:
    """The day of collecting on which something that began on a day is seen; the next day where it ends before that."""
    seen = next(later for later in range(day + 1, day + 1 + BETWEEN) if later % (AT_LAST if later > DAYS - EVERY else BETWEEN) == 0)
    return day + 1 if until is not None and seen >= until else min(seen, DAYS)


def _enter_scope(cast: Cast, clock: Clock) -> None:
    """The scope register as the company wrote it, with who decided and why."""
    actor = cast.actor("compliance_manager")
    for row in systems(clock):
        system = add_system(
            actor=actor, kind=row["kind"], name=row["name"], external_id=row["external_id"], environment=row["environment"],
            data_classes=row["data_classes"], service_account=row["service_account"],
        )
        if row["decision"] != Decision.UNDECIDED:
            reason = row.get("reason") or "Part of the service that customers use."
            decide_scope(actor=actor, system=system, decision=row["decision"], justification=reason)


def _decide_discovered(cast: Cast) -> None:
    """What the first collection found and the register did not know yet."""
    found = list(System.objects.filter(decision=Decision.UNDECIDED))
    if found:
        decide_many(
            actor=cast.actor("compliance_manager"), systems=found, decision=Decision.IN,
            justification="Seen at the first collection; part of the service.",
        )
