"""The link of an invitation: only the invited person joins with it, once, in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from compliance.people.models import Invitation, Membership, User
from compliance.people.secrets import issue
from compliance.people.services import end_membership, invite
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.conftest import Person
from tests.factories.compliance import link_in_mail


@pytest.fixture
def lena(db):
    """Invited, with an account already."""
    return Person(User.objects.create_user("lena@acme.example", "correct horse battery", name="Lena Brandt"), None)


@pytest.fixture
def link(acme, mei, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), scope(acme):
        invite(actor=mei.actor, email="lena@acme.example", role="control_owner")
    return link_in_mail()


def members(acme):
    with scope(acme):
        return list(Membership.objects.filter(ended_at__isnull=True).values_list("email", "role").order_by("email"))


def test_the_invited_person_joins(acme, link, lena):
    assert "Acme Ledger invites you" in lena.client.get(link).content.decode()
    answer = lena.client.post(link)
    assert answer["Location"] == "/o/acme/"
    assert ("lena@acme.example", "control_owner") in members(acme)
    assert lena.client.get("/o/acme/scope/").status_code == 200


def test_looking_at_it_does_not_join(acme, link, lena):
    lena.client.get(link)
    assert ("lena@acme.example", "control_owner") not in members(acme)


def test_a_stranger_is_shown_how_to_come_back_to_it(client, link):
    page = client.get(link).content.decode()
    assert f"/accounts/signup/?next={link}" in page
    assert f"/accounts/login/?next={link}" in page


def test_it_opens_sign_up_where_that_is_closed(client, link, settings):
    settings.OPEN_SIGNUP = False
    assert "password1" not in client.get("/accounts/signup/").content.decode()
    client.get(link)
    assert "password1" in client.get("/accounts/signup/").content.decode()


def test_one_can_sign_up_and_join_in_one_go(acme, link):
    client = Client()
    client.get(link)
    account = {"email": "lena@acme.example", "password1": "correct horse battery", "password2": "correct horse battery"}
    answer = client.post("/accounts/signup/", account | {"next": link})
    assert answer["Location"] == link
    assert client.post(link).status_code == 422
    assert client.post(link, {"your_name": "Lena Brandt"})["Location"] == "/o/acme/"
    assert ("lena@acme.example", "control_owner") in members(acme)
    assert EmailAddress.objects.get(email="lena@acme.example").verified


def test_another_account_is_refused(acme, link, outsider):
    for answer in (outsider.client.get(link), outsider.client.post(link)):
        assert answer.status_code == 403
        assert "is for another address" in answer.content.decode()
    assert len(members(acme)) == 1


def test_it_works_once(acme, link, lena, client):
    lena.client.post(link)
    answer = lena.client.post(link)
    assert answer.status_code == 410
    assert "This invitation was used" in answer.content.decode()


def test_it_runs_out(acme, link, lena):
    with scope(acme):
        Invitation.objects.update(expires_at=now() - timedelta(seconds=1))
    answer = lena.client.post(link)
    assert answer.status_code == 410
    assert "has run out" in answer.content.decode()
    assert len(members(acme)) == 1


@pytest.mark.parametrize("broken", ["nonsense", "fw1_xyz_abc", "fw1_00000000000000000000000000000000_abc"])
def test_a_link_that_is_none_is_not_known(client, db, broken):
    answer = client.get(f"/invitation/{broken}/")
    assert answer.status_code == 404
    assert "not known" in answer.content.decode()


def test_a_secret_of_another_room_opens_nothing(acme, borealis, link, lena):
    handed, _ = issue(borealis.pk)
    assert lena.client.get(f"/invitation/{handed}/").status_code == 404


def test_whoever_left_comes_back_to_the_same_place(acme, link, lena, mei, django_capture_on_commit_callbacks):
    lena.client.post(link)
    with scope(acme):
        first = Membership.objects.get(user=lena.user)
        end_membership(actor=mei.actor, membership=first)
    assert lena.client.get("/o/acme/scope/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True), scope(acme):
        invite(actor=mei.actor, email="lena@acme.example", role="approver")
    lena.client.post(link_in_mail())
    with scope(acme):
        again = Membership.objects.get(user=lena.user)
    assert (again.pk, again.role, again.ended_at) == (first.pk, "approver", None)


def test_it_leaves_a_trail(acme, link, lena):
    lena.client.post(link)
    with scope(acme):
        entry = Entry.objects.get(action="people.invitation.accepted")
    assert entry.actor_id == lena.user.pk
    assert entry.after["role"] == "control_owner"
