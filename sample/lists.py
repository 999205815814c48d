"""Lists that the company's people bring as files: what no connection reads. Each holds what was planted in it, row by row.

They are brought once, two weeks before the story ends, for the period so far; one that was due in the spring never comes.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from typing import Any

from controls.models import Control
from evidence.populations.models import Population, PopulationVersion, State
from evidence.populations.services.bring import bring_file, freeze_draft
from evidence.populations.services.keep import add_population
from evidence.populations.services.work_through import answer_step, confirm_version
from evidence.populations.sources import UPLOAD
from evidence.populations.standing import standing_of
from sample.base import Clock
from sample.company import TIMEZONE, Cast
from sample.people import PEOPLE, Person, employed
from sample.populations import period_of

#: Days of the story, on which everything is looked at: one list is asked for, and the others are brought.
ASKED, BROUGHT = 42, 168
#: Day on which the list that never comes was due.
DUE = 105
Rows = Iterator[Sequence[object]]
#: Whose papers and trainings are not as they should be.
SCREENED_LATE, UNSIGNED = "Ewan MacAskill", "Callista Ferreira-Brandão"
TRAINED_LATE, UNTRAINED = "Shabnam Gholizadeh", "Wilhelmina Drăgulescu"


@dataclass(frozen=True)
class Brought:
    """A list as its owner exports it: of which template, for which controls, from where, and its rows.

    `short` is by how many rows it holds less than its source says there are; `stated` whether somebody works it through.
    """

    template: str
    name: str
    part: str
    refs: tuple[str, ...]
    system: str
    heads: str
    rows: Callable[[Clock], Rows]
    short: int = 0
    stated: bool = True


def _grants(clock: Clock) -> Rows:
    """Rights in the back office, as its administrators give them."""
    known = {person.id: person for person in PEOPLE}
    for number in range(36):
        day = 16 + 4 * number
        person = _one_of(day, number, "Customer Support", "Finance")
        given, ticket = _moment(clock, day, 9, number), f"IT-{1200 + 7 * number}"
        asked, approver = _moment(clock, day - 1, 14, number), known[person.manager or person.id].email
        if number == 11:
            ticket = ""
        elif number == 19:
            asked = _moment(clock, day + 1, 11, number)
        elif number == 27:
            approver = person.email
        yield (
            f"AG-{number:03}", given, "Halyard Back Office", person.email, "Refunds", "back office administrators", ticket, asked, approver
        )  # fmt: skip


def _changes(clock: Clock) -> Rows:
    """What goes to production beside the repositories: infrastructure and databases."""
    for number in range(30):
        day, title = 15 + 5 * number, ("Add a read replica", "Raise a limit", "Rotate a certificate", "Add an index")[number % 4]
        author, other = (_one_of(day, number + turn, "Platform Engineering").email for turn in (0, 1))
        merged, deployed, raised = (_moment(clock, day - back, hour, number) for back, hour in ((0, 10), (0, 13), (2, 9)))
        ticket, checks, approver = f"INF-{300 + 3 * number}", "passed", other
        if number == 8:
            raised = _moment(clock, day, 18, number)
        elif number == 15:
            approver = author
        elif number == 22:
            checks = "failed: plan"
        elif number == 26:
            ticket = raised = ""
        yield (
            f"IC-{number:03}", title, "infrastructure", author, merged, approver, "yes", checks, ticket, raised, deployed
        )  # fmt: skip


def _starters(clock: Clock) -> Rows:
    """Who began, with what the people team keeps on paper."""
    for person in PEOPLE:
        day = person.start_day
        if not 14 <= day < BROUGHT:
            continue
        late, none = person.name == SCREENED_LATE, person.name == UNSIGNED
        yield (
            person.id, person.name, _day(clock, day), person.team, _day(clock, day + 9 if late else day - 12),
            "" if none else _day(clock, day - 20),
        )  # fmt: skip


def _training(clock: Clock) -> Rows:
    """The yearly course, assigned to everybody on one day."""
    for number, person in enumerate(each for each in employed(60) if each.end_day is None or each.end_day > 95):
        done = {UNTRAINED: "", TRAINED_LATE: _day(clock, 104)}.get(person.name, _day(clock, 62 + number % 25))
        yield person.id, person.name, "Security awareness", _day(clock, 60), _day(clock, 90), done


_MOVED = (31, 66, 99, 143)


def _mover(number: int) -> Person:
    return _one_of(_MOVED[number], 3 * number, "Product", "Marketing", "Sales")


def _moves(clock: Clock) -> Rows:
    """Who changed team or role and stayed."""
    for number, day in enumerate(_MOVED):
        person = _mover(number)
        looked = "" if number == 2 else _day(clock, day + 2)
        yield person.id, person.name, _day(clock, day), f"{person.team}, {person.title}", f"{person.team}, lead", looked


def _devices(clock: Clock) -> Rows:
    """Laptops in the device management, each with its holder."""
    for number, person in enumerate(employed(BROUGHT - 1)):
        yield (
            f"HLY-{1000 + number}", person.name, "macOS 15" if number % 3 else "Windows 11", "no" if number == 23 else "yes",
            "no" if number == 57 else "yes", _moment(clock, BROUGHT - 1 - number % 5, 8, number),
        )  # fmt: skip


def _backups(clock: Clock) -> Rows:
    """The weekly copies of the ledger's archive, which its own tool makes."""
    for number in range(22):
        result = "failed" if number in (5, 13) else "completed"
        followed = "Run again by hand the same day, and complete." if number == 5 else ""
        yield f"LA-{number:03}", "Ledger archive", _moment(clock, 14 + 7 * number, 2, number), result, followed


