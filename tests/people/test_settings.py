"""The organisation's settings, and a required second factor that locks nobody out by accident."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator

from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry

ASKED = {"name": "Acme Ledger", "timezone": "Europe/Lisbon"}


def save(person, **fields):
    return person.client.post("/o/acme/settings/", ASKED | fields)


def with_second_factor(person):
    Authenticator.objects.create(user=person.user, type=Authenticator.Type.TOTP, data={})
    return person


def test_name_and_time_zone_are_changed(acme, ada):
    assert save(ada, name="Acme Ledgers", timezone="Europe/Paris").status_code == 302
    acme.refresh_from_db()
    assert (acme.name, acme.timezone) == ("Acme Ledgers", "Europe/Paris")


@pytest.mark.parametrize("wrong", [{"name": ""}, {"timezone": "Mars/Olympus"}])
def test_it_needs_a_name_and_a_time_zone_that_exists(acme, ada, wrong):
    assert save(ada, **wrong).status_code == 422
    acme.refresh_from_db()
    assert (acme.name, acme.timezone) == ("Acme Ledger", "Europe/Lisbon")


def test_who_has_no_second_factor_cannot_require_one(acme, ada):
    answer = save(ada, requires_second_factor="on", name="Acme New")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "you would be locked out" in page
    assert 'value="Acme New"' in page
    acme.refresh_from_db()
    assert not acme.requires_second_factor


def test_required_it_leads_those_without_one_to_add_it(acme, ada, mei):
    with_second_factor(ada)
    assert save(ada, requires_second_factor="on").status_code == 302
    assert mei.client.get("/o/acme/people/")["Location"] == "/accounts/2fa/"
    assert ada.client_with_factor.get("/o/acme/people/").status_code == 200


@pytest.mark.parametrize("who", ["mei", "jonas", "femi"])
def test_other_roles_read_it_and_are_told_who_can_change_it(acme, ada, who, request):
    person = request.getfixturevalue(who)
    page = person.client.get("/o/acme/settings/")
    assert page.status_code == 200
    assert "Ada Okonkwo" in page.content.decode()
    assert save(person, name="Taken").status_code == 403
    acme.refresh_from_db()
    assert acme.name == "Acme Ledger"


def test_an_employee_is_refused(acme, noor):
    assert noor.client.get("/o/acme/settings/").status_code == 403


def test_another_organisation_sees_nothing(acme, ada, stranger):
    assert stranger.client.get("/o/acme/settings/").status_code == 404
    assert save(stranger, name="Taken").status_code == 404


def test_it_leaves_a_trail_of_what_changed_only(acme, ada):
    save(ada, timezone="Europe/Paris")
    save(ada, timezone="Europe/Paris")
    with scope(acme):
        entry = Entry.objects.get()
    assert (entry.before, entry.after) == ({"timezone": "Europe/Lisbon"}, {"timezone": "Europe/Paris"})
