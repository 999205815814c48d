"""The front door: a landing page for strangers, straight in by the only door, a choice where there are several."""

from __future__ import annotations

import pytest

from compliance.people import entrances
from compliance.people.entrances import Door
from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope


@pytest.fixture
def another_door():
    """A floor above that knows of one more door."""
    entrances.register(lambda user: [Door("Acme, SOC 2 2026", "/portal/acme/x/", "Auditor")])
    yield
    entrances._finders.pop()


def test_a_stranger_sees_how_to_sign_in(client, db):
    page = client.get("/").content.decode()
    assert "/accounts/login/" in page
    assert "/accounts/signup/" in page


def test_where_sign_up_is_closed_it_is_not_offered(client, acme, settings):
    settings.OPEN_SIGNUP = False
    assert "/accounts/signup/" not in client.get("/").content.decode()


def test_the_only_door_leads_straight_in(mei):
    assert mei.client.get("/")["Location"] == "/o/acme/"


def test_with_several_doors_one_chooses(mei, borealis):
    with scope(borealis):
        Membership.objects.create(user=mei.user, role="adviser", name="Mei-Ling Chu", email=mei.user.email)
    page = mei.client.get("/").content.decode()
    assert '<a href="/o/acme/">Acme Ledger</a>' in page
    assert '<a href="/o/borealis/">Borealis Freight</a>' in page
    assert "Adviser" in page


def test_the_choice_can_be_asked_for_with_one_door_too(mei):
    assert b"Acme Ledger" in mei.client.get("/?all=1").content


def test_only_ones_own_doors_are_shown(mei, stranger):
    assert b"Borealis" not in mei.client.get("/?all=1").content


def test_an_ended_membership_is_no_door(mei, acme):
    with scope(acme):
        Membership.objects.update(ended_at=now())
    page = mei.client.get("/").content.decode()
    assert "You belong to no organisation yet" in page
    assert mei.client.get("/o/acme/people/").status_code == 404


def test_a_floor_above_adds_its_doors(mei, another_door):
    page = mei.client.get("/").content.decode()
    assert '<a href="/portal/acme/x/">Acme, SOC 2 2026</a>' in page
    assert "Auditor" in page


def test_who_has_only_a_door_from_above_goes_straight_in(outsider, another_door):
    assert outsider.client.get("/")["Location"] == "/portal/acme/x/"


def test_who_belongs_nowhere_may_begin_an_organisation(outsider):
    assert b"/organization/new/" in outsider.client.get("/").content


def test_the_menu_of_a_page_leads_to_ones_other_organisations(mei, borealis, stranger):
    with scope(borealis):
        Membership.objects.create(user=mei.user, role="adviser", name="Mei-Ling Chu", email=mei.user.email)
    page = mei.client.get("/o/acme/people/").content.decode()
    assert 'href="/o/borealis/"' in page
    assert b'href="/o/acme/"' not in stranger.client.get("/o/borealis/people/").content
