"""Connecting Okta: what may be typed, what a test says, and what the organisation is found to hold."""

from __future__ import annotations

import re

import pytest

from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError, Context
from evidence.collectors.okta.vendor import VENDOR, address
from sample.okta import Trouble
from tests.evidence.okta.conftest import world_on
from tests.evidence.okta.looking import Observer


def context_of(observer: Observer, **secret: str) -> Context:
    given = {"token": observer.world.token, **secret}
    return Context(config={}, secret=given, now=observer.world.clock.now, endpoint=observer.url, sleep=lambda _: None)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://acme.okta.com", "https://acme.okta.com"),
        ("acme.okta.com", "https://acme.okta.com"),
        ("  https://Acme-Admin.okta.com/admin/users ", "https://acme.okta.com"),
        ("https://acme-admin.oktapreview.com", "https://acme.oktapreview.com"),
        ("https://login.acme.example/", "https://login.acme.example"),
        ("http://acme.okta.com", "http://acme.okta.com"),
    ],
)
def test_the_address_is_taken_from_what_people_paste(typed: str, meant: str) -> None:
    assert address(typed) == meant


@pytest.mark.parametrize("typed", ["", "   ", "https://", "https://user:secret@acme.okta.com"])
def test_what_is_no_address_is_refused_before_anything_is_sent(typed: str) -> None:
    with pytest.raises(CollectionError) as refused:
        address(typed)
    assert refused.value.remedy


@pytest.mark.parametrize("typed", ["http://acme.okta.com", "https://127.0.0.1:8443", "https://169.254.169.254", "https://localhost"])
def test_the_token_is_not_sent_in_the_clear_nor_into_our_own_network(typed: str) -> None:
    results = VENDOR.test(Context(config={"org_url": typed}, secret={"token": "t"}, now=None, sleep=lambda _: None))  # type: ignore[arg-type]
    assert {result.allowed for result in results} == {False}
    assert all(result.remedy for result in results)


def test_each_permission_is_tried_by_itself(observer: Observer) -> None:
    results = VENDOR.test(context_of(observer))
    assert all(result.allowed for result in results)
    needed = {permission for kind in VENDOR.kinds for permission in kind.permissions}
    assert {result.permission for result in results} == needed
    assert set(re.findall(r"`(okta\.\w+\.read)`", VENDOR.setup)) == needed


def test_the_one_that_is_missing_is_named_with_what_to_grant(observer: Observer) -> None:
    observer.world.trouble = Trouble("403", on="/policies")
    refused = [result for result in VENDOR.test(context_of(observer)) if not result.allowed]
    assert [result.permission for result in refused] == ["okta.policies.read"]
    assert "Read-only Administrator" in refused[0].remedy
    assert "okta.policies.read" in refused[0].remedy


def test_a_missing_feature_is_told_from_a_missing_right(observer: Observer) -> None:
    observer.world.trouble = Trouble("no-feature", on="/devices")
    (refused,) = [result for result in VENDOR.test(context_of(observer)) if not result.allowed]
    assert refused.permission == "okta.devices.read"
    assert "does not have the feature" in refused.remedy


def test_a_refused_token_is_said_once_and_not_tried_fourteen_times(observer: Observer) -> None:
    results = VENDOR.test(context_of(observer, token="wrong"))
    assert {result.allowed for result in results} == {False}
    assert len(observer.world.wsgi.requests) == 1
    assert "credential was refused" in results[0].remedy


def test_a_missing_token_is_refused_without_a_call(observer: Observer) -> None:
    with pytest.raises(CollectionError) as refused:
        VENDOR.open(context_of(observer, token=" "))
    assert refused.value.reason is Reason.DENIED
    assert observer.world.wsgi.requests == []


def test_the_identity_is_the_owner_of_the_token(observer: Observer) -> None:
    context = context_of(observer)
    session = VENDOR.open(context)
    assert VENDOR.identity(session, context) == "svc-fieldwork@halyard.example"
    session.close()


def test_the_organisation_and_its_applications_are_discovered_but_not_okta_itself(observe) -> None:
    observer = observe(world_on(100))
    look = observer.look(["okta.org", "okta.apps"])
    found = VENDOR.discover({"okta.org": look.rows("okta.org"), "okta.apps": look.rows("okta.apps")})
    assert [(d.kind, d.name) for d in found][0] == ("identity_provider", "Okta: Halyard Payments")
    applications = {discovery.name for discovery in found if discovery.kind == "application"}
    assert "Slack" in applications
    assert not {"Okta Admin Console", "Okta Dashboard"} & applications
    assert all(discovery.external_id.startswith("okta:") for discovery in found)


def test_rows_without_an_id_discover_nothing() -> None:
    assert VENDOR.discover({"okta.org": [{}], "okta.apps": [{"status": "ACTIVE"}]}) == []


def test_token_and_key_are_secret_fields_and_the_address_is_not() -> None:
    assert {field.name: field.secret for field in VENDOR.fields} == {
        "org_url": False, "client_id": False, "private_key": True, "key_id": False, "token": True,
    }  # fmt: skip
