"""A passkey from its registration to the next sign-in, on the browser's own virtual authenticator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import PASSWORD

pytestmark = pytest.mark.browser


def _with_authenticator(page: Any) -> tuple[Any, str]:
    """A device that keeps passkeys and whose owner always says yes: (the protocol's session, its id)."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    return devtools, devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def _keys(devtools: Any, authenticator: str) -> list[dict[str, Any]]:
    return devtools.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]


def _register(page: Any, site: Any) -> None:
    page.goto(f"{site.url}/accounts/2fa/webauthn/add/")
    assert "Is it you?" in page.inner_text("h1")
    page.fill("main input[name=password]", PASSWORD)
    page.click("main button.btn.primary")
    page.fill("input[name=name]", "This laptop")
    page.check("input[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)


def _sign_out(page: Any, site: Any) -> None:
    page.goto(f"{site.url}/accounts/logout/")
    page.click("main button.btn.primary")
    page.wait_for_load_state()
    page.goto(f"{site.room}/")
    assert "/accounts/login" in page.url


def test_who_registers_a_passkey_signs_in_with_it_and_nothing_else(site, open_page, sign_in):
    page = open_page()
    devtools, authenticator = _with_authenticator(page)
    sign_in(page, "approver")
    _register(page, site)
    (key,) = _keys(devtools, authenticator)
    assert key["isResidentCredential"] is True
    assert key["rpId"] == "localhost"
    page.goto(f"{site.url}/accounts/2fa/webauthn/")
    assert "This laptop" in page.inner_text("main")
    _sign_out(page, site)
    page.click("#passkey_login")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    page.goto(f"{site.room}/")
    assert site.organization.name in page.inner_text("body")
    assert page.complaints == []


def test_a_device_without_a_passkey_is_told_so_and_stays_outside(site, open_page):
    page = open_page()
    _with_authenticator(page)
    page.goto(f"{site.url}/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_selector("[role=alert]:visible")
    assert "/accounts/login" in page.url
    page.goto(f"{site.room}/")
    assert "/accounts/login" in page.url
