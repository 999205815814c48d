"""A second factor is asked of the session, not of the person: one that a password alone began has to show it, and loses nothing."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client

from compliance.people.keys import PasskeyForm
from compliance.people.models import Membership
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from tests.conftest import Person, having_shown

PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXP"
PEOPLE = "/o/acme/people/"
SHOW = "/accounts/2fa/reauthenticate/"


def code() -> str:
    cache.clear()  # a code is taken once, and a session may try ten times a minute
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


@pytest.fixture
def strict(acme: Organization, ada: Person) -> Organization:
    """Acme, which requires a second factor."""
    Organization.objects.filter(pk=acme.pk).update(requires_second_factor=True)
    return acme


@pytest.fixture
def app(strict: Organization, mei: Person) -> Authenticator:
    """Mei's authenticator app."""
    return TOTP.activate(mei.user, SECRET).instance


@pytest.fixture
def old(mei: Person, strict: Organization) -> Client:
    """A session that began with the password, before there was a factor."""
    cache.clear()
    client = Client()
    client.post("/accounts/login/", {"login": mei.user.email, "password": PASSWORD})
    return client


def test_a_session_from_before_the_factor_was_added_has_to_show_it(old, app):
    assert old.get(PEOPLE + "?role=employee")["Location"] == f"{SHOW}?next=%2Fo%2Facme%2Fpeople%2F%3Frole%3Demployee"


def test_who_shows_it_is_led_back_to_where_they_were_going(old, app):
    asked = old.get(PEOPLE)["Location"]
    answer = old.post(asked, {"code": code()})
    assert answer["Location"] == PEOPLE
    assert old.get(PEOPLE).status_code == 200


def test_the_password_once_more_does_not_do(old, app):
    assert old.get(f"/accounts/reauthenticate/?next={PEOPLE}")["Location"].startswith(SHOW)
    old.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": PEOPLE})
    assert old.get(PEOPLE).status_code == 302
    assert "Use your password" not in old.get(SHOW).content.decode()


