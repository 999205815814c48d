"""The auditor's confirmation before fieldwork: recorded or confirmed in the portal, later changes shown as differences."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client

from compliance.programmes.services import change_programme
from compliance.registers.services import decide_scope
from compliance.rounds.models import Confirmation
from compliance.rounds.selectors import changes_since
from compliance.rounds.services import record_confirmation
from compliance.rounds.snapshot import between
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.factories.compliance import make_programme, make_system
from tests.house.world import furnish

MAIL = {"confirmed_by": "Ines Moreau", "firm": "Harrow LLP", "confirmed_on": "2026-01-10", "source": "Mail of 10 January 2026."}


@pytest.fixture()
def programme(acme, mei):
    with scope(acme):
        make_system(mei.actor, "Ledger", decision="in")
        return make_programme(mei.actor)


def test_it_is_recorded_with_all_that_then_stood(acme, mei, programme):
    assert mei.client.post(f"/o/acme/programmes/{programme.pk}/confirmation/record/", MAIL).status_code == 302
    with scope(acme):
        made = Confirmation.objects.get()
        assert made.snapshot["systems"] == ["SYS-001 Ledger"]
        assert made.snapshot["period"] == ["1 Jan 2026 to 31 Dec 2026"]
        assert len(made.snapshot["criteria"]) == 33
        assert Entry.objects.filter(action="rounds.confirmation.recorded").count() == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            Confirmation.objects.update(confirmed_by="Somebody else")


@pytest.mark.parametrize("wrong", [{"confirmed_by": ""}, {"source": " "}, {"confirmed_on": "2999-01-01"}, {"confirmed_on": ""}])
def test_it_needs_who_when_and_where_it_is_written(acme, mei, programme, wrong):
    answer = mei.client.post(f"/o/acme/programmes/{programme.pk}/confirmation/record/", MAIL | wrong)
    assert answer.status_code == 422
    assert "Nothing was recorded" in answer.content.decode()
    with scope(acme):
        assert not Confirmation.objects.exists()


def test_later_changes_are_shown_against_it(acme, mei, programme):
    with scope(acme):
        made = record_confirmation(actor=mei.actor, programme=programme, **MAIL | {"confirmed_on": date(2026, 1, 10)})
        assert changes_since(made) == []
        change_programme(actor=mei.actor, programme=programme, categories=["availability"], period_end=date(2026, 11, 30))
        system = make_system(mei.actor, "Warehouse", decision="in")
        decide_scope(actor=mei.actor, system=type(system).objects.get(name="Ledger"), decision="out", justification="Gone.")
        made.refresh_from_db()
        found = {each.key: (each.removed, each.added) for each in changes_since(Confirmation.objects.get())}
    assert found["categories"] == ((), ("Availability (A1)",))
    assert found["period"] == (("1 Jan 2026 to 31 Dec 2026",), ("1 Jan 2026 to 30 Nov 2026",))
    assert found["systems"] == (("SYS-001 Ledger",), ("SYS-002 Warehouse",))
    assert found["outside"] == ((), ("SYS-001 Ledger",))
    assert len(found["criteria"][1]) == 3
    assert "kind" not in found
    page = mei.client.get(f"/o/acme/programmes/{programme.pk}/confirmation/").content.decode()
    assert "SYS-002 Warehouse" in page
    assert "Changed since" in page


def test_the_same_list_in_another_order_is_no_change():
    assert between({"systems": ["a", "b"]}, {"systems": ["b", "a"]}) == []


def test_the_auditor_confirms_what_they_read_in_the_portal(acme, mei):
    world = furnish(acme, mei.membership, "acme")
    client = Client()
    client.force_login(world.seat_user)
    base = f"/portal/acme/{world['audit'].pk}/scope/"
    page = client.get(base).content.decode()
    assert "acme repository" in page
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]
    with scope(acme):
        make_system(mei.actor, "Came meanwhile")
    client.post(f"{base}confirm/", {"seen": seen})
    with scope(acme):
        assert Confirmation.objects.filter(how="portal").count() == 0
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(base).content.decode())[1]
    client.post(f"{base}confirm/", {"seen": seen})
    with scope(acme):
        made = Confirmation.objects.get(how="portal")
        assert (made.confirmed_by, made.firm, made.number) == ("Auditor of acme", "Firm LLP", 2)
        assert made.confirmed_on == today(acme.timezone)
        assert Entry.objects.filter(action="rounds.confirmation.recorded", actor_kind="auditor").count() == 1
    assert "It stands as it was confirmed" in client.get(base).content.decode()
    client.post(f"{base}confirm/", {"seen": "forged"})
    with scope(acme):
        assert Confirmation.objects.filter(how="portal").count() == 1


def test_who_only_reads_does_not_record(acme, jonas, programme):
    assert jonas.client.get(f"/o/acme/programmes/{programme.pk}/confirmation/").status_code == 200
    assert jonas.client.post(f"/o/acme/programmes/{programme.pk}/confirmation/record/", MAIL).status_code == 403


def test_a_day_to_come_is_refused_by_the_service_too(acme, mei, programme):
    with scope(acme), pytest.raises(ValidationError):
        record_confirmation(actor=mei.actor, programme=programme, **MAIL | {"confirmed_on": today(acme.timezone) + timedelta(days=1)})
