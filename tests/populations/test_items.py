"""Items: known once by source, id and version; read a page at a time; compared as a plain model would compare them."""

from __future__ import annotations

import io
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.checks.base import Reason, unknown
from evidence.populations.given import instant
from evidence.populations.items import STRIDE, Item, cell_text, differences, distinct, read_items, repeated, written

#: What is tried is small; on a busy machine it takes its time.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CELL = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(["", "x", "é"]))
CELLS = st.dictionaries(st.sampled_from("abc"), CELL, max_size=3)
ITEMS = st.lists(st.builds(Item, st.sampled_from(["x", "y"]), st.text("12é\n", max_size=2), CELLS), max_size=30)


def kept(items: list[Item]) -> tuple[io.BytesIO, list[int]]:
    places: list[int] = []
    return io.BytesIO(b"".join(written(items, places))), places


@UNHURRIED
@given(ITEMS)
def test_each_source_id_and_version_stands_once_and_nothing_else_is_lost(items: list[Item]) -> None:
    found, left_out = distinct(items)
    assert [each.key for each in found] == sorted({each.key for each in items})
    assert left_out == len(items) - len(found)


@UNHURRIED
@given(ITEMS)
def test_the_order_of_reading_changes_no_byte(items: list[Item]) -> None:
    assert kept(distinct(items)[0])[0].getvalue() == kept(distinct(reversed(items))[0])[0].getvalue()


@UNHURRIED
@given(CELLS)
def test_the_order_of_cells_changes_no_version(cells: dict[str, Any]) -> None:
    assert Item("x", "1", cells).version == Item("x", "1", dict(reversed(cells.items()))).version


@UNHURRIED
@given(ITEMS, st.integers(0, 40), st.integers(0, 40))
def test_a_part_is_read_as_it_lies(items: list[Item], start: int, count: int) -> None:
    found, _ = distinct(items)
    stored, places = kept(found)
    assert list(read_items(stored, places, start, count)) == found[start : start + count]


def test_a_page_far_down_is_read_without_what_stands_before_it():
    class Counting(io.BytesIO):
        lines = 0

        def readline(self, *size: Any) -> bytes:
            type(self).lines += 1
            return super().readline(*size)

    items = [Item("x", f"{n:05d}", {"n": n}) for n in range(3000)]
    stored, places = kept(items)
    counting = Counting(stored.getvalue())
    assert [each.cells["n"] for each in read_items(counting, places, 2950, 10)] == list(range(2950, 2960))
    assert Counting.lines <= STRIDE + 10


@UNHURRIED
@given(ITEMS, ITEMS)
def test_differences_are_those_of_a_plain_comparison(before: list[Item], after: list[Item]) -> None:
    old, new = distinct(before)[0], distinct(after)[0]

    def by_identity(items: list[Item]) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for item in items:
            found.setdefault(item.identity, []).append(item.version)
        return found

    was, now = by_identity(old), by_identity(new)
    expected = {who: "added" for who in now if who not in was} | {who: "removed" for who in was if who not in now}
    expected |= {who: "changed" for who in was if who in now and was[who] != now[who]}
    assert {(each.source, each.id): each.kind for each in differences(iter(old), iter(new))} == expected


def test_a_change_names_the_cells_that_differ():
    (change,) = differences([Item("x", "1", {"a": 1, "b": 2})], [Item("x", "1", {"a": 1, "b": 3, "c": 4})])
    assert change.cells == [("b", 2, 3), ("c", None, 4)]


def test_the_same_id_with_other_words_is_told():
    items, _ = distinct([Item("x", "1", {"a": 1}), Item("x", "1", {"a": 2}), Item("x", "2"), Item("x", "2")])
    assert repeated(items) == [("x", "1")]


def test_what_could_not_be_read_never_looks_empty():
    assert cell_text(unknown(Reason.NOT_COLLECTED)) == "unknown: not collected"
    assert (cell_text(None), cell_text(False), cell_text(0)) == ("", "no", "0")


def test_a_moment_that_is_none_in_utc_could_not_be_read():
    assert instant("0001-01-01T00:00:00+14:00") is None
    assert instant("9999-12-31T23:59:59-12:00") is None
