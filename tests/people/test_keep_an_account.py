"""An account stays with the person whose mailbox it answers to."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.conf import settings as configured
from django.core.cache import cache
from django.test import Client

from compliance.people.models import User
from compliance.people.services import invite, prove_mailbox
from compliance.tenancy.rooms import scope
from tests.conftest import Person
from tests.factories.compliance import link_in_mail

PASSWORD = "correct horse battery"


@pytest.fixture
def taken(db: None) -> Person:
    """An account that somebody else began with Lena's address, and a second address of their own on it."""
    user = User.objects.create_user("lena@acme.example", PASSWORD, name="Lena Brandt")
    EmailAddress.objects.create(user=user, email="lena@acme.example", primary=True, verified=False)
    EmailAddress.objects.create(user=user, email="mallory@else.example", primary=False, verified=True)
    return Person(user, None)


def addresses(person: Person) -> list[tuple[str, bool]]:
    return list(EmailAddress.objects.filter(user=person.user).order_by("email").values_list("email", "verified"))


def signed_in_long_ago(person: Person) -> Client:
    """A session that was begun with the password an hour ago, and is in other hands by now."""
    client = Client()
    client.post("/accounts/login/", {"login": person.user.email, "password": PASSWORD})
    session = client.session
    for each in session["account_authentication_methods"]:
        each["at"] -= timedelta(hours=1).total_seconds()
    session.save()
    return client


def test_a_session_alone_puts_no_address_on_an_account(outsider: Person) -> None:
    cache.clear()
    client = signed_in_long_ago(outsider)
    answer = client.post("/accounts/email/", {"action_add": "", "email": "mallory@else.example"})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not EmailAddress.objects.filter(email="mallory@else.example").exists()


def test_the_password_does(outsider: Person) -> None:
    cache.clear()
    client = signed_in_long_ago(outsider)
    asked = client.post("/accounts/email/", {"action_add": "", "email": "work@else.example"})
    client.post(asked["Location"], {"password": PASSWORD})
    client.post("/accounts/email/", {"action_add": "", "email": "work@else.example"})
    assert EmailAddress.objects.filter(email="work@else.example", user=outsider.user).exists()


def test_who_takes_over_their_account_by_an_invitation_is_alone_in_it(
    acme: Any, mei: Person, taken: Person, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), scope(acme):
        invite(actor=mei.actor, email="lena@acme.example", role="control_owner")
    assert taken.client.post(link_in_mail())["Location"] == "/o/acme/"
    assert addresses(taken) == [("lena@acme.example", True)]


def test_who_proves_their_address_by_mail_is_alone_in_it_too(taken: Person, rf: Any) -> None:
    own = EmailAddress.objects.get(email="lena@acme.example")
    email_confirmed.send(sender=EmailAddress, request=rf.get("/"), email_address=own)
    assert [email for email, _ in addresses(taken)] == ["lena@acme.example"]


def test_a_second_address_of_a_proved_account_stays(taken: Person, rf: Any) -> None:
    EmailAddress.objects.filter(user=taken.user).update(verified=True)
    prove_mailbox(user=taken.user, email="lena@acme.example")
    second = EmailAddress.objects.get(email="mallory@else.example")
    email_confirmed.send(sender=EmailAddress, request=rf.get("/"), email_address=second)
    assert len(addresses(taken)) == 2


def test_who_is_behind_the_same_proxy_has_an_allowance_of_their_own(client: Client, db: None, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    cache.clear()
    tried = {"login": "nobody-at-all@else.example", "password": "not this one at all"}
    from_one = [client.post("/accounts/login/", tried, headers={"X-Forwarded-For": "192.0.2.1"}) for _ in range(40)]
    assert from_one[-1].status_code == 429
    other = client.post("/accounts/login/", tried, headers={"X-Forwarded-For": "192.0.2.1, 192.0.2.2"})
    assert other.status_code != 429


@pytest.mark.parametrize(
    ("environment", "proxies"),
    [({}, 0), ({"BEHIND_PROXY": "1"}, 1), ({"BEHIND_PROXY": "1", "TRUSTED_PROXIES": "2"}, 2)],
)
def test_a_site_behind_a_proxy_reads_whom_the_proxy_saw(environment: dict[str, str], proxies: int) -> None:
    said = subprocess.run(
        [sys.executable, "-c", "from config import settings as s; print(s.ALLAUTH_TRUSTED_PROXY_COUNT, s.REST_FRAMEWORK['NUM_PROXIES'])"],
        env=os.environ | environment, cwd=configured.BASE_DIR, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.split() == [str(proxies)] * 2
