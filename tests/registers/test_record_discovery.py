"""What a connection saw: unknown systems wait undecided, known ones are noted as seen again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.registers.events import system_discovered
from compliance.registers.models import Decision, Kind, System
from compliance.registers.services import decide_scope, record_discoveries, record_discovery
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from compliance.trail.models import Entry


def discover(**fields) -> System:
    seen = {
        "kind": "repository", "external_id": "github:acme/api", "name": "acme/api", "discovered_by": "GitHub",
        "detail": {"visibility": "private", "archived": False, "pushed_at": None},
    }  # fmt: skip
    return record_discovery(actor=SYSTEM, **seen | fields)


def test_a_new_one_waits_undecided(room):
    system = discover()
    assert (system.ref, system.decision, system.vendor) == ("SYS-001", Decision.UNDECIDED, "github")
    assert system.description == "Visibility: private. Archived: no."
    assert system.last_seen_at is not None


def test_seeing_it_again_changes_nothing_but_the_day(room):
    first = discover()
    System.objects.update(last_seen_at=now() - timedelta(days=3))
    again = discover(name="acme/renamed")
    assert (again.pk, again.name) == (first.pk, "acme/api")
    assert now() - again.last_seen_at < timedelta(minutes=1)
    assert System.objects.count() == 1
    assert Entry.objects.filter(action="registers.system.discovered").count() == 1


def test_a_decision_outlives_being_seen_again(room, mei):
    decide_scope(actor=mei.actor, system=discover(), decision="out", justification="Archived, holds no data.")
    assert discover().decision == Decision.OUT


def test_collectors_words_for_kinds_are_understood(room):
    account = discover(kind="account", external_id="222233334444", detail={"vendor": "aws", "environment": "staging"})
    assert (account.kind, account.vendor, account.environment) == (Kind.CLOUD_ACCOUNT, "aws", "staging")


def test_a_kind_that_nobody_knows_is_not_lost(room):
    assert discover(kind="mainframe").kind == Kind.OTHER


def test_references_are_given_without_gaps(room):
    refs = [discover(external_id=f"github:acme/{number}").ref for number in range(3)]
    discover(external_id="github:acme/1")
    assert refs == ["SYS-001", "SYS-002", "SYS-003"]
    assert discover(external_id="github:acme/9").ref == "SYS-004"


def test_each_room_has_its_own(acme, borealis):
    with scope(acme):
        discover()
    with scope(borealis):
        assert System.objects.count() == 0
        assert discover().ref == "SYS-001"


@pytest.fixture
def told():
    heard = []

    def hear(sender, **news):
        heard.append(news)

    system_discovered.connect(hear)
    yield heard
    system_discovered.disconnect(hear)


def test_the_floors_above_are_told_once(acme, told, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), scope(acme):
        system = discover()
        discover()
    assert [(news["organization_id"], news["system_id"]) for news in told] == [(acme.pk, system.pk)]


@dataclass(frozen=True)
class Seen:
    external_id: str
    kind: str = "repo"
    name: str = "acme/api"
    detail: dict[str, Any] = field(default_factory=dict)


def discover_all(*found: Seen) -> None:
    record_discoveries(actor=SYSTEM, discovered_by="GitHub", found=found)


def test_all_of_a_connection_are_entered_in_order_and_once(room):
    discover_all(Seen("github:acme/api"), Seen("github:acme/web"), Seen("github:acme/api", kind="repository"))
    assert list(System.objects.order_by("ref").values_list("ref", "external_id")) == [
        ("SYS-001", "github:acme/api"), ("SYS-002", "github:acme/web"),
    ]  # fmt: skip


def test_what_is_seen_again_is_only_noted_so_and_the_rest_stays_as_it_was(room):
    discover_all(Seen("github:acme/api"), Seen("github:acme/web"))
    long_ago = now() - timedelta(days=3)
    System.objects.update(last_seen_at=long_ago)
    discover_all(Seen("github:acme/api", name="acme/renamed"), Seen("github:acme/new"))
    seen = dict(System.objects.values_list("external_id", "last_seen_at"))
    assert seen.keys() == {"github:acme/api", "github:acme/web", "github:acme/new"}
    assert seen["github:acme/web"] == long_ago
    assert min(seen["github:acme/api"], seen["github:acme/new"]) > long_ago
    assert not System.objects.filter(name="acme/renamed").exists()
    assert Entry.objects.filter(action="registers.system.discovered").count() == 3


def test_the_same_identifier_of_another_kind_is_another_system(room):
    discover_all(Seen("42", kind="repo"))
    discover_all(Seen("42", kind="account"))
    assert System.objects.filter(external_id="42").count() == 2


def test_seeing_all_again_takes_as_many_queries_for_fifty_as_for_two(room, django_assert_num_queries):
    many = [Seen(f"github:acme/{number}") for number in range(50)]
    discover_all(*many)
    with CaptureQueriesContext(connection) as for_two:
        discover_all(*many[:2])
    with django_assert_num_queries(len(for_two)):
        discover_all(*many)
