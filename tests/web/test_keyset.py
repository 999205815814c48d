"""Pages by key: forwards and backwards they show every row once, whatever the order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from compliance.registers.models import System, Worker
from compliance.web.keyset import keyset_page


@pytest.fixture
def workers(room):
    names = ["Ana", "Ana", "Bea", "Bea", "Bea", "Cai", "Dov", "Eva", "Eva", "Fay", "Gil"]
    return [
        Worker.objects.create(external_id=str(number), name=name, email="x@acme.example", source="t")
        for number, name in enumerate(names)
    ]


def walk(order, size):
    cursor, pages = "", []
    while True:
        page = keyset_page(Worker.objects.all(), order=order, cursor=cursor, size=size)
        pages.append(page)
        if page.next_cursor is None:
            return pages
        cursor = page.next_cursor


@pytest.mark.parametrize("order", [("name", "id"), ("-id",), ("-name", "id"), ("id",)])
@pytest.mark.parametrize("size", [1, 2, 3, 10, 11, 12])
def test_forwards_every_row_is_shown_once_in_order(workers, order, size):
    shown = [row.pk for page in walk(order, size) for row in page]
    assert shown == [row.pk for row in Worker.objects.order_by(*order)]


@pytest.mark.parametrize("order", [("name", "id"), ("-id",), ("-name", "id")])
@pytest.mark.parametrize("size", [1, 2, 3, 10])
def test_backwards_it_shows_the_same_pages(workers, order, size):
    pages = walk(order, size)
    for before, page in zip(pages, pages[1:], strict=False):
        back = keyset_page(Worker.objects.all(), order=order, cursor=page.previous_cursor, size=size)
        assert [row.pk for row in back] == [row.pk for row in before]
        assert back.next_cursor is not None
    assert pages[0].previous_cursor is None


UNREADABLE = ["nonsense", "bm9uc2Vuc2U", "WyJhZnRlciIsICJ4Il0", "WyJhZnRlciIsIDEsIDJd", "é", "W10"]


@pytest.mark.parametrize("cursor", UNREADABLE)
def test_a_cursor_that_cannot_be_read_gives_the_first_page(workers, cursor):
    page = keyset_page(Worker.objects.all(), order=("name", "id"), cursor=cursor, size=3)
    assert [row.name for row in page] == ["Ana", "Ana", "Bea"]


def test_one_page_has_nothing_beside_it(workers):
    page = keyset_page(Worker.objects.all(), order=("id",), size=50)
    assert (page.previous_cursor, page.next_cursor, len(page)) == (None, None, 11)


def test_nothing_is_counted(workers, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        keyset_page(Worker.objects.all(), order=("name", "id"), size=3)
    assert "COUNT(" not in queries[0]["sql"].upper()


def test_rows_of_one_millisecond_are_neither_skipped_nor_shown_twice(room):
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    seen = [
        System.objects.create(
            ref=f"SYS-{number:03d}", kind="other", name="x", last_seen_at=begun + timedelta(microseconds=number * 7)
        ).pk
        for number in range(12)
    ]
    cursor, shown = "", []
    while cursor is not None:
        page = keyset_page(System.objects.all(), order=("-last_seen_at", "id"), cursor=cursor, size=3)
        shown += [row.pk for row in page]
        cursor = page.next_cursor
    assert shown == seen[::-1]