def _incidents(clock: Clock) -> Rows:
    """Incidents, from the paging tool's export, which leaves out what was merged into another."""
    for number in range(9):
        day = 20 + 16 * number
        done = "" if number == 4 else "Contained by the rota, closed with a review."
        yield (
            f"INC-{40 + number}", ("Slow settlement", "Failed payouts", "Suspicious sign-in")[number % 3], _day(clock, day),
            _day(clock, day + 1), "minor" if number % 4 else "major", "no", "no", done,
        )  # fmt: skip


def _none(clock: Clock) -> Rows:
    yield from ()


LISTS: tuple[Brought, ...] = (
    Brought("access_grants", "Access given in the back office", "owner_access", ("AC-04",), "Halyard Back Office, role changes",
            "event granted_at system account granted granted_by ticket requested_at approved_by", _grants),
    Brought("production_changes", "Changes of infrastructure and databases", "owner_engineering", ("SD-02",), "Infrastructure pipeline",
            "change title repository author merged_at approved_by approved_after_last_push checks ticket ticket_raised_at deployed_at",
            _changes),
    Brought("joiners", "Papers of new hires", "owner_people", ("HR-01", "HR-02"), "HiBob, new hires with documents",
            "worker name started_on team screened_on agreement_on", _starters),
    Brought("training", "Security awareness of the year", "owner_security", ("HR-03",), "Training portal, completion report",
            "worker name course assigned_on due_on completed_on", _training),
    Brought("transfers", "Changes of team and role", "owner_people", ("AC-04",), "HiBob, job history",
            "worker name changed_on role_before role_after access_reviewed_on", _moves),
    Brought("devices", "Laptops", "owner_access", ("AM-03",), "Device management, inventory",
            "device holder platform encrypted protected last_seen", _devices),
    Brought("backups", "Copies of the ledger archive", "owner_platform", ("BC-02",), "Archive tool, job history",
            "job what started_at result followed_up", _backups),
    Brought("incidents", "Incidents of the paging tool", "owner_security", ("IN-02",), "PagerDuty, incidents",
            "incident title started_on ended_on severity from_controls broke_commitments disposition", _incidents, short=2),
    Brought("disposals", "Disposals of equipment", "owner_access", ("AM-04",), "Asset register, disposals",
            "asset disposed_on method certificate by", _none, stated=False),
)  # fmt: skip
NEVER_BROUGHT = ("outages", "Outages and notices", "owner_platform", ("BC-05",))

