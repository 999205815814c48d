"""Inviting somebody by mail, again, and taking it back."""

from __future__ import annotations

import pytest
from django.core import mail

from compliance.people import independence
from compliance.people.models import Invitation
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.factories.compliance import link_in_mail

ASKED = {"email": "Lena@Acme.example", "name": "Lena Brandt", "role": "control_owner"}


@pytest.fixture
def invite(django_capture_on_commit_callbacks):
    def send(person, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return person.client.post("/o/acme/people/invite/", ASKED | fields)

    return send


@pytest.fixture
def auditors_object():
    """A floor above that knows this address as an auditor's."""
    independence.register(lambda email: "This person holds an auditor's seat here." if "auditor" in email else "")
    yield
    independence._objections.pop()


def test_it_sends_a_letter_with_a_link_and_keeps_only_its_hash(acme, mei, invite):
    assert invite(mei).status_code == 302
    assert mail.outbox[0].to == ["lena@acme.example"]
    assert "Mei-Ling Chu invites you to Acme Ledger" in mail.outbox[0].body
    secret = link_in_mail().split("/")[2]
    with scope(acme):
        invitation = Invitation.objects.get()
    assert invitation.role == "control_owner"
    assert secret not in str(invitation.__dict__)
    assert len(invitation.secret_hash) == 64


@pytest.mark.parametrize("wrong", [{"email": "not an address"}, {"email": ""}, {"role": "auditor"}, {"role": ""}])
def test_it_needs_an_address_and_a_role(acme, mei, invite, wrong):
    answer = invite(mei, **wrong)
    assert answer.status_code == 422
    assert "No invitation was sent" in answer.content.decode()
    assert "Lena Brandt" in answer.content.decode()
    with scope(acme):
        assert not Invitation.objects.exists()
    assert not mail.outbox


def test_a_member_cannot_be_invited(acme, mei, jonas, invite):
    answer = invite(mei, email="JONAS@acme.example")
    assert answer.status_code == 422
    assert "a member already" in answer.content.decode()


def test_independence_can_forbid_it(acme, mei, invite, auditors_object):
    answer = invite(mei, email="auditor@firm.example")
    assert answer.status_code == 422
    assert "holds an auditor&#x27;s seat" in answer.content.decode()


def test_a_second_invitation_makes_the_first_link_worthless(acme, mei, invite, client):
    invite(mei)
    first = link_in_mail()
    invite(mei, role="approver")
    with scope(acme):
        assert Invitation.objects.filter(revoked_at__isnull=True).count() == 1
    assert client.get(first).status_code == 410
    assert client.get(link_in_mail()).status_code == 200


def test_it_can_be_sent_again(acme, mei, invite, client, django_capture_on_commit_callbacks):
    invite(mei)
    first = link_in_mail()
    with scope(acme):
        identifier = Invitation.objects.get().pk
    with django_capture_on_commit_callbacks(execute=True):
        mei.client.post(f"/o/acme/people/invitations/{identifier}/again/")
    assert len(mail.outbox) == 2
    assert client.get(first).status_code == 410


def test_it_can_be_taken_back(acme, mei, invite, client):
    invite(mei)
    with scope(acme):
        identifier = Invitation.objects.get().pk
    mei.client.post(f"/o/acme/people/invitations/{identifier}/revoke/")
    answer = client.get(link_in_mail())
    assert answer.status_code == 410
    assert "This invitation was taken back" in answer.content.decode()
    with scope(acme):
        assert Entry.objects.filter(action="people.invitation.revoked").count() == 1


@pytest.mark.parametrize("who", ["jonas", "femi", "noor"])
def test_other_roles_are_refused(acme, who, request, invite):
    assert invite(request.getfixturevalue(who)).status_code == 403
    with scope(acme):
        assert not Invitation.objects.exists()


def test_an_administrator_may_invite(acme, ada, invite):
    assert invite(ada).status_code == 302


def test_another_organisation_sees_nothing(acme, mei, stranger, invite):
    invite(mei)
    with scope(acme):
        identifier = Invitation.objects.get().pk
    assert invite(stranger).status_code == 404
    assert stranger.client.post(f"/o/borealis/people/invitations/{identifier}/revoke/").status_code == 404
    assert stranger.client.post(f"/o/borealis/people/invitations/{identifier}/again/").status_code == 404
    assert b"lena@acme.example" not in stranger.client.get("/o/borealis/people/").content
    with scope(acme):
        assert Invitation.objects.get().revoked_at is None


def test_it_leaves_a_trail_without_the_secret(acme, mei, invite):
    invite(mei)
    with scope(acme):
        entry = Entry.objects.get(action="people.invitation.sent")
    assert entry.actor_id == mei.user.pk
    assert entry.after["email"] == "lena@acme.example"
    assert link_in_mail().split("/")[2] not in str(entry.after)
