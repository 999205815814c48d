"""Signing in to Okta as a service app: the assertion, the scopes, the token's life, and what each refusal says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from evidence.checks.base import Outcome, Reason
from evidence.collectors import tokens
from evidence.collectors.base import Call, CollectionError, Context, collect_all
from evidence.collectors.okta.app import PATH
from evidence.collectors.okta.vendor import VENDOR
from sample.okta import OktaWorld, Trouble
from sample.okta.service_app import SCOPES, ServiceApp
from tests.evidence.keys import curve_key, jwk, pem, rsa_key
from tests.evidence.okta.looking import IMPATIENT, Look, Observer, judged, those


@pytest.fixture
def connected(observer: Observer) -> Callable[..., Context]:
    """A context of a connection that signs in as the app."""
    observer.world.app = ServiceApp(rsa_key().public_key())

    def context(key: str = "", **config: str) -> Context:
        calls: list[Call] = []
        made = Context(
            config={"client_id": "0oaSampleServiceApp", **config}, secret={"private_key": key or pem(rsa_key())},
            now=observer.world.clock.now, endpoint=observer.url, sleep=lambda _: None, log=calls.append,
        )  # fmt: skip
        made.memo["calls"] = calls
        return made

    return context


@pytest.fixture
def app(observer: Observer, connected: Any) -> ServiceApp:
    found: OktaWorld = observer.world
    assert found.app is not None
    return found.app


def test_everything_is_read_with_one_token(connected: Callable[..., Context], app: ServiceApp) -> None:
    context = connected()
    found = collect_all(VENDOR, context)
    assert {kind: reason for kind, (_, reason, _) in found.items() if reason is not None} == {}
    assert app.exchanges == 1
    calls = context.memo["calls"]
    assert calls[0].call == f"POST {PATH}"
    assert not any(word in repr(calls) for word in ("eySample", "eyJ", "PRIVATE"))


def test_the_identity_is_the_app(connected: Callable[..., Context]) -> None:
    opened = VENDOR.open(connected())
    assert VENDOR.identity(opened, connected()) == "service app 0oaSampleServiceApp"
    opened.close()


@pytest.mark.parametrize("key", [pem(rsa_key()), jwk(rsa_key(), "k1"), pem(curve_key()), jwk(curve_key())])
def test_every_form_of_key_signs_in(connected: Callable[..., Context], app: ServiceApp, key: str) -> None:
    app.key = (curve_key() if key in (pem(curve_key()), jwk(curve_key())) else rsa_key()).public_key()
    assert all(result.allowed for result in VENDOR.test(connected(key)))


def test_the_key_id_of_the_form_is_sent(connected: Callable[..., Context], app: ServiceApp) -> None:
    app.kid = "kid-of-the-app"
    assert not VENDOR.test(connected())[0].allowed
    assert all(result.allowed for result in VENDOR.test(connected(key_id="kid-of-the-app")))
    assert all(result.allowed for result in VENDOR.test(connected(jwk(rsa_key(), "kid-of-the-app"))))


def test_a_scope_that_was_not_granted_costs_its_own_facts_alone(connected: Callable[..., Context], app: ServiceApp) -> None:
    app.scopes.discard("okta.networkZones.read")
    found = collect_all(VENDOR, connected())
    assert {kind: reason for kind, (_, reason, _) in found.items() if reason} == {"okta.zones": Reason.DENIED}
    context = connected()
    opened = VENDOR.open(context)
    with pytest.raises(CollectionError) as denied:
        list(VENDOR.kind("okta.zones").collect(opened, context))
    assert denied.value.permission == "okta.networkZones.read"
    assert "Okta API Scopes" in denied.value.remedy
    opened.close()
    (refused,) = [result for result in VENDOR.test(connected()) if not result.allowed]
    assert refused.permission == "okta.networkZones.read"
    assert "Okta API Scopes" in refused.remedy
    assert "okta.networkZones.read" in refused.remedy


def test_each_scope_is_asked_for_alone_once_and_not_at_every_renewal(
    connected: Callable[..., Context], app: ServiceApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "NEW", 0.0)
    app.scopes.discard("okta.devices.read")
    context = connected()
    opened = VENDOR.open(context)
    first = app.exchanges
    assert first == 1 + len(SCOPES) + 1
    app.tokens.clear()
    opened.get("/api/v1/org")
    assert app.exchanges == first + 1
    opened.close()


def test_a_token_that_ends_in_the_middle_of_many_calls_is_renewed_once(
    connected: Callable[..., Context], app: ServiceApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "NEW", 0.0)
    context = connected()
    opened = VENDOR.open(context)
    list(VENDOR.kind("okta.users").collect(opened, context))
    app.tokens.clear()
    pages = list(VENDOR.kind("okta.factors").collect(opened, context))
    assert pages
    assert not any("error" in entry for page in pages for entry in page.body)
    assert app.exchanges <= 1 + 8  # eight threads may each have met the old one; in practice one renews for all
    opened.close()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": rsa_key(1).public_key()}, "public half"), ({"client_id": "another"}, "client ID"),
        ({"dpop": True}, "Proof of Possession"), ({"scopes": set()}, "Okta API Scopes"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_app_is_said_plainly(
    connected: Callable[..., Context], app: ServiceApp, change: dict[str, Any], said: str
) -> None:
    for field, value in change.items():
        setattr(app, field, value)
    results = VENDOR.test(connected())
    assert {result.allowed for result in results} == {False}
    assert {said in result.remedy for result in results} == {True}
    found = collect_all(VENDOR, connected(), ["okta.org"])
    assert found["okta.org"][1] is Reason.DENIED


@pytest.mark.parametrize("code", ["invalid_client", "invalid_scope"])
def test_the_vendors_own_code_is_kept(connected: Callable[..., Context], app: ServiceApp, code: str) -> None:
    if code == "invalid_client":
        app.client_id = "another"
    else:
        app.scopes.clear()
    with pytest.raises(CollectionError) as refused:
        VENDOR.open(connected())
    assert code in refused.value.message


MATRIX = {
    "401": (Trouble("401"), Reason.DENIED), "403": (Trouble("403"), Reason.DENIED), "404": (Trouble("404"), Reason.DENIED),
    "429": (Trouble("429"), Reason.RATE_LIMITED), "429-retry-after": (Trouble("429", retry_after=900), Reason.RATE_LIMITED),
    "500": (Trouble("500"), Reason.UNREACHABLE), "timeout": (Trouble("timeout", seconds=0.5), Reason.UNREACHABLE),
    "truncated": (Trouble("truncated"), Reason.MALFORMED), "nulls": (Trouble("nulls"), Reason.MALFORMED),
}  # fmt: skip


@pytest.mark.parametrize("what", MATRIX)
def test_no_token_means_that_nothing_is_known_and_nothing_passes(
    observer: Observer, connected: Callable[..., Context], what: str
) -> None:
    trouble, expected = MATRIX[what]
    observer.world.trouble = replace(trouble, on=PATH, met=[])
    vendor = IMPATIENT if what == "timeout" else VENDOR
    context = connected()
    found = collect_all(vendor, context)
    assert {reason for _, reason, _ in found.values()} == {expected}
    facts = observer.facts(Look(found, context, [], []))
    assert {finding.outcome for findings in judged(facts).values() for finding in findings} == {Outcome.UNKNOWN}
    assert those(judged(facts), Outcome.PASS) == set()


def test_a_key_that_is_none_is_refused_without_a_call(observer: Observer, connected: Callable[..., Context]) -> None:
    results = VENDOR.test(connected("no key"))
    assert {result.allowed for result in results} == {False}
    assert observer.world.wsgi.requests == []


def test_a_connection_needs_one_of_the_two() -> None:
    assert list(VENDOR.faults({"org_url": "x"}, {})) == ["token"]
    assert list(VENDOR.faults({"client_id": "0oa"}, {"private_key": "x"})) == ["private_key"]
    assert VENDOR.faults({"client_id": "0oa"}, {"private_key": pem(rsa_key())}) == {}
    assert VENDOR.faults({}, {"token": "t"}) == {}