_SAID = {
    "source": "Opened the system's own screen as an administrator and saw the same list; production only.",
    "query": "Read its filters: all states, all teams, from the first to the last day of the period.",
    "count": "Read off the system's own screen for the same query.",
    "period": "The first and the last row lie in the first and the last weeks; no stretch is without any.",
    "cells": "What is empty was looked up in the system, and is empty there.",
    "out": "Took ten rows from all months, opened each in the source, and compared every cell.",
    "back": "Took ten items of the period from the source without looking at the list, and found each in it.",
}


def worker(name: str) -> str:
    """A person's number in the people system."""
    return next(person.id for person in PEOPLE if person.name == name)


def moved() -> str:
    """Who changed role and whose access nobody looked at."""
    return _mover(2).id


def on_day(day: int, cast: Cast, clock: Clock) -> None:
    """What happens of lists on a day of the story."""
    if day == ASKED:
        template, name, part, refs = NEVER_BROUGHT
        _keep(cast, template, name, part, refs, next_due=clock.at(DUE).date())
    elif day == BROUGHT:
        for each in LISTS:
            _bring(cast, clock, each)


def _keep(cast: Cast, template: str, name: str, part: str, refs: Sequence[str], next_due: date | None) -> Population:
    controls = list(Control.objects.filter(ref__in=refs, tested_by_sample=True))
    return add_population(
        actor=cast.actor("compliance_manager"), template=template, name=name, source=UPLOAD, owner=cast[part], controls=controls,
        months=6, next_due=next_due,
    )  # fmt: skip


def _bring(cast: Cast, clock: Clock, each: Brought) -> None:
    rows = list(each.rows(clock))
    first, last = period_of(clock)
    population = _keep(cast, each.template, each.name, each.part, each.refs, next_due=last + timedelta(days=45))
    draft = bring_file(
        actor=cast.actor(each.part), member=cast[each.part], population=population, content=[_file(each.heads.split(), rows)],
        filename=f"{each.template}.csv", media_type="text/csv", first=first, last=last, zone=TIMEZONE, system=each.system,
        query=f"{each.system}: everything from {first} to {last}, all states, as CSV", drawn_at=clock.now - timedelta(hours=2),
        total=len(rows) + each.short if each.short else None,
    )  # fmt: skip
    version = freeze_draft(actor=cast.actor(each.part), draft=draft).frozen or _newest(population)
    if each.stated:
        _work_through(cast, each.part, version)


def _newest(population: Population) -> PopulationVersion:
    return PopulationVersion.objects.get(population=population, number=1)


def _work_through(cast: Cast, part: str, version: PopulationVersion) -> None:
    standing = standing_of(version)
    for step in standing.steps:
        if step.key in _SAID and step.key not in standing.verdicts:
            total = version.counted if step.key == "count" else None
            answer_step(actor=cast.actor(part), version=version, step=step.key, result="holds", note=_SAID[step.key], total=total)
    if standing_of(version).state == State.READY:
        confirm_version(actor=cast.actor("compliance_analyst"), version=version, note="Gone through with its owner, step by step.")


def _file(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    written = StringIO()
    csv.writer(written, lineterminator="\n").writerows([heads, *rows])
    return written.getvalue().encode()


def _one_of(day: int, number: int, *teams: str) -> Person:
    there = [person for person in employed(day) if person.team in teams and person.manager]
    return there[number % len(there)]


def _day(clock: Clock, day: int) -> str:
    return clock.at(day).date().isoformat()


def _moment(clock: Clock, day: int, hour: int, minute: int) -> str:
    return clock.at(day).replace(hour=hour, minute=minute % 60).isoformat()
