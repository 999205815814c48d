"""Every row of a push can be seen: a page at a time, of each push, read from what is kept."""

from __future__ import annotations

import tracemalloc
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from evidence.collectors.models import Connection, Snapshot
from evidence.collectors.services.connect import create_connection
from evidence.collectors.services.push import Push, push_facts

pytestmark = pytest.mark.django_db
KIND = "push.accounts"


@pytest.fixture()
def source(acme, mei) -> Connection:
    with scope(acme):
        return create_connection(actor=mei.actor, vendor="push", name="Payroll", fields={"system": "Payroll"})


def push(acme: Any, mei: Any, source: Connection, number: int, minutes: int = 1, name: str = "user", **more: Any) -> None:
    said = Push(KIND, now() - timedelta(minutes=minutes), True, "push", "token test", "here")
    rows = ((each, {"login": f"{name}-{each:05d}", "active": each % 2 == 0} | more) for each in range(number))
    with scope(acme):
        push_facts(actor=mei.actor, member=mei.membership, connection=source, push=said, rows=rows)


def at(source: Connection, kind: str = KIND) -> str:
    return reverse("connections:rows", args=["acme", source.pk, kind])


def test_all_rows_are_seen_a_hundred_at_a_time(acme, mei, source):
    push(acme, mei, source, 1203)
    first = mei.client.get(at(source)).content.decode()
    assert "user-00000" in first
    assert "user-00099" in first
    assert "user-00100" not in first
    last = mei.client.get(at(source), {"from": 1200}).content.decode()
    assert [name in last for name in ("user-01199", "user-01200", "user-01202")] == [False, True, True]
    assert "rel=\"next\"" not in last
    assert mei.client.get(at(source), {"from": 1203}).status_code == 404


def test_what_was_left_out_reads_as_unknown_and_a_flag_as_a_word(acme, mei, source):
    push(acme, mei, source, 1, email="ada@acme.example")
    page = mei.client.get(at(source)).content.decode()
    assert "Active</span> <span class=\"mono\">yes" in page
    assert "Second factor</span> <span class=\"muted\">unknown" in page


def test_each_push_is_seen_by_its_number_and_the_source_leads_there(acme, mei, source):
    push(acme, mei, source, 2, minutes=9, name="before")
    push(acme, mei, source, 3, minutes=1, name="after")
    assert "after-00002" in mei.client.get(at(source)).content.decode()
    assert "before-00001" in mei.client.get(at(source), {"push": 1}).content.decode()
    assert mei.client.get(at(source), {"push": 7}).status_code == 404
    page = mei.client.get(reverse("connections:connection", args=["acme", source.pk])).content.decode()
    assert f"{at(source)}?push=1" in page


def test_the_facts_of_a_check_lead_to_all_of_them(acme, mei, source):
    push(acme, mei, source, 30)
    page = mei.client.get(reverse("checks:facts", args=["acme", "push.accounts.second_factor"])).content.decode()
    assert f"the first 25 of <a href=\"{at(source)}\">all 30" in page


def test_who_may_not_see_evidence_sees_no_row_and_a_stranger_no_page(acme, mei, noor, stranger, source):
    push(acme, mei, source, 1)
    assert noor.client.get(at(source)).status_code == 403
    assert stranger.client.get(at(source)).status_code == 404
    assert mei.client.get(at(source, "github.org")).status_code == 404


def test_memory_does_not_grow_with_the_list(acme, mei, source):
    """A late page of ten times as many rows holds hardly more: stored pages are read one after another."""
    peaks = []
    for minutes, number in ((9, 2_000), (1, 20_000)):
        push(acme, mei, source, number, minutes=minutes)
        with scope(acme):
            assert Snapshot.objects.order_by("-id").first().rows == number
        tracemalloc.start()
        assert mei.client.get(at(source), {"from": number - 50}).status_code == 200
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5 + 2**20, peaks
