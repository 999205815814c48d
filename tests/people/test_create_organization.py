"""Somebody signed in creates an organisation in the browser and becomes its first member."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from compliance.people.models import Membership, User
from compliance.people.views import entrance
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.conftest import Person

ASKED = {"name": "Halyard Payments", "slug": "", "timezone": "Europe/Lisbon", "role": "compliance_manager"}


def create(person: Person, **fields):
    return person.client.post("/organization/new/", ASKED | fields)


def test_it_makes_the_creator_its_first_member(outsider):
    answer = create(outsider)
    assert answer.status_code == 302
    assert answer["Location"] == "/o/halyard-payments/"
    organization = Organization.objects.get(slug="halyard-payments")
    assert organization.timezone == "Europe/Lisbon"
    with scope(organization):
        membership = Membership.objects.get()
    assert membership.user_id == outsider.user.pk
    assert (membership.role, membership.name) == ("compliance_manager", "Nobody Else")


def test_the_creator_may_be_its_administrator(outsider):
    create(outsider, role="administrator")
    with scope(Organization.objects.get(slug="halyard-payments")):
        assert Membership.objects.get().role == "administrator"


@pytest.mark.parametrize("role", ["employee", "approver", "auditor", ""])
def test_the_first_member_has_to_be_able_to_bring_in_others(outsider, role):
    assert create(outsider, role=role).status_code == 422
    assert not Organization.objects.filter(slug="halyard-payments").exists()


def test_a_taken_address_is_refused_beside_its_field_and_nothing_typed_is_lost(outsider, acme):
    answer = create(outsider, slug="acme", name="Acme Again")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Another organisation has this address already." in page
    assert 'value="Acme Again"' in page
    assert 'aria-invalid="true"' in page
    assert Organization.objects.tenants().count() == 1


@pytest.mark.parametrize("slug", ["Not An Address", "-begins", "ends-", "ünder"])
def test_an_address_has_to_be_one(outsider, slug):
    assert create(outsider, slug=slug).status_code == 422


def test_a_name_in_other_letters_needs_an_address_of_its_own(outsider):
    assert "none could be made from the name" in create(outsider, name="日本").content.decode()
    assert create(outsider, name="日本", slug="nihon").status_code == 302


def test_a_time_zone_has_to_exist(outsider):
    assert create(outsider, timezone="Mars/Olympus").status_code == 422


def test_whoever_has_no_name_yet_is_asked_for_one(db):
    nameless = Person(User.objects.create_user("new@else.example", "correct horse battery"), None)
    assert create(nameless).status_code == 422
    assert create(nameless, your_name="Ines Duarte").status_code == 302
    with scope(Organization.objects.get(slug="halyard-payments")):
        assert Membership.objects.get().name == "Ines Duarte"


def test_a_refused_organisation_leaves_the_account_as_it_was(acme):
    nameless = Person(User.objects.create_user("new@else.example", "correct horse battery"), None)
    create(nameless, your_name="Ines Duarte", slug="acme")
    nameless.user.refresh_from_db()
    assert nameless.user.name == ""


def test_a_stranger_is_led_to_sign_in(client, db):
    answer = client.post("/organization/new/", ASKED)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert not Organization.objects.tenants().exists()


def test_where_sign_up_is_closed_only_the_first_one_is_created_in_the_browser(outsider, settings):
    settings.OPEN_SIGNUP = False
    assert create(outsider).status_code == 302
    assert create(outsider, name="Second", slug="second").status_code == 403
    assert not Organization.objects.filter(slug="second").exists()


def test_where_sign_up_is_closed_the_first_founder_can_make_an_account_and_nobody_after(client, db, settings):
    settings.OPEN_SIGNUP = False
    cache.clear()
    assert "/accounts/signup/" in client.get("/").content.decode()
    asked = {"email": "ines@halyard.example", "password1": "correct horse battery", "password2": "correct horse battery"}
    assert client.post("/accounts/signup/", asked).status_code == 302
    assert client.post("/organization/new/", ASKED | {"your_name": "Ines Duarte"})["Location"] == "/o/halyard-payments/"
    later = Client()
    assert "/accounts/signup/" not in later.get("/").content.decode()
    later.post("/accounts/signup/", asked | {"email": "late@halyard.example"})
    assert not User.objects.filter(email="late@halyard.example").exists()


def test_of_two_founders_at_once_the_slower_is_told(outsider, settings, monkeypatch):
    """Both looked before either had founded; the right is asked again under the lock."""
    settings.OPEN_SIGNUP = False
    answers = iter([True])
    monkeypatch.setattr(entrance, "may_found", lambda: next(answers))
    Organization.objects.create(name="Quicker", slug="quicker")
    assert create(outsider).status_code == 403
    assert Organization.objects.tenants().count() == 1


def test_it_leaves_a_trail_in_the_new_room(outsider):
    create(outsider)
    with scope(Organization.objects.get(slug="halyard-payments")):
        entry = Entry.objects.get()
    assert entry.action == "people.organization.created"
    assert entry.actor_id == outsider.user.pk
    assert entry.after["first_member"] == "Nobody Else"
