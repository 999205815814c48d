"""Signing in as a GitHub App: its key signs, its token expires and is renewed, and what it was not granted is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from evidence.checks.base import Outcome, Reason, checks_of, in_sum, run
from evidence.collectors import tokens
from evidence.collectors.base import Call, CollectionError, Context, collect_all
from evidence.collectors.github import session
from evidence.collectors.github.app import App, faults
from evidence.collectors.github.granted import NAMES
from evidence.collectors.github.vendor import VENDOR
from sample.github import GitHubWorld
from sample.github.app import NEEDED, InstalledApp
from sample.github.trouble import Trouble
from sample.signatures import read
from tests.evidence.github.judging import collected, facts_of
from tests.evidence.keys import curve_key, jwk, pem, rsa_key
from tests.loopback import serve_open
from tests.specs import GITHUB, description, needs_specs

CONFIG = {"organization": "halyard-payments", "app_id": "700123", "installation_id": "5150001"}


@pytest.fixture
def connected(world: GitHubWorld, address: str) -> Callable[..., Context]:
    """A context of a connection that signs in as the app."""
    world.app = InstalledApp(rsa_key().public_key())

    def context(key: str = "", **config: str) -> Context:
        calls: list[Call] = []
        made = Context(
            config={**CONFIG, **config}, secret={"private_key": key or pem(rsa_key())}, now=world.clock.now,
            endpoint=address, sleep=lambda _: None, log=calls.append,
        )  # fmt: skip
        made.memo["calls"] = calls
        return made

    return context


def test_it_reads_with_one_token_and_says_as_whom(world: GitHubWorld, connected: Callable[..., Context]) -> None:
    context = connected()
    found = collected(context, ["github.org", "github.members", "github.repositories"])
    assert {reason for _, reason, _ in found.values()} == {None}
    assert world.app.exchanges == 1
    opened = VENDOR.open(connected())
    assert VENDOR.identity(opened, context) == "GitHub App 700123, installation 5150001 on halyard-payments"
    opened.close()


def test_neither_key_nor_token_is_in_the_log(connected: Callable[..., Context]) -> None:
    context = connected()
    collected(context, ["github.org"])
    calls = context.memo["calls"]
    assert [call.call for call in calls][0] == "POST /app/installations/5150001/access_tokens"
    assert "ghs_" not in repr(calls)
    assert "PRIVATE" not in repr(calls)


def test_the_signature_is_a_minute_old_and_ends_within_ten() -> None:
    context = Context(config=CONFIG, secret={"private_key": pem(rsa_key())}, now=None, endpoint="http://127.0.0.1:9")  # type: ignore[arg-type]
    app = App(context, "http://127.0.0.1:9", {}, 1.0)
    _, claims = read(app.assertion(now=1_000_000), rsa_key().public_key())
    assert claims == {"iss": 700123, "iat": 1_000_000 - 60, "exp": 1_000_000 + 540}
    app.close()


def test_a_token_that_ends_in_the_middle_of_a_run_is_renewed(
    world: GitHubWorld, connected: Callable[..., Context], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "NEW", 0.0)
    context = connected()
    opened = VENDOR.open(context)
    assert list(VENDOR.kind("github.org").collect(opened, context))
    world.app.tokens.clear()  # GitHub ends it before its time: a change of the installation's permissions does
    assert list(VENDOR.kind("github.members").collect(opened, context))
    assert world.app.exchanges == 2
    opened.close()


def test_a_token_that_is_about_to_end_is_not_used(world: GitHubWorld, connected: Callable[..., Context]) -> None:
    world.app.seconds = 0.0  # a minute is the least that is believed: it ends by the clock of this side
    opened = VENDOR.open(connected())
    opened.app.credential._until = 0.0
    opened.app.credential._since = 0.0
    world.app.seconds = 3600.0
    assert opened.body("/orgs/halyard-payments")
    assert world.app.exchanges == 2
    opened.close()


def test_a_401_with_a_new_token_is_refused_after_one_renewal(
    world: GitHubWorld, connected: Callable[..., Context], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "NEW", 0.0)
    context = connected()
    opened = VENDOR.open(context)
    world.trouble = Trouble("401", path="^/orgs")
    with pytest.raises(CollectionError) as refused:
        opened.body("/orgs/halyard-payments")
    assert (refused.value.reason, refused.value.status) == (Reason.DENIED, 401)
    assert (world.app.exchanges, len(world.trouble.seen)) == (2, 2)
    opened.close()


TROUBLE = {
    "401": Reason.DENIED, "403": Reason.DENIED, "403-limit": Reason.RATE_LIMITED, "404": Reason.DENIED,
    "429": Reason.RATE_LIMITED, "429-retry-after": Reason.RATE_LIMITED, "500": Reason.UNREACHABLE,
    "502": Reason.UNREACHABLE, "timeout": Reason.UNREACHABLE, "truncated": Reason.MALFORMED,
    "not-json": Reason.MALFORMED, "null": Reason.MALFORMED, "nulls": Reason.MALFORMED, "redirect": Reason.MALFORMED,
}  # fmt: skip


@pytest.mark.parametrize("trouble", TROUBLE)
def test_no_token_means_that_nothing_is_known_and_nothing_passes(
    world: GitHubWorld, connected: Callable[..., Context], trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if trouble == "timeout":
        monkeypatch.setattr(session, "TIMEOUT", 0.1)
    world.trouble = Trouble(trouble, path="access_tokens", seconds=900 if trouble == "429-retry-after" else 0.3)
    found = collect_all(VENDOR, connected())
    assert {reason for _, reason, _ in found.values()} == {TROUBLE[trouble]}
    facts = facts_of(world, found)
    assert {in_sum(run(check, facts)) for check in checks_of("github")} == {Outcome.UNKNOWN}
    (only,) = VENDOR.test(connected())
    assert (only.permission, only.allowed) == ("Connection", False)
    assert only.remedy


def test_a_next_page_on_another_host_gets_no_token_of_the_app(world: GitHubWorld, connected: Callable[..., Context]) -> None:
    context = connected()
    opened = VENDOR.open(context)
    world.trouble = Trouble("other-host", path="/members")
    with pytest.raises(CollectionError) as refused:
        list(VENDOR.kind("github.members").collect(opened, context))
    assert refused.value.reason is Reason.MALFORMED
    opened.close()


def test_everything_that_is_granted_is_tried(connected: Callable[..., Context]) -> None:
    results = VENDOR.test(connected())
    assert all(result.allowed for result in results), results
    assert set(NAMES.values()) == set(NEEDED)


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_a_permission_that_the_installation_lacks_is_named(world: GitHubWorld, connected: Callable[..., Context], name: str) -> None:
    del world.app.permissions[name]
    refused = [result for result in VENDOR.test(connected()) if not result.allowed]
    assert {NAMES[result.permission] for result in refused} == {name}
    assert all(result.permission in result.remedy for result in refused)


def test_chosen_repositories_and_rights_to_write_are_said(world: GitHubWorld, connected: Callable[..., Context]) -> None:
    world.app.selection = "selected"
    world.app.permissions["contents"] = "write"
    told = {result.permission: result for result in VENDOR.test(connected())}
    assert not told["All repositories"].allowed
    assert "contents" in told["Nothing but reading"].message


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"suspended": True}, "suspended"), ({"number": 1}, "no such installation"), ({"id": 9}, "app's number"),
        ({"key": rsa_key(1).public_key()}, "belongs to this app"), ({"account": "another-org"}, "organisation of this installation"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_app_is_said_plainly(
    world: GitHubWorld, connected: Callable[..., Context], change: dict[str, Any], said: str
) -> None:
    for field, value in change.items():
        setattr(world.app, field, value)
    (only,) = VENDOR.test(connected())
    assert not only.allowed
    assert said in only.remedy


@pytest.mark.parametrize(
    ("config", "key", "field"),
    [
        ({"app_id": "x y"}, "", "app_id"), ({"installation_id": "12/../7"}, "", "installation_id"),
        ({"installation_id": ""}, "", "installation_id"), ({}, "no key", "private_key"), ({}, pem(curve_key()), "private_key"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_right_is_named_and_nothing_is_sent(
    world: GitHubWorld, connected: Callable[..., Context], config: dict[str, str], key: str, field: str
) -> None:
    context = connected(key, **config)
    assert list(faults(context.config, context.secret)) == [field]
    assert not VENDOR.test(context)[0].allowed
    assert world.calls == 0


def test_a_client_id_and_a_jwk_do_as_well(world: GitHubWorld, connected: Callable[..., Context]) -> None:
    world.app.id = "Iv23liSampleClient"
    assert all(r.allowed for r in VENDOR.test(connected(jwk(rsa_key()), app_id="Iv23liSampleClient")))


def test_a_connection_needs_one_of_the_two() -> None:
    assert list(VENDOR.faults({"organization": "acme"}, {})) == ["token"]
    assert VENDOR.faults({"organization": "acme"}, {"token": "t"}) == {}


@needs_specs
@pytest.mark.specs
def test_the_sample_answers_an_app_as_github_describes_it(world: GitHubWorld, connected: Callable[..., Context]) -> None:
    judge, seen = description(GITHUB), {}

    def listening(environ: Any, start_response: Any) -> Any:
        status: list[str] = []

        def start(line: str, headers: Any) -> Any:
            status.append(line)
            return start_response(line, headers)

        body = b"".join(world.wsgi(environ, start))
        if environ["PATH_INFO"].startswith("/app/"):
            seen[environ["REQUEST_METHOD"].lower(), environ["PATH_INFO"], int(status[0][:3])] = json.loads(body)
        return [body]

    with serve_open(listening) as address:
        context = connected()
        context.endpoint = address
        VENDOR.test(context)
    assert {(method, status) for method, _, status in seen} == {("post", 201), ("get", 200)}
    complaints = [c for (method, path, status), body in seen.items() for c in judge.complaints(method, path, status, body)]
    assert complaints == []

