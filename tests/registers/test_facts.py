"""The two house facts that checks are judged on, and the roster that one of them comes from."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine

from compliance.registers.models import Worker
from compliance.registers.selectors import scope_rows, worker_rows
from compliance.registers.services import record_workers
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.factories.compliance import make_system

ROWS = [
    {"id": "w1", "email": "Ana@Acme.example", "name": "Ana Sousa", "start_date": "2024-02-01", "end_date": None,
     "accounts": {"github": "asousa", "okta": "00u1", "aws": None}},
    {"id": "w2", "email": "rui@acme.example", "name": "Rui Pinto", "start_date": date(2023, 1, 9),
     "end_date": "2026-03-31"},
]  # fmt: skip


@pytest.fixture
def recorded(room, mei):
    return record_workers(actor=mei.actor, rows=ROWS, source="HR")


def test_the_roster_becomes_rows_of_org_workers(recorded):
    ana, rui = worker_rows()
    assert ana == {
        "id": "w1", "email": "ana@acme.example", "name": "Ana Sousa", "start_date": "2024-02-01", "end_date": None,
        "active": True, "accounts": {"github": "asousa", "okta": "00u1", "aws": None},
    }  # fmt: skip
    assert (rui["end_date"], rui["accounts"]) == ("2026-03-31", {})


@pytest.mark.parametrize(
    ("moment", "active"),
    [
        (datetime(2026, 3, 31, 12, tzinfo=UTC), True),  # the last day is a day of work
        (datetime(2026, 3, 31, 22, 30, tzinfo=UTC), True),  # still the 31st in Lisbon (23:30)
        (datetime(2026, 3, 31, 23, 30, tzinfo=UTC), False),  # the 1st in Lisbon (00:30), the 31st in UTC
    ],
)
def test_who_has_left_is_decided_in_the_organisations_time_zone(recorded, moment, active):
    with time_machine.travel(moment, tick=False):
        assert worker_rows()[1]["active"] is active


def test_the_same_roster_again_changes_nothing_and_leaves_no_trail(recorded, mei):
    again = record_workers(actor=mei.actor, rows=ROWS, source="HR")
    assert (again.added, again.changed, again.unchanged, again.absent) == (0, 0, 2, 0)
    assert Entry.objects.filter(action="registers.workers.recorded").count() == 1


def test_a_later_roster_changes_by_id_and_keeps_who_is_absent(recorded, mei):
    later = [ROWS[0] | {"end_date": "2026-06-30"}, {"id": "w3", "email": "eva@acme.example", "name": "Eva Reis"}]
    done = record_workers(actor=mei.actor, rows=later, source="HR")
    assert (done.added, done.changed, done.unchanged, done.absent) == (1, 1, 0, 1)
    assert Worker.objects.get(external_id="w1").end_date == date(2026, 6, 30)
    assert Worker.objects.filter(external_id="w2").exists()


def test_what_a_row_does_not_mention_stays(recorded, mei):
    record_workers(actor=mei.actor, rows=[{"id": "w1", "email": "ana@acme.example", "name": "Ana S."}], source="HR")
    worker = Worker.objects.get(external_id="w1")
    assert (worker.name, worker.accounts["github"]) == ("Ana S.", "asousa")


def test_two_lists_do_not_overwrite_each_other(recorded, mei):
    record_workers(actor=mei.actor, rows=[ROWS[0] | {"name": "Another Ana"}], source="Contractors")
    assert sorted(row["name"] for row in worker_rows() if row["id"] == "w1") == ["Ana Sousa", "Another Ana"]


def test_the_trail_names_who_was_added_and_what_changed(recorded, mei):
    record_workers(actor=mei.actor, rows=[ROWS[0] | {"name": "Ana S."}], source="HR")
    first, second = Entry.objects.filter(action="registers.workers.recorded").order_by("id")
    assert first.after["workers_added"] == ["Ana Sousa", "Rui Pinto"]
    assert second.after["workers_changed"] == [{"id": "w1", "name": ["Ana Sousa", "Ana S."]}]


def test_the_register_becomes_rows_of_org_scope(room, mei):
    known = {"external_id": "arn:1", "data_classes": ["customer"], "environment": "production"}
    make_system(mei.actor, "Ledger", decision="in", **known)
    make_system(mei.actor, "deploy-bot", kind="other", external_id="okta:00u9", service_account=True)
    assert scope_rows() == [
        {"kind": "database", "external_id": "arn:1", "name": "Ledger", "decision": "in", "environment": "production",
         "data_classes": ["customer"], "service_account": False},
        {"kind": "other", "external_id": "okta:00u9", "name": "deploy-bot", "decision": "undecided", "environment": "",
         "data_classes": [], "service_account": True},
    ]  # fmt: skip


def test_another_room_has_rows_of_its_own(acme, borealis, recorded, mei):
    make_system(mei.actor)
    with scope(borealis):
        assert worker_rows() == []
        assert scope_rows() == []
