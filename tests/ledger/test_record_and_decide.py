"""The ledger: an incident or a change is written down, put right, and told or not told with a reason."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from compliance.desk.registry import items_for
from compliance.ledger.models import Change, Incident
from compliance.ledger.selectors import changes_between, incidents_between
from compliance.ledger.services import change_incident, decide_disclosure, record_change, record_incident
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.factories.compliance import make_system

OUTAGE = {"title": "Ledger stood still", "nature": "The primary failed.", "started_on": "2026-03-02", "ended_on": "2026-03-03"}


def test_it_records_an_incident_with_what_it_touched(acme, mei):
    with scope(acme):
        system = make_system(mei.actor)
    answer = mei.client.post("/o/acme/ledger/incidents/new/", {**OUTAGE, "systems": [str(system.pk)], "commitments": "com-001, COM-002"})
    assert answer.status_code == 302
    page = mei.client.get(answer["Location"]).content.decode()
    assert "INC-001" in page
    assert "Ledger stood still" in page
    assert system.ref in page
    assert "COM-001, COM-002" in page
    with scope(acme):
        assert Entry.objects.filter(action="ledger.incident.recorded").count() == 1


@pytest.mark.parametrize(("wrong", "said"), [
    ({"title": ""}, "What happened"), ({"started_on": "soon"}, "Write the day as"),
    ({"ended_on": "2026-03-01"}, "the day it began or a later one"),
])  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(acme, mei, wrong, said):
    answer = mei.client.post("/o/acme/ledger/incidents/new/", {**OUTAGE, "extent": "Typed at length.", **wrong})
    page = answer.content.decode()
    assert (answer.status_code, said in page, "Typed at length." in page) == (422, True, True)
    with scope(acme):
        assert not Incident.objects.exists()


def test_a_decision_needs_its_reason_and_waits_in_my_work_until_it_is_made(acme, mei, jonas):
    with scope(acme):
        change = record_change(actor=mei.actor, kind="people", title="A new head of security", happened_on=date(2026, 4, 1))
        assert [item.ref for item in items_for(mei.membership) if item.kind == "change"] == ["CHG-001"]
        assert not [item for item in items_for(jonas.membership) if item.kind == "change"]
    url = f"/o/acme/ledger/changes/{change.pk}/decide/"
    assert mei.client.post(url, {"disclosure": "disclose", "reason": " "}).status_code == 422
    assert mei.client.post(url, {"disclosure": "undecided", "reason": "Later."}).status_code == 422
    assert mei.client.post(url, {"disclosure": "disclose", "reason": "Readers ask who answers for security."}).status_code == 302
    with scope(acme):
        change.refresh_from_db()
        assert (change.disclosure, change.disclosure_by) == ("disclose", "Mei-Ling Chu")
        assert not [item for item in items_for(mei.membership) if item.kind == "change"]
        decide_disclosure(actor=mei.actor, entry=change, disclosure="keep_out", reason="An interim role.")
        assert Entry.objects.get(action="ledger.change.decided", after__disclosure="keep_out").before["disclosure"] == "disclose"


def test_a_control_owner_reads_and_does_not_write(acme, mei, jonas, noor):
    with scope(acme):
        incident = record_incident(actor=mei.actor, **{**OUTAGE, "started_on": date(2026, 3, 2), "ended_on": None})
    assert jonas.client.get(f"/o/acme/ledger/incidents/{incident.pk}/").status_code == 200
    assert jonas.client.post(f"/o/acme/ledger/incidents/{incident.pk}/decide/").status_code == 403
    assert jonas.client.get("/o/acme/ledger/incidents/new/").status_code == 403
    assert noor.client.get("/o/acme/ledger/incidents/").status_code == 403


def test_changing_writes_what_differs_and_nothing_otherwise(acme, mei):
    with scope(acme):
        incident = record_incident(actor=mei.actor, title="T", nature="N", started_on=date(2026, 3, 2))
        change_incident(actor=mei.actor, incident=incident, title="T", systems=[])
        assert not Entry.objects.filter(action="ledger.incident.changed").exists()
        system = make_system(mei.actor)
        change_incident(actor=mei.actor, incident=incident, extent="All customers.", systems=[system])
        entry = Entry.objects.get(action="ledger.incident.changed")
        assert entry.after == {"extent": "All customers.", "systems": [system.ref]}
        with pytest.raises(ValidationError):
            change_incident(actor=mei.actor, incident=incident, ended_on=date(2026, 3, 1))


@pytest.mark.parametrize(("starts", "ends", "found"), [
    (date(2026, 1, 1), date(2026, 1, 31), False), (date(2026, 1, 1), date(2026, 2, 1), True), (date(2026, 1, 1), None, True),
    (date(2026, 3, 31), date(2026, 4, 2), True), (date(2026, 4, 1), None, False),
])  # fmt: skip
def test_an_incident_belongs_to_a_period_by_any_of_its_days(acme, mei, starts, ends, found):
    with scope(acme):
        record_incident(actor=mei.actor, title="T", nature="N", started_on=starts, ended_on=ends)
        assert incidents_between(date(2026, 2, 1), date(2026, 3, 31)).exists() is found


def test_changes_are_counted_by_their_day_and_listed_by_filters(acme, mei):
    with scope(acme):
        for day, kind in ((31, "software"), (1, "people")):
            record_change(actor=mei.actor, kind=kind, title=f"On {day}", happened_on=date(2026, 1, day))
        assert [each.title for each in changes_between(date(2026, 1, 2), date(2026, 1, 31))] == ["On 31"]
        assert Change.objects.count() == 2
    page = mei.client.get("/o/acme/ledger/changes/?kind=people").content.decode()
    assert "On 1<" in page.replace("\n", "")
    assert "On 31" not in page
