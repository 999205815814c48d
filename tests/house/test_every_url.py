"""Every page against everyone: a stranger's room does not exist (404), a colleague without the right is refused (403),
who is not signed in is sent to sign in, who may gets an answer. A new URL that this file cannot name fails it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse

from compliance.access.roles import ROLES, Role
from compliance.people.models import Membership, User
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from tests.conftest import Person
from tests.house.neighbours import Neighbours, neighbours
from tests.house.opened import undone
from tests.house.world import World, furnish

#: kwarg of a URL (in a namespace, or anywhere) to the noun of tests/house/world.py.
NOUNS = {
    "membership": "membership", "invitation": "invitation", "token": "token", "system": "system", "worker": "worker",
    "programme": "programme", "demand": "demand", "budget_line": "budget_line", "requirement": "requirement",
    "framework": "framework", "control": "control", "mapping": "mapping",
    "artefact": "artefact", "version": "version", "connection": "connection", "run": "run", "gap": "gap", "report": "report",
    "pack": "pack", "evidence_requirement": "evidence_requirement", "seat": "seat", "audit": "audit", "request": "request",
    "link": "link", "incident": "incident", "change": "change", "review": "review", "review_action": "review_action",
    "step": "step", "own": "own", "rule": "rule", "brought": "brought",
    "party": "party", "party_report": "party_report", "nested": "nested", "bridge_letter": "bridge_letter",
    "expected": "expected", "own_cuec": "own_cuec", "commitment": "commitment",
    "dismissal": "dismissal", "service": "service", "flow": "flow", "scope_warning": "scope_warning", "check_list": "check_list",
    "compensation": "compensation", "saved_view": "saved_view",
    "exception": "exception", "own_check": "own_check",
    "control_review": "control_review", "delegation": "delegation",
    "population": "population", "population_version": "population_version", "population_draft": "population_draft",
    "mismatch": "mismatch",
    "upload": "upload", "lint_finding": "lint_finding",
    "campaign": "campaign", "account_list": "account_list", "account": "account", "ask": "ask",
}
SPECIAL: dict[tuple[str, str], str] = {
    ("applicability", "programme"): "iso_programme", ("applicability", "row"): "applicability_row",
    **{("registers", f"{verb}_{noun}/draft"): f"{noun}_draft" for verb in ("look", "apply", "discard") for noun in ("systems", "flows")},
    **{("controls", f"{verb}_controls/draft"): "controls_draft" for verb in ("look", "apply", "discard")},
    **{("connections", f"{verb}/connection"): "source" for verb in ("kind", "rows", "drop", "look_facts", "apply_facts", "discard_facts")},
    ("connections", "draft"): "dropped",
    ("evidence", "requirement"): "evidence_requirement", ("uploads", "requirement"): "evidence_requirement",
    ("audits", "seat/pk"): "seat", ("audits", "renew/pk"): "seat",
    ("audits", "revoke/pk"): "seat", ("audits", "unlink/pk"): "request_evidence", ("portal", "control/pk"): "control",
    ("portal", "version/pk"): "version", ("portal", "download/pk"): "version", ("portal", "proof/pk"): "version",
    ("portal", "proof_file/pk"): "version", ("portal", "population/pk"): "confirmed_version",
    ("portal", "population_rows/pk"): "confirmed_version",
    ("portal", "access_review/pk"): "settled_campaign", ("portal", "access_review_book/pk"): "settled_campaign",
    ("portal", "access_review_record/pk"): "settled_campaign", ("portal", "pack_download/pk"): "shared_pack",
}
WORDS = {("evidence", "page"): 1, ("uploads", "number"): 1, ("coverage", "ending"): "csv",
         ("registers", "table"): "register", ("scoping", "point"): "start", ("registers", "form"): "csv",
         ("controls", "ending"): "xlsx",
         ("descriptions", "key"): "DC1", ("descriptions", "number"): 1, ("descriptions", "ending"): "docx",
         ("applicability", "number"): 1, ("applicability", "ending"): "xlsx",
         ("audits", "name"): "review", ("checks", "check"): "github.org.2fa_required", ("connections", "vendor"): "github",
         ("connections", "kind"): "push.accounts",
         ("checks", "check_id"): "github.org.2fa_required", ("populations", "population_template"): "joiners"}
#: What is named by a number: the noun, and its field.
NUMBERED = {
    ("log", "index"): ("leaf", "index"), ("log", "size"): ("checkpoint", "size"), ("log", "old"): ("checkpoint", "size"),
}  # fmt: skip
REQUESTS = {"request", "change_request", "assign", "move", "link", "comment_internally", "comment_to_auditor"}


def _patterns(resolver: Any, route: str = "", namespace: str = "") -> Iterator[tuple[str, str, Any]]:
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern, route + str(pattern.pattern), pattern.namespace or namespace)
        else:
            yield route + str(pattern.pattern), namespace, pattern


def room_urls(prefix: str) -> list[tuple[str, Any]]:
    """(namespace, pattern) of every URL below a prefix."""
    return [(namespace, pattern) for route, namespace, pattern in _patterns(get_resolver()) if route.startswith(prefix)]


def entrance_urls() -> list[tuple[str, Any]]:
    """(namespace, pattern) of every URL outside of the rooms and the API that needs no secret of a mail, and no key's number."""
    found = [(route, namespace, pattern) for route, namespace, pattern in _patterns(get_resolver())]
    return [
        (namespace, pattern)
        for route, namespace, pattern in found
        if pattern.name and not route.startswith(("o/", "portal/", "api/v1/")) and "<" not in route
    ]


