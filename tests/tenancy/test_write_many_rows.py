"""Many rows by one statement: every kind of value comes back as it went in, and nothing else is touched."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from compliance.registers.models import Worker
from compliance.tenancy.rooms import scope
from compliance.tenancy.writing import update_rows
from gaps.models import Gap
from tests.factories.gaps import make_gap

WRITTEN = (
    "title",
    "severity",
    "points",
    "rank",
    "reasons",
    "criteria",
    "owner",
    "due_date",
    "due_set_by_hand",
    "closed_at",
    "facts_at",
)


def test_every_kind_of_value_comes_back_as_it_went_in(room, mei):
    first, second = make_gap(), make_gap()
    first.title, first.points, first.rank = "It's 100 % of “them”", 12.5, None
    first.reasons, first.criteria, first.owner = ["one", 'two: "three"'], [], None
    first.closed_at, first.due_date, first.due_set_by_hand = (
        datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
        date(2026, 4, 1),
        True,
    )
    second.points, second.rank, second.owner, second.criteria = 3.0, 7, mei.membership, ["CC6.1", "CC6.2"]
    second.closed_at, second.due_date = None, None
    update_rows([first, second], WRITTEN)
    for gap in (first, second):
        stored = Gap.objects.get(pk=gap.pk)
        assert {name: getattr(stored, name) for name in WRITTEN} == {name: getattr(gap, name) for name in WRITTEN}


def test_fields_that_are_not_named_stay(room):
    gap = make_gap()
    before = gap.title
    gap.title, gap.points = "Another", 9.0
    update_rows([gap], ["points"])
    gap.refresh_from_db()
    assert (gap.title, gap.points) == (before, 9.0)


def test_rows_that_are_not_given_stay(room):
    kept, changed = make_gap(), make_gap()
    changed.rank = 41
    update_rows([changed], ["rank"])
    kept.refresh_from_db()
    assert kept.rank != 41


def test_nothing_to_write_asks_nothing(room):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        update_rows([], ["rank"])
    assert len(asked) == 0


def test_what_is_too_long_is_refused_and_not_cut(room):
    gap = make_gap()
    gap.title = "x" * 301
    with pytest.raises(DataError), transaction.atomic():
        update_rows([gap], ["title"])


def test_no_other_room_is_written_to(acme, borealis):
    with scope(acme):
        gap = make_gap()
        before = gap.title
    with scope(borealis):
        gap.title = "From next door"
        update_rows([gap], ["title"])
    with scope(acme):
        assert Gap.objects.get(pk=gap.pk).title == before


def test_a_thousand_rows_take_two_statements(room):
    workers = Worker.objects.bulk_create(
        [
            Worker(external_id=str(number), source="HR", name=f"W {number}", email=f"w{number}@example.org")
            for number in range(1000)
        ]
    )
    for worker in workers:
        worker.team, worker.accounts = f"Team {worker.external_id}", {"okta": worker.external_id}
    with CaptureQueriesContext(connection) as asked:
        update_rows(workers, ["team", "accounts"])
    assert len(asked) == 2
    assert all(
        worker.team == f"Team {worker.external_id}" and worker.accounts == {"okta": worker.external_id}
        for worker in Worker.objects.all()
    )
