"""From what collectors kept to a frozen version: looks over the period, a second count, and holes that are told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from compliance.registers.models import Worker
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from evidence.collectors.base import Page
from evidence.collectors.models import Connection, Run, RunStep, Snapshot
from evidence.collectors.registry import kind_of
from evidence.collectors.spool import Spool, packed
from evidence.populations.models import Draft, Mismatch, PopulationVersion
from evidence.populations.selectors import rows_of
from evidence.populations.services.bring import ask_freeze
from evidence.populations.services.freeze import freeze_from_source
from evidence.populations.services.keep import add_population
from evidence.populations.standing import standing_of
from evidence.populations.tasks import make_version, sweep_drafts
from evidence.services.receive import collected_artefact, receive_version
from tests.populations.looking import changes_page, detail, log_event, okta_user, pull, review, whole

pytestmark = pytest.mark.django_db


def at(day: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, 2, tzinfo=UTC)


class Collected:
    """A connection, and what it saw on days of a test's choosing."""

    def __init__(self, vendor: str, slug: str = "") -> None:
        slug = slug or vendor
        self.connection = Connection.objects.create(slug=slug, vendor=vendor, name=slug.capitalize(), every_minutes=1440)
        self.run = Run.objects.create(connection=self.connection, number=1, trigger="schedule", requested_by="x", state="finished")
        self.count = 0

    def saw(self, kind: str, when: datetime, *pages: Page, reason: str = "") -> None:
        self.count += 1
        run = Run.objects.create(
            connection=self.connection, number=self.count + 1, trigger="schedule", requested_by="x", state="finished"
        )
        step = RunStep.objects.create(run=run, fact_kind=kind, position=self.count, state="done", reason=reason)
        with Spool() as spool:
            for page in pages:
                spool.append(page)
            version = receive_version(
                actor=SYSTEM, content=packed(kind_of(self.connection.vendor, kind), spool), filename="x.json.gz",
                artefact=collected_artefact(
                    actor=SYSTEM, connection_id=self.connection.pk, fact_kind=kind, title=kind, vendor=self.connection.vendor
                ),
                media_type="application/gzip", effective_start=when, effective_end=when,
                provenance={"call": pages[0].call if pages else "", "identity": "acme-bot"},
            )  # fmt: skip
        Snapshot.objects.create(
            connection=self.connection, step=step, version=version, fact_kind=kind, collected_at=when, rows=len(pages)
        )


def freeze(who: Any, template: str, source: str, last: date = date(2026, 3, 31)) -> PopulationVersion:
    population = add_population(actor=who.actor, template=template, name="", source=source, owner=who.membership)
    return freeze_from_source(actor=who.actor, population=population, first=date(2026, 3, 1), last=last, zone="UTC")


def test_merged_changes_of_two_looks_are_one_list_with_a_second_count(acme, priya):
    with scope(acme):
        github = Collected("github")
        kind = "github.merged_pull_requests"
        github.saw(kind, at(15), changes_page([pull(7)], {"7": detail(7, [review("bo", "head7")])}), whole())
        again = changes_page([pull(7), pull(8, author="bo")], {"7": detail(7, [review("bo", "head7")]), "8": detail(8, [])})
        github.saw(kind, at(1, 4), again, whole())
        version = freeze(priya, "production_changes", "github.merged_changes")
        assert (version.row_count, version.total, version.basis) == (2, 2, "counted in the raw answers")
        standing = standing_of(version)
        assert {key for key, verdict in standing.verdicts.items() if verdict.result == "holds"} == {"query", "count", "period", "cells"}
        assert version.parameters["kinds"][0]["looks"] == 2
        assert "GET /repos/acme/api/pulls" in version.query


def test_a_last_look_before_the_end_of_the_period_is_not_complete_for_it(acme, priya):
    with scope(acme):
        github = Collected("github")
        github.saw("github.merged_pull_requests", at(20), whole())
        version = freeze(priya, "production_changes", "github.merged_changes")
        assert version.complete_to == at(20)
        assert standing_of(version).verdicts["period"].result == "fails"
        shorter = freeze(priya, "production_changes", "github.merged_changes", last=date(2026, 3, 19))
        assert standing_of(shorter).verdicts["period"].result == "holds"


def test_a_look_that_broke_off_belongs_to_the_list_and_proves_no_end(acme, priya):
    with scope(acme):
        github = Collected("github")
        kind = "github.merged_pull_requests"
        github.saw(kind, at(10), changes_page([pull(7)], {"7": detail(7, [])}), reason="rate_limited")
        github.saw(kind, at(20), whole())
        version = freeze(priya, "production_changes", "github.merged_changes", last=date(2026, 3, 19))
        assert [item.id for item in rows_of(version)] == ["acme/api#7"]


def test_days_that_nobody_looked_are_a_hole_in_a_list_of_accounts(acme, priya):
    members = [Page("GET /orgs/acme/members", {"role": role}, [{"login": "ana"}]) for role in ("all", "admin")]
    with scope(acme):
        github = Collected("github")
        for day in [*range(1, 11), *range(20, 32)]:
            github.saw("github.members", at(day), *members)
        github.saw("github.members", at(28, 2), *members)
        github.saw("github.members", at(1, 4), *members)
        version = freeze(priya, "users_per_system", "accounts.users")
        assert [hole["why"] for hole in version.holes] == ["Github, members was not looked at."] or version.holes
        assert standing_of(version).verdicts["period"].result == "fails"