def address(namespace: str, pattern: Any, world: World, slug: str) -> str:
    """The address of a pattern with this world's objects; KeyError where nobody says what an argument names."""
    arguments: dict[str, Any] = {"organization": slug}
    for name in _arguments(pattern):
        if name != "organization":
            arguments[name] = _argument(namespace, pattern.name, name, world)
    if namespace == "portal":
        arguments["audit"] = world["audit"].pk
    return reverse(f"{namespace}:{pattern.name}", kwargs=arguments)


def _arguments(pattern: Any) -> list[str]:
    return list(pattern.pattern.converters)


def _argument(namespace: str, url_name: str, name: str, world: World) -> Any:
    if (namespace, name) in WORDS:
        return WORDS[namespace, name]
    if (namespace, name) in NUMBERED:
        numbered, field = NUMBERED[namespace, name]
        return getattr(world[numbered], field)
    noun = SPECIAL.get((namespace, f"{url_name}/{name}")) or SPECIAL.get((namespace, name))
    if noun is None and name == "pk" and namespace in {"audits", "portal"}:
        noun = "request" if namespace == "portal" or url_name in REQUESTS else "audit"
    return world[noun or NOUNS[name]].pk


def ask(client: Client, url: str) -> HttpResponse:
    """GET, or POST with nothing where only that is served; whatever it did is undone."""
    with transaction.atomic():
        response = client.get(url)
        if response.status_code == 405:
            response = client.post(url)
        transaction.set_rollback(True)
    return response


@pytest.fixture(scope="module")
def both(django_db_setup: None, django_db_blocker: Any) -> Iterator[Neighbours]:
    with neighbours(django_db_blocker, lambda organization, person, name: furnish(organization, person.membership, name)) as found:
        yield found


@pytest.fixture()
def acme(both: Neighbours) -> Iterator[Organization]:
    """Acme; what a test adds to it goes with the test."""
    with undone():
        yield both.acme


@pytest.fixture()
def mei(both: Neighbours) -> Person:
    return both.mei


@pytest.fixture()
def world(both: Neighbours) -> World:
    return both.world


@pytest.fixture()
def theirs(both: Neighbours) -> World:
    return both.theirs


def _colleague(acme: Any, role: Role) -> Client:
    user = User.objects.create_user(f"{role}@acme.example", None, name=role.label)
    with scope(acme):
        Membership.objects.create(user=user, role=role, name=role.label, email=user.email)
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_a_role_opens_what_it_may_and_nothing_else(role, acme, world):
    client, wrong = _colleague(acme, role), []
    for namespace, pattern in room_urls("o/"):
        needed = getattr(pattern.callback, "required_permissions", None)
        url = address(namespace, pattern, world, "acme")
        if needed is None:
            wrong.append(f"{url} is not guarded with @requires")
            continue
        held = ROLES[role] & set(needed)
        status = ask(client, url).status_code
        only_own = held and all(permission.value.endswith("-own") for permission in held)
        if not held and status != 403:
            wrong.append(f"{role} without the right got {status} from {url}")
        if held and status in {401, 404, 500} or (held and status == 403 and not only_own and ":link" not in url):
            wrong.append(f"{role} with the right got {status} from {url}")
    assert wrong == []


def test_who_is_not_signed_in_is_sent_to_sign_in(acme, world):
    client, wrong = Client(), []
    for prefix in ("o/", "portal/"):
        for namespace, pattern in room_urls(prefix):
            response = ask(client, address(namespace, pattern, world, "acme"))
            if response.status_code != 302 or "/accounts/login/" not in response["Location"]:
                wrong.append((namespace, pattern.name, response.status_code))
    assert wrong == []


def test_another_organisation_does_not_exist(acme, world, both):
    for who in (both.stranger, both.outsider):
        wrong, client = [], who.client
        for prefix in ("o/", "portal/"):
            for namespace, pattern in room_urls(prefix):
                status = ask(client, address(namespace, pattern, world, "acme")).status_code
                if status != 404:
                    wrong.append((namespace, pattern.name, status))
        assert wrong == []


def test_another_organisations_objects_do_not_exist_in_ones_own_room(acme, mei, world, theirs):
    """Every id of Borealis, asked for in Acme's own room by its manager."""
    client, wrong = mei.client, []
    for namespace, pattern in room_urls("o/"):
        names = set(_arguments(pattern)) - {"organization"}
        if not names or names & {name for (_, name) in WORDS} or names & {"framework"}:
            continue
        response = ask(client, address(namespace, pattern, theirs, "acme"))
        if response.status_code != 404 or b"borealis" in response.content.lower():
            wrong.append((namespace, pattern.name, response.status_code))
    assert wrong == []


def test_a_seat_opens_its_own_audit_and_nothing_else(acme, world, theirs):
    client, wrong = Client(), []
    client.force_login(world.seat_user)
    for namespace, pattern in room_urls("portal/"):
        status = ask(client, address(namespace, pattern, world, "acme")).status_code
        if status in {302, 403, 404, 500} and not (status == 302 and pattern.callback):
            wrong.append((pattern.name, status))
        if ask(client, address(namespace, pattern, theirs, "borealis")).status_code != 404:
            wrong.append((pattern.name, "theirs"))
    for namespace, pattern in room_urls("o/"):
        if ask(client, address(namespace, pattern, world, "acme")).status_code != 404:
            wrong.append((namespace, pattern.name, "a seat is no membership"))
    assert wrong == []


def test_a_member_has_no_seat(acme, mei, world):
    client = mei.client
    for namespace, pattern in room_urls("portal/"):
        assert ask(client, address(namespace, pattern, world, "acme")).status_code == 404, pattern.name
