"""Testing a connection says which permission is missing, by the name that GitHub gives it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evidence.collectors.base import CollectionError, Context, FactKind
from evidence.collectors.github.vendor import VENDOR
from sample.github import GitHubWorld
from sample.github.trouble import Trouble

Connect = Callable[..., Context]


def test_every_permission_that_a_kind_needs_is_tried(connect: Connect) -> None:
    results = VENDOR.test(connect())
    assert {r.permission for r in results} == {p for kind in VENDOR.kinds for p in kind.permissions}
    assert all(r.allowed for r in results)


@pytest.mark.parametrize(
    ("path", "permission"),
    [
        ("/members", "Organization members: read"), ("/orgs/.*/actions", "Organization administration: read"),
        ("/personal-access-tokens", "Organization personal access tokens: read"),
        ("/dependabot/alerts", "Repository Dependabot alerts: read"),
        ("/code-scanning/alerts", "Repository code scanning alerts: read"),
        ("/secret-scanning/alerts", "Repository secret scanning alerts: read"),
        ("/protection", "Repository administration: read"), ("/commits$", "Repository contents: read"),
        ("/environments", "Repository actions: read"), ("/pulls", "Repository pull requests: read"),
        ("/check-runs", "Repository checks: read"), ("/status$", "Repository commit statuses: read"),
    ],
)  # fmt: skip
def test_the_missing_one_is_named(world: GitHubWorld, connect: Connect, path: str, permission: str) -> None:
    world.trouble = Trouble("403", path=path)
    refused = [r for r in VENDOR.test(connect()) if not r.allowed]
    assert [r.permission for r in refused] == [permission]
    assert permission in refused[0].remedy
    assert "Resource not accessible" in refused[0].message


def test_a_missing_plan_is_not_called_a_missing_permission(world: GitHubWorld, connect: Connect) -> None:
    world.trouble = Trouble("403-plan", path="/code-scanning/alerts")
    refused = next(r for r in VENDOR.test(connect()) if not r.allowed)
    assert "plan" in refused.remedy


@pytest.mark.parametrize(("kind", "said"), [("401", "Bad credentials"), ("500", "Server Error"), ("404", "Not Found")])
def test_where_nothing_answers_it_says_so_once(world: GitHubWorld, connect: Connect, kind: str, said: str) -> None:
    world.trouble = Trouble(kind)
    (only,) = VENDOR.test(connect())
    assert (only.permission, only.allowed) == ("Connection", False)
    assert said in only.message
    assert only.remedy


def test_a_form_without_its_fields_is_refused(connect: Connect) -> None:
    context = connect()
    context.config = {"organization": ""}
    assert not VENDOR.test(context)[0].allowed


@pytest.mark.parametrize("kind", VENDOR.kinds, ids=lambda kind: kind.id)
def test_a_collection_that_is_denied_names_the_permission_too(
    world: GitHubWorld, connect: Connect, kind: FactKind
) -> None:
    context = connect()
    session = VENDOR.open(context)
    world.trouble = Trouble("403")
    with pytest.raises(CollectionError) as caught:
        list(kind.collect(session, context))
    assert caught.value.permission == ", ".join(kind.permissions)
    session.close()


@pytest.mark.parametrize("typed", ["https://github.com/halyard-payments", "@halyard-payments", " halyard-payments/ "])
def test_the_organisation_is_read_from_what_people_type(connect: Connect, typed: str) -> None:
    context = connect()
    context.config = {"organization": typed}
    assert all(r.allowed for r in VENDOR.test(context))


@pytest.mark.parametrize("typed", ["acme/../../user", "a b", "acme?x=1", "..%2f"])
def test_what_is_no_login_never_reaches_a_path(connect: Connect, world: GitHubWorld, typed: str) -> None:
    context = connect()
    context.config = {"organization": typed}
    results = VENDOR.test(context)
    assert not results[0].allowed
    assert world.calls <= 1  # acme/../../user is read as "user", which this token may not see


def test_it_knows_as_whom_it_is_signed_in(connect: Connect, world: GitHubWorld) -> None:
    context = connect()
    session = VENDOR.open(context)
    assert VENDOR.identity(session, context) == world.owners[0]
    world.trouble = Trouble("403", path="/user")
    assert VENDOR.identity(session, context) == "GitHub App installed on halyard-payments"
    session.close()


def test_it_discovers_the_organisation_and_its_repositories(connect: Connect, world: GitHubWorld) -> None:
    from tests.evidence.github.judging import collected

    world.plant_all()
    found = collected(connect(), ["github.org", "github.repositories"])
    rows = {id: list(VENDOR.kind(id).rows(pages)) for id, (pages, _, _) in found.items()}
    discovered = VENDOR.discover(rows)
    assert len(discovered) == 41
    assert (discovered[0].kind, discovered[0].external_id) == ("code_host", "github:halyard-payments")
    assert "github:halyard-payments/pricing-experiment" in {d.external_id for d in discovered}


def test_no_leaked_secret_is_kept(connect: Connect, world: GitHubWorld) -> None:
    from tests.evidence.github.judging import collected

    world.plant_all()
    context = connect()
    asked = []
    context.log = asked.append
    pages, _, _ = collected(context, ["github.secret_scanning"])["github.secret_scanning"]
    assert asked[0].parameters["hide_secret"] == "true"
    assert pages[0].body
    assert all("secret" not in alert for page in pages for alert in page.body)