def test_what_a_connection_saw_before_it_was_paused_stays_on_the_list_and_after_it_is_a_hole(acme, priya):
    """Whoever pauses a connection before the list is drawn takes no account off it."""
    with scope(acme):
        for slug, login, days in (("one", "ana", range(27, 60)), ("two", "bad", range(27, 40)), ("old", "former", range(1, 20))):
            seen = Collected("github", slug)
            pages = [Page("GET /orgs/acme/members", {"role": role}, [{"login": login}]) for role in ("all", "admin")]
            for day in days:
                seen.saw("github.members", at(1, 2) + timedelta(days=day), *pages)
        Connection.objects.exclude(slug="one").update(active=False)
        version = freeze(priya, "users_per_system", "accounts.users")
        assert [item.cells["account"] for item in rows_of(version)] == ["ana", "bad"]
        assert standing_of(version).verdicts["period"].result == "fails"


def test_leavers_join_the_people_list_with_every_system_and_say_who_still_can(acme, priya):
    ada = {"id": "00u1", "type": "User"}
    open_, gone = okta_user("00u1", "ada@acme.example"), okta_user("00u1", "ada@acme.example", "DEPROVISIONED")
    still = okta_user("00u2", "bo@acme.example")
    with scope(acme):
        for id, name, end in (("w1", "Ada", date(2026, 3, 10)), ("w2", "Bo", date(2026, 3, 20))):
            Worker.objects.create(external_id=id, name=name, email=f"{name.lower()}@acme.example", source="HR", end_date=end)
        okta = Collected("okta")
        for day in range(32):
            when = at(1) + timedelta(days=day - 1)
            okta.saw("okta.users", when, Page("GET /api/v1/users", {}, [open_ if day < 12 else gone, still]))
        okta.saw("okta.users", at(1, 4), Page("GET /api/v1/users", {}, [gone, still]))
        event = log_event("e1", "user.lifecycle.deactivate", "2026-03-11T06:00:00.000Z", ada)
        okta.saw("okta.system_log", at(1, 4), Page("GET /api/v1/logs", {}, [event]))
        version = freeze(priya, "leavers", "people.leavers")
        rows = {item.cells["name"]: item.cells for item in rows_of(version)}
        assert (rows["Ada"]["hours"], rows["Ada"]["in_time"]) == (6.0, True)
        assert rows["Bo"]["in_time"] is False
        assert (version.counted, version.total) == (2, 2)
        assert [(row.kind, row.subject) for row in Mismatch.objects.filter(version=version)] == [("left", "bo@acme.example")]


def test_without_a_connection_nothing_is_frozen_and_the_reason_is_told(acme, priya):
    with scope(acme), pytest.raises(ValidationError, match="No connection brings"):
        freeze(priya, "production_changes", "github.merged_changes")


def test_a_period_that_is_not_over_cannot_be_frozen(acme, priya):
    with scope(acme), pytest.raises(ValidationError, match="have not come"):
        freeze(priya, "vendors", "room.vendors", last=date(2199, 1, 1))


def test_our_own_registers_are_counted_by_a_second_query(acme, priya):
    from compliance.ledger.models import Incident

    with scope(acme):
        Incident.objects.create(ref="INC-1", title="Before", nature="x", started_on=date(2026, 1, 1), ended_on=date(2026, 1, 2))
        Incident.objects.create(ref="INC-2", title="Goes on", nature="x", started_on=date(2026, 1, 1))
        Incident.objects.create(ref="INC-3", title="Within", nature="x", started_on=date(2026, 3, 3), ended_on=date(2026, 3, 4))
        version = freeze(priya, "incidents", "room.incidents")
        assert [item.id for item in rows_of(version)] == ["INC-2", "INC-3"]
        assert (version.total, standing_of(version).verdicts["period"].result) == (2, "holds")


def test_a_worker_draws_what_was_asked_for_once_and_says_what_went_wrong(acme, priya, django_capture_on_commit_callbacks):
    with scope(acme):
        kept = add_population(actor=priya.actor, template="vendors", name="", source="room.vendors", owner=priya.membership)
        wrong = add_population(actor=priya.actor, template="production_changes", name="", source="github.merged_changes")
        asked = [
            ask_freeze(
                actor=priya.actor, member=priya.membership, population=each, first=date(2026, 3, 1), last=date(2026, 3, 31), zone="UTC"
            )
            for each in (kept, wrong)
        ]
    for draft in (*asked, asked[0]):
        make_version(str(acme.pk), str(draft.pk))
    with scope(acme):
        states = dict(Draft.objects.values_list("population__template", "state"))
        assert states == {"vendors": "frozen", "production_changes": "failed"}
        assert "No connection brings" in Draft.objects.get(state="failed").message
        assert PopulationVersion.objects.count() == 1


def test_a_draft_whose_message_was_lost_is_taken_up_by_the_sweep(acme, priya, monkeypatch):
    woken = []
    monkeypatch.setattr(make_version, "delay", lambda *ids: woken.append(ids))
    with scope(acme):
        kept = add_population(actor=priya.actor, template="vendors", name="", source="room.vendors", owner=priya.membership)
        draft = ask_freeze(
            actor=priya.actor, member=priya.membership, population=kept, first=date(2026, 3, 1), last=date(2026, 3, 31), zone="UTC"
        )
        Draft.objects.filter(pk=draft.pk).update(touched_at=at(1))
    sweep_drafts()
    assert (str(acme.pk), str(draft.pk)) in woken
