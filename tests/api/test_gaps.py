"""The gap register over the API: by rank, filtered, owned, due, overridden, and never closed by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from gaps.models import Gap, GapControl, Occurrence
from tests.api.test_pages_of_lists import follow
from tests.api.test_read_and_write import problem
from tests.api.world import furnished


def add(rank: int | None, **fields) -> Gap:
    number = Gap.objects.count() + 1
    values = {"state": "closed" if rank is None else "open", "severity": "minor", "area": "CC6"} | fields
    return Gap.objects.create(
        ref=f"GAP-{number:03}", rule="check.fails", subject=f"s{number}", title=f"Gap {rank}", cause="It fails.", rank=rank, **values
    )


@pytest.fixture()
def register(acme, room) -> None:
    for rank in (3, 1, None, 2, None, 4):
        add(rank)


def ranks(caller, query: str) -> list[int | None]:
    return [row["rank"] for row in caller.get(f"gaps/?{query}").json()["results"]]


def test_what_fails_an_audit_first_comes_first(caller, register):
    assert ranks(caller, "ordering=rank") == [1, 2, 3, 4, None, None]
    assert ranks(caller, "ordering=rank&open=true") == [1, 2, 3, 4]
    assert ranks(caller, "ordering=-rank&open=true") == [4, 3, 2, 1]


def test_ranks_are_paged_with_nothing_lost_where_there_are_none(caller, register):
    pages = follow(caller, "/api/v1/gaps/?ordering=rank&page_size=1")
    assert [row["rank"] for page in pages for row in page] == [1, 2, 3, 4, None, None]
    assert len({row["id"] for page in pages for row in page}) == 6


def test_it_is_filtered(caller, acme, room, mei):
    add(1, severity="critical", owner=mei.membership, criteria=["CC6.1"])
    add(2, severity="critical", severity_override="minor", override_reason="x", due_date=today())
    add(3, area="CC7", state="in_progress")
    assert ranks(caller, "severity=critical") == [1]
    assert ranks(caller, "severity=minor&ordering=rank") == [2, 3]
    assert ranks(caller, "state=in_progress") == [3]
    assert ranks(caller, "area=CC7") == [3]
    assert ranks(caller, "criterion=CC6.1") == [1]
    assert ranks(caller, f"owner={mei.membership.pk}") == [1]
    assert ranks(caller, "unowned=true&ordering=rank") == [2, 3]
    assert ranks(caller, f"due_before={today() + timedelta(days=1)}") == [2]


def test_a_control_finds_the_gaps_that_bear_on_it(caller, acme, mei):
    world = furnished(acme, mei, "acme")
    with scope(acme):
        other = add(2)
        GapControl.objects.create(gap=other, control=world["control"])
    assert sorted(ranks(caller, f"control={world['control'].pk}")) == [1, 2]


@pytest.fixture()
def gap(acme, mei) -> Gap:
    return furnished(acme, mei, "acme")["gap"]


def test_somebody_is_named_and_a_day(caller, acme, jonas, gap):
    day = (today("Europe/Lisbon") + timedelta(days=9)).isoformat()
    changed = caller.patch(f"gaps/{gap.pk}/", {"owner": str(jonas.membership.pk), "due_date": day}).json()
    assert (changed["owner"]["name"], changed["due_date"], changed["due_set_by_hand"]) == ("Jonas Lindqvist", day, True)
    with scope(acme):
        actions = set(Entry.objects.filter(actor_label="Token test").values_list("action", flat=True))
    assert {"gaps.gap.assigned", "gaps.gap.due_date_set"} <= actions


def test_another_severity_needs_a_reason_and_keeps_the_computed_one(caller, gap):
    assert set(problem(caller.patch(f"gaps/{gap.pk}/", {"severity_override": "minor"}), 400)["errors"]) == {"reason"}
    problem(caller.patch(f"gaps/{gap.pk}/", {"override_reason": "x"}), 400)
    body = {"severity_override": "minor", "override_reason": "A test account."}
    changed = caller.patch(f"gaps/{gap.pk}/", body).json()
    assert (changed["severity"], changed["severity_in_force"]) == ("critical", "minor")
    lifted = caller.patch(f"gaps/{gap.pk}/", {"severity_override": ""}).json()
    assert (lifted["severity_override"], lifted["severity_in_force"]) == ("", "critical")


def test_half_a_change_is_none(caller, acme, jonas, gap):
    """The owner is well and the day has passed: neither is written."""
    problem(caller.patch(f"gaps/{gap.pk}/", {"owner": str(jonas.membership.pk), "due_date": "2020-01-01"}), 400)
    with scope(acme):
        assert Gap.objects.get(pk=gap.pk).owner_id == gap.owner_id


def test_work_begins_once(caller, gap):
    assert caller.post(f"gaps/{gap.pk}/start/").json()["state"] == "in_progress"
    problem(caller.post(f"gaps/{gap.pk}/start/"), 409)


@pytest.mark.parametrize("body", [{"state": "closed"}, {"rank": 1}, {"severity": "minor"}, {"closed_at": None}])
def test_nobody_closes_one(caller, gap, body):
    problem(caller.patch(f"gaps/{gap.pk}/", body), 400)


def test_every_resource_is_named(caller, acme, gap):
    with scope(acme):
        Occurrence.objects.create(gap=gap, resource="arn:gone", gone_at=gap.opened_at)
    assert len(caller.get(f"gaps/{gap.pk}/occurrences/").json()["results"]) == 2
    assert [row["resource"] for row in caller.get(f"gaps/{gap.pk}/occurrences/?gone=true").json()["results"]] == ["arn:gone"]
