"""A membership's address is the one that its account answers to now; what it answered to before stays that person's."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from audits.tasks import send_digests
from compliance.people.models import Invitation, Membership
from compliance.people.selectors import is_member
from compliance.people.services import accept_invitation, end_membership, follow_addresses, invite
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from evidence.accessreviews.services.decide import is_subject
from tests.conftest import Person
from tests.factories.compliance import link_in_mail

NEW = "mei@new.example"


@pytest.fixture
def addresses(mei: Person) -> Person:
    """Mei's account has a second address, verified, beside its own."""
    EmailAddress.objects.create(user=mei.user, email=mei.user.email, primary=True, verified=True)
    EmailAddress.objects.create(user=mei.user, email=NEW, primary=False, verified=True)
    return mei


def turn(person: Person, email: str = NEW) -> Client:
    """Make an address the account's own, on its page."""
    cache.clear()
    client = Client()
    client.post("/accounts/login/", {"login": person.user.email, "password": "correct horse battery"})
    client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    client.post("/accounts/email/", {"action_primary": "", "email": email})
    return client


def membership(person: Person) -> Membership:
    return Membership.objects.select_related("user").get(pk=person.membership.pk)


def test_it_follows_at_once_in_every_organisation(acme: Any, borealis: Any, addresses: Person) -> None:
    with scope(borealis):
        Membership.objects.create(user=addresses.user, role="adviser", name="Mei-Ling Chu", email=addresses.user.email)
    turn(addresses)
    for organization in (acme, borealis):
        with scope(organization):
            found = Membership.objects.get(user=addresses.user, organization=organization)
            assert (found.email, found.former_emails) == (NEW, ["mei@acme.example"])
            entry = Entry.objects.get(action="people.membership.address_followed")
            assert (entry.before, entry.after) == ({"email": "mei@acme.example"}, {"email": NEW})


def test_its_pages_show_it(acme: Any, addresses: Person) -> None:
    client = turn(addresses)
    assert NEW in client.get("/o/acme/people/").content.decode()


def test_one_that_is_not_verified_is_not_followed(acme: Any, mei: Person) -> None:
    EmailAddress.objects.create(user=mei.user, email="mallory@else.example", primary=True, verified=False)
    with scope(acme):
        assert follow_addresses() == 0
        assert membership(mei).email == "mei@acme.example"


def test_the_sweep_of_digests_makes_it_true(acme: Any, mei: Person) -> None:
    """The news of a change was lost, or it was from before anything followed."""
    EmailAddress.objects.create(user=mei.user, email=NEW, primary=True, verified=True)
    send_digests(str(acme.pk))
    with scope(acme):
        assert membership(mei).email == NEW
        assert follow_addresses() == 0
    assert all("mei@acme.example" not in each.to for each in mail.outbox)


def test_a_former_address_stays_that_persons(acme: Any, addresses: Person, ada: Person) -> None:
    turn(addresses)
    with scope(acme):
        assert is_member("mei@acme.example")
        assert is_member(NEW)
        with pytest.raises(ValidationError):
            invite(actor=ada.actor, email="Mei@acme.example", role="employee")


def test_nobody_becomes_another_by_a_change_of_address(acme: Any, addresses: Person) -> None:
    """Whose an account is that a review asks about does not turn on the address of the day."""
    turn(addresses)
    with scope(acme):
        now = membership(addresses)
        for email in ("mei@acme.example", NEW, "MEI@ACME.example"):
            assert is_subject(now, _Account(email))
        assert not is_subject(now, _Account("jonas@acme.example"))
        assert not is_subject(now, _Account(""))


class _Account:
    subject_id = None

    def __init__(self, email: str) -> None:
        self.email = email


@pytest.fixture
def own_link(acme: Any, addresses: Person, django_capture_on_commit_callbacks: Any) -> str:
    """Mei invited an address of hers, by which nobody knows her, to a higher role; then it becomes her account's own."""
    with django_capture_on_commit_callbacks(execute=True), scope(acme):
        invite(actor=addresses.actor, email=NEW, role="administrator")
    link = link_in_mail()
    turn(addresses)
    addresses.user.refresh_from_db()
    return link


def test_nobody_raises_their_role_by_an_invitation_of_their_own(acme: Any, addresses: Person, own_link: str) -> None:
    answer = addresses.client.post(own_link)
    assert answer.status_code == 422
    assert "You are a member already" in answer.content.decode()
    with scope(acme):
        assert membership(addresses).role == "compliance_manager"
        assert Invitation.objects.get().accepted_at is None


def test_nor_by_leaving_and_coming_back(acme: Any, addresses: Person, ada: Person, own_link: str) -> None:
    with scope(acme):
        end_membership(actor=addresses.actor, membership=addresses.membership)
    with pytest.raises(ValidationError, match="You sent this invitation yourself"):
        accept_invitation(user=addresses.user, secret=own_link.rstrip("/").rsplit("/", 1)[1])
