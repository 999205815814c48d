"""My work: what waits for whoever asks, the most harmful first, and how much of it stands in the index."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from controls.models import Control
from evidence.models import EvidenceRequirement

PAGE = "/o/acme/work/"


def _ask(acme, owner, number, freshness):
    with scope(acme):
        control, _ = Control.objects.get_or_create(
            ref="AC-01", defaults={"title": "Reviews", "statement": "…", "owner": owner.membership, "implementation": "implemented"}
        )
        EvidenceRequirement.objects.create(
            ref=f"EVR-{number:03}", key=f"list-{number}", control=control, title=f"List {number}", freshness=freshness,
            cadence="annual", source="person",
        )


@pytest.mark.parametrize("who", ["ada", "mei", "jonas", "femi", "noor"])
def test_everyone_has_a_page_and_is_told_when_nothing_waits(who, acme, request):
    response = request.getfixturevalue(who).client.get(PAGE)
    assert response.status_code == 200
    assert "Nothing waits for you" in response.content.decode()


def test_the_most_harmful_comes_first(acme, jonas):
    _ask(acme, jonas, 1, "due_soon")
    _ask(acme, jonas, 2, "missing")
    _ask(acme, jonas, 3, "stale")
    html = jonas.client.get(PAGE).content.decode()
    assert re.findall(r"<h3>Bring evidence: (List \d)", html) == ["List 2", "List 3", "List 1"]
    assert "3 things wait for you" in html


def test_each_leads_to_where_it_is_done(acme, jonas):
    _ask(acme, jonas, 1, "missing")
    html = jonas.client.get(PAGE).content.decode()
    url = re.search(r'<a class="btn primary" href="([^"]+)">Open', html).group(1)
    assert jonas.client.get(url).status_code == 200


def test_a_colleague_does_not_have_my_work(acme, jonas, priya):
    _ask(acme, jonas, 1, "missing")
    assert "Nothing waits for you" in priya.client.get(PAGE).content.decode()


def test_the_index_says_how_much_waits(acme, jonas):
    cache.clear()
    _ask(acme, jonas, 1, "missing")
    html = jonas.client.get("/o/acme/controls/").content.decode()
    assert re.search(r'My work <span class="count">1</span>', html)


def test_the_page_renews_the_number_in_the_index(acme, jonas):
    cache.clear()
    jonas.client.get("/o/acme/controls/")
    _ask(acme, jonas, 1, "missing")
    assert re.search(r'aria-current="page">My work <span class="count">1</span>', jonas.client.get(PAGE).content.decode())


def test_only_the_page_in_hand_is_current(acme, jonas):
    for page, label in ((PAGE, "My work"), ("/o/acme/", "Dashboard")):
        html = jonas.client.get(page).content.decode().split('<nav class="nav"')[1].split("</nav>")[0]
        assert re.findall(r'aria-current="page">([\w ]+?)\s*<', html) == [label]


def test_how_far_off_a_date_is_reads_as_people_say_it():
    from audits.readiness.wording import days_left, due_state

    day = today()
    said = [days_left(day + timedelta(days=off), day) for off in (-2, -1, 0, 1, 5)]
    assert said == ["2 days late", "1 day late", "Today", "Tomorrow", "In 5 days"]
    assert [due_state(day + timedelta(days=off), day) for off in (-1, 0, 7, 8)] == ["overdue", "due_soon", "due_soon", "to_come"]
    assert days_left(None, day) == "No date agreed"
