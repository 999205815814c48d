"""What the sample company freezes at its end, over looks of a few weeks apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from compliance.registers.services import record_workers
from compliance.tenancy.clock import simulated
from compliance.tenancy.news import silence
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from controls.models import Control
from evidence.collectors.base import Page
from evidence.populations.models import Mismatch, Population
from gaps.models import Gap
from gaps.services.reconcile import reconcile
from sample import company, populations
from sample.base import DAYS, Clock
from sample.people import workers
from tests.populations.looking import changes_page, detail, okta_user, pull, whole
from tests.populations.test_collected_versions import Collected


@pytest.mark.slow
def test_two_are_confirmed_and_a_leaver_with_an_open_account_is_a_gap(db):
    clock = Clock(datetime(2026, 11, 24, 6, tzinfo=UTC))
    organization = company.make_organization()
    with silence(), scope(organization), simulated(clock.at(DAYS)):
        clock.now = clock.at(DAYS)
        cast = company.bring_in_people()
        company.start_programmes(cast, clock)
        company.adopt(cast, clock)
        record_workers(actor=SYSTEM, rows=workers(clock), source="HR system")
        github, okta = Collected("github"), Collected("okta")
        for connection in (github.connection, okta.connection):
            connection.every_minutes = 28 * 24 * 60
            connection.save(update_fields=["every_minutes"])
        long_ago = (clock.now - timedelta(days=9)).date().isoformat()
        left = next(each for each in workers(clock) if each["end_date"] and each["end_date"] < long_ago)
        members = [Page("GET /orgs/x/members", {"role": role}, []) for role in ("all", "admin")]
        for day in (*range(0, DAYS, 28), DAYS):
            users = Page("GET /api/v1/users", {}, [okta_user(left["accounts"]["okta"], left["email"])])
            okta.saw("okta.users", clock.at(day), users)
            github.saw("github.members", clock.at(day), *members)
            okta.saw("okta.admin_roles", clock.at(day), Page("GET /api/v1/iam/assignees/users", {}, {"value": []}))
        change = changes_page([pull(7, "2026-08-10T10:00:00Z")], {"7": detail(7, [])})
        github.saw("github.merged_pull_requests", clock.at(DAYS), change, whole())
        populations.freeze_all(cast, clock)
        states = dict(Population.objects.values_list("template", "state"))
        assert states == {"production_changes": "confirmed", "joiners": "confirmed", "leavers": "open", "privileged_users": "open"}
        assert Control.objects.get(ref="SD-02").population_note.startswith("Confirmed as rows: POP-001")
        assert Mismatch.objects.filter(kind="left").count() == 1
        reconcile()
        assert Gap.objects.get(rule="population.difference").occurrences.count() == 1
