"""The audit trail on its page: who, what, when, from what to what; narrowed, paged, and held back where it must be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.tenancy.rooms import scope
from compliance.trail import visibility
from compliance.trail.actors import Actor, ActorKind
from compliance.trail.models import Entry
from compliance.trail.services import record
from compliance.trail.wording import changes_of, deed, in_words


def write(person, action="people.membership.changed", **fields):
    target = fields.pop("target", person.membership)
    return record(actor=fields.pop("actor", person.actor), action=action, target=target, **fields)


def page_of(person, query=""):
    return person.client.get(f"/o/acme/trail/{query}").content.decode()


def test_it_shows_who_did_what_from_what_to_what(acme, mei, jonas):
    with scope(acme):
        write(mei, target=jonas.membership, before={"role": "employee"}, after={"role": "control_owner"})
    page = page_of(mei)
    assert "Mei-Ling Chu" in page
    assert "Membership changed" in page
    assert "Jonas Lindqvist" in page
    assert '<span class="muted">employee</span> → control_owner' in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?who=jonas", ["b"]), ("?action=people.token", ["b"]), ("?about=femi", ["c"]), ("?who=nobody", []),
        ("?since=2026-03-02", ["b", "c"]), ("?until=2026-03-01", ["a"]), ("?since=2026-03-02&until=2026-03-02", ["b"]),
    ],
)  # fmt: skip
def test_it_is_narrowed_by_person_action_target_and_days(acme, mei, jonas, femi, query, shown):
    days = (("a", 1, mei, mei), ("b", 2, jonas, mei), ("c", 3, mei, femi))
    for word, number, person, about in days:
        with time_machine.travel(datetime(2026, 3, number, 12, tzinfo=UTC)), scope(acme):
            action = "people.token.created" if word == "b" else "people.membership.changed"
            write(person, action, target=about.membership, after={"note": f"entry-{word}"})
    page = page_of(mei, query)
    assert [word for word in "abc" if f"entry-{word}" in page] == shown
    if not shown:
        assert "Nothing in the trail matches" in page


def test_a_day_is_one_of_the_organisations_time_zone(acme, mei):
    with time_machine.travel(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)), scope(acme):
        write(mei, after={"note": "after midnight in Lisbon"})
    assert "after midnight" in page_of(mei, "?since=2026-07-01")
    assert "after midnight" not in page_of(mei, "?until=2026-06-30")


def test_one_thing_can_be_followed(acme, mei, jonas):
    with scope(acme):
        write(mei, after={"note": "of mei"})
        write(mei, target=jonas.membership, after={"note": "of jonas"})
    page = page_of(mei, f"?target={jonas.membership.pk}")
    assert "of jonas" in page
    assert "of mei" not in page


def test_a_day_that_is_none_is_said_and_nothing_breaks(acme, mei):
    assert "A day could not be read" in page_of(mei, "?since=yesterday")


def test_it_is_paged_by_key_with_flat_queries(acme, mei):
    with scope(acme):
        for number in range(60):
            write(mei, after={"note": f"number-{number:02}"})
    with CaptureQueriesContext(connection) as queries:
        first = mei.client.get("/o/acme/trail/")
    assert not any("COUNT(" in query["sql"].upper() and "TRAIL_ENTRY" in query["sql"].upper() for query in queries)
    assert "number-59" in first.content.decode()
    assert "number-09" not in first.content.decode()
    second = page_of(mei, f"?cursor={first.context['page'].next_cursor}")
    assert "number-09" in second
    assert "number-59" not in second


def test_what_a_floor_above_holds_back_is_not_shown(acme, mei):
    auditor = Actor(ActorKind.AUDITOR, "R. Okafor, Corbel & Lyne LLP")
    with scope(acme):
        write(mei, "audits.evidence.opened", actor=auditor, after={"note": "item level"})
        write(mei, "audits.portal.entered", actor=auditor, after={"note": "a sign-in"})
    visibility.register(lambda entries: entries.exclude(action="audits.evidence.opened"))
    try:
        page = page_of(mei)
    finally:
        visibility._restrictions.pop()
    assert "a sign-in" in page
    assert "item level" not in page


@pytest.mark.parametrize(("who", "status"), [("ada", 200), ("femi", 200), ("jonas", 403), ("noor", 403)])
def test_who_may_read_it(acme, who, status, request):
    assert request.getfixturevalue(who).client.get("/o/acme/trail/").status_code == status


def test_another_organisation_sees_nothing(acme, mei, stranger):
    with scope(acme):
        entry = write(mei, after={"note": "only acme knows"})
    assert stranger.client.get("/o/acme/trail/").status_code == 404
    assert b"only acme knows" not in stranger.client.get(f"/o/borealis/trail/?target={entry.target_id}").content


def test_an_action_reads_as_a_deed():
    assert deed("registers.system.decided") == "System decided"
    assert deed("people.organization.created") == "Organisation created"


def test_values_read_as_words():
    assert in_words([]) == in_words(None) == in_words("") == "none"
    assert in_words(True) == "yes"
    assert in_words(["a", "b"]) == "a, b"
    assert in_words("2026-11-30T10:05:00Z") == "30 Nov 2026, 10:05 UTC"
    assert in_words("2026-99-99T10:05:00Z") == "2026-99-99T10:05:00Z"
    assert in_words({"name": ["Ana", "Ana S."], "id": "w1"}) == "Name Ana → Ana S.; Id w1"


def test_what_was_nothing_and_is_nothing_is_left_out():
    entry = Entry(before={"owner": None, "role": "a"}, after={"owner": None, "role": "b", "title": ""})
    assert [(change.name, change.before, change.after) for change in changes_of(entry)] == [("Role", "a", "b")]