def test_a_sign_in_with_the_factor_is_not_asked_again(mei, app):
    cache.clear()
    client = Client()
    client.post("/accounts/login/", {"login": mei.user.email, "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert client.get(PEOPLE).status_code == 200


def test_a_recovery_code_shows_it_too(old, app, mei):
    codes = RecoveryCodes.activate(mei.user)
    old.post(f"{SHOW}?next={PEOPLE}", {"code": codes.get_unused_codes()[0]})
    assert old.get(PEOPLE).status_code == 200


def test_recovery_codes_without_a_factor_let_nobody_in(strict, mei):
    codes = RecoveryCodes.activate(mei.user).instance
    assert having_shown(mei.client, codes).get(PEOPLE)["Location"] == "/accounts/2fa/"


def test_who_sets_up_a_factor_has_shown_it(old, monkeypatch):
    assert old.get(PEOPLE)["Location"] == "/accounts/2fa/"
    cache.clear()
    old.post("/accounts/reauthenticate/", {"password": PASSWORD})
    session = old.session
    session["mfa.totp.secret"] = SECRET
    session.save()
    monkeypatch.setattr(transaction, "on_commit", lambda told: told())  # within the request, as it is outside of a test
    assert old.post("/accounts/2fa/totp/activate/", {"code": code()}).status_code == 302
    page = old.get("/accounts/2fa/").content.decode()
    assert 'href="/go-on/"' in page
    assert old.get("/go-on/")["Location"] == PEOPLE
    assert old.get(PEOPLE).status_code == 200


def test_a_passkey_by_itself_is_enough(strict, mei):
    key = Authenticator.objects.create(user=mei.user, type=Authenticator.Type.WEBAUTHN, data={})
    client = having_shown(mei.client, key)
    session = client.session
    session["account_authentication_methods"][0]["passwordless"] = True
    session.save()
    assert client.get(PEOPLE).status_code == 200


@pytest.mark.parametrize("verified", [True, False])
def test_a_passkey_that_did_not_verify_its_holder_signs_nobody_in(monkeypatch, verified):
    """What a key signed for another form, which asks for less, is handed in as a sign-in by itself."""
    data = SimpleNamespace(is_user_verified=lambda: verified)
    said = SimpleNamespace(response=SimpleNamespace(authenticator_data=data))
    monkeypatch.setattr(LoginWebAuthnForm, "clean_credential", lambda form: "the key")
    monkeypatch.setattr(auth, "parse_authentication_response", lambda response: said)
    form = PasskeyForm(data={"credential": '{"id": "key"}'})
    form.cleaned_data = {}
    if verified:
        assert form.clean_credential() == "the key"
    else:
        with pytest.raises(ValidationError):
            form.clean_credential()


def test_a_session_by_a_key_that_was_lost_ends_with_the_key(app, mei):
    lost = Authenticator.objects.create(user=mei.user, type=Authenticator.Type.WEBAUTHN, data={})
    thief = having_shown(mei.client, lost)
    assert thief.get(PEOPLE).status_code == 200
    lost.delete()
    assert thief.get(PEOPLE)["Location"].startswith(SHOW)


def test_who_takes_off_their_only_factor_is_led_to_add_one(app, mei):
    client = having_shown(mei.client, app)
    app.delete()
    assert client.get(PEOPLE)["Location"] == "/accounts/2fa/"


def test_a_factor_shown_by_somebody_else_in_the_same_browser_counts_nothing(app, mei, ada):
    client = having_shown(mei.client, app)
    client.force_login(ada.user)
    Authenticator.objects.create(user=ada.user, type=Authenticator.Type.TOTP, data={})
    assert client.get(PEOPLE)["Location"].startswith(SHOW)


@pytest.mark.parametrize("page", ["2fa/webauthn/add/", "2fa/totp/deactivate/", "2fa/recovery-codes/", "2fa/", "email/"])
def test_a_session_without_it_changes_nothing_of_the_account(old, app, page):
    """Else a factor of one's own could be added, or the owner's taken off, by the password alone."""
    cache.clear()
    old.post("/accounts/reauthenticate/", {"password": PASSWORD})
    at = f"/accounts/{page}"
    for answer in (old.get(at), old.post(at, {"action_add": "", "email": "mallory@else.example"})):
        assert answer["Location"].startswith(SHOW)
    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_a_session_that_reauthenticated_before_the_factor_was_added_does_not_either(old, mei):
    cache.clear()
    old.post("/accounts/reauthenticate/", {"password": PASSWORD})
    TOTP.activate(mei.user, SECRET)
    assert old.get("/accounts/2fa/webauthn/add/")["Location"].startswith(SHOW)


def test_one_can_always_sign_out(old, app):
    assert old.post("/accounts/logout/")["Location"] == "/"


def test_a_form_that_was_sent_meanwhile_is_kept_and_sent_on(old, app, jonas, acme):
    page = f"{PEOPLE}{jonas.membership.pk}/"
    asked = old.post(page, {"role": "employee", "title": "Says <hello> & more"})["Location"]
    assert asked == f"{SHOW}?next=%2Fgo-on%2F"
    assert old.post(asked, {"code": code()})["Location"] == "/go-on/"
    kept = old.get("/go-on/").content.decode()
    assert 'name="title" value="Says &lt;hello&gt; &amp; more"' in kept
    done = old.post("/go-on/", {"role": "employee", "title": "Says <hello> & more"}, follow=True)
    assert [status for _, status in done.redirect_chain] == [307, 302]
    with scope(acme):
        assert Membership.objects.get(pk=jonas.membership.pk).title == "Says <hello> & more"
    assert old.get("/go-on/")["Location"] == "/"


def test_it_is_still_kept_though_another_page_was_opened_before_a_factor_is_set_up(old, jonas):
    assert old.post(f"{PEOPLE}{jonas.membership.pk}/", {"role": "employee", "title": "Kept"})["Location"] == "/accounts/2fa/"
    assert old.get(PEOPLE)["Location"] == "/accounts/2fa/"
    assert 'name="title" value="Kept"' in old.get("/go-on/").content.decode()


def test_what_is_kept_is_sealed_and_can_be_dropped(old, app, jonas):
    page = f"{PEOPLE}{jonas.membership.pk}/"
    old.post(page, {"role": "employee", "title": "Secretary of nothing"})
    assert "Secretary" not in repr(dict(old.session.items()))
    assert old.post("/go-on/", {"go_on:discard": "1"})["Location"] == "/"
    assert "on_the_way" not in old.session


def test_a_form_of_another_site_is_not_kept(app, mei):
    client = Client(enforce_csrf_checks=True)
    client.force_login(mei.user)
    assert client.post(PEOPLE + "invite/", {"email": "mallory@else.example"}).status_code == 403
    assert "on_the_way" not in client.session


def test_a_part_of_a_page_sends_the_whole_page_to_show_it(old, app):
    answer = old.get(PEOPLE, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/o/acme/gaps/?q=a"})
    assert (answer.status_code, answer["HX-Redirect"]) == (403, f"{SHOW}?next=%2Fo%2Facme%2Fgaps%2F%3Fq%3Da")


def test_it_leads_to_no_other_site(old, strict):
    old.get(PEOPLE, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver//evil.example/x"})
    assert old.get("/go-on/")["Location"] == PEOPLE


def test_what_a_part_of_a_page_sent_is_kept_too(old, app, jonas):
    page = f"{PEOPLE}{jonas.membership.pk}/"
    asked = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{PEOPLE}"}
    answer = old.post(page, {"role": "employee", "title": "Kept"}, headers=asked)
    assert (answer.status_code, answer["HX-Redirect"]) == (403, f"{SHOW}?next=%2Fgo-on%2F")
    assert 'name="title" value="Kept"' in old.get("/go-on/").content.decode()


def test_a_script_gets_a_problem_that_says_where(old, app):
    answer = old.post(PEOPLE + "invite/", {}, headers={"Accept": "*/*"})
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert answer.json()["second_factor"] == SHOW
    assert "requires a second factor" in answer.json()["error"]


def test_where_it_is_not_required_the_password_is_enough(acme, mei):
    TOTP.activate(mei.user, SECRET)
    assert mei.client.get(PEOPLE).status_code == 200


def test_a_token_is_asked_for_nothing_more(strict, token_of):
    handed = token_of(strict, "compliance:organization:view")
    assert Client(headers={"Authorization": f"Bearer {handed}"}).get("/api/v1/organization/").status_code == 200
