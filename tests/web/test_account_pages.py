"""Signing in and looking after an account: allauth's pages in our look, with nothing the content policy would stop."""

import re
from typing import Any

import pytest
from django.test import Client

SIGNED_OUT = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/x-y/",
    "/accounts/password/reset/key/done/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/spent/",
    "/accounts/inactive/",
]
SIGNED_IN = [
    "/accounts/logout/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/",
]
GUARDED = ["/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"]


def whole_and_clean(answer: Any) -> str:
    page = answer.content.decode()
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"\sstyle=|\son\w+=[\"']|<style", page)
    for opening in re.findall(r"<script([^>]*)>", page):
        assert "src=" in opening or "application/json" in opening
    assert page.count("<h1") == 1
    assert re.search(r"<title>\s*\S", page)
    return page


@pytest.mark.parametrize("address", SIGNED_OUT)
def test_a_signed_out_page_stands(client: Client, db: None, address: str) -> None:
    whole_and_clean(client.get(address))


@pytest.mark.parametrize("address", SIGNED_IN)
def test_a_page_of_ones_own_account_stands(outsider: Any, address: str) -> None:
    whole_and_clean(outsider.client.get(address))


@pytest.mark.parametrize("address", GUARDED)
def test_what_could_lock_a_person_out_asks_once_more(outsider: Any, address: str) -> None:
    client = outsider.client
    asked = client.get(address)
    assert asked.url.startswith("/accounts/reauthenticate/")
    client.post(asked.url, {"password": "correct horse battery"})
    whole_and_clean(client.get(address))


def test_a_wrong_password_says_so_beside_the_form_and_keeps_the_address(client: Client, outsider: Any) -> None:
    sent = {"login": outsider.user.email, "password": "not this one at all"}
    page = client.post("/accounts/login/", sent).content.decode()
    assert "You are not signed in. One thing is to be put right." in page
    assert f'value="{outsider.user.email}"' in page
    assert "not this one at all" not in page


def test_a_wrong_password_and_an_unknown_address_read_the_same(client: Client, outsider: Any) -> None:
    def said(email: str) -> list[str]:
        page = client.post("/accounts/login/", {"login": email, "password": "not this one at all"}).content.decode()
        return re.findall(r"<li>(.*?)</li>", page)

    assert said(outsider.user.email) == said("nobody-at-all@else.example")


def test_the_passkey_button_hands_its_data_over_without_inline_script(client: Client, db: None) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert 'data-allauth-onload="allauth.webauthn.forms.loginForm" type="application/json"' in page
    assert re.search(r'<script src="[^"]*mfa/js/webauthn[^"]*\.js"', page)
    assert "data-key-error hidden" in page


@pytest.mark.parametrize(("address", "status"), [("/nowhere-at-all/", 404), ("/o/nobody/", None)])
def test_an_address_that_is_not_there_gets_a_page_and_not_a_trace(
    client: Client, db: None, settings: Any, address: str, status: int | None
) -> None:
    settings.DEBUG = False
    answer = client.get(address, follow=False)
    if status:
        assert answer.status_code == status
        assert "There is nothing at this address" in answer.content.decode()
    else:
        assert answer.status_code in (302, 404)


def test_the_style_page_is_not_served_outside_development(rf: Any, settings: Any) -> None:
    from django.http import Http404

    from compliance.web.styleguide import styleguide

    settings.DEBUG = False
    with pytest.raises(Http404):
        styleguide(rf.get("/styleguide/"))


def test_the_style_page_shows_every_state(rf: Any, settings: Any) -> None:
    from django.contrib.auth.models import AnonymousUser

    from compliance.web.states import LOOKS
    from compliance.web.styleguide import styleguide

    settings.DEBUG = True
    request = rf.get("/styleguide/")
    request.user = AnonymousUser()
    page = styleguide(request).content.decode()
    assert [name for name in LOOKS if f"<code>{name}</code>" not in page] == []
