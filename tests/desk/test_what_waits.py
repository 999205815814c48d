"""What waits for a person is one list, in order of harm, from contributors that do not know one another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.desk.entries import DigestLine, WorkItem
from compliance.desk.registry import Registry

DATES = st.one_of(st.none(), st.dates(date(2025, 1, 1), date(2027, 1, 1)))


def item(key: str = "gap:1", *, harm: int = 1, due: date | None = None, **more: Any) -> WorkItem:
    given = WorkItem(key, "gap", key.upper(), "Title", "Why.", f"/o/acme/{key}", due, harm, "open")
    return replace(given, **more)


def line(key: str, *, urgent: bool = False, due: date | None = None) -> DigestLine:
    return DigestLine(key, "gap", "Text.", "/o/acme/", due, urgent)


@pytest.fixture
def registry() -> Registry[WorkItem]:
    return Registry()


def test_the_most_harmful_comes_first_then_the_first_due_then_what_has_no_date(registry: Registry[WorkItem]) -> None:
    early, late = item("a", harm=2, due=date(2026, 1, 1)), item("b", harm=2, due=date(2026, 2, 1))
    undated, worst = item("c", harm=2), item("d", harm=9)
    registry.register("gaps", lambda membership: [undated, late])
    registry.register("requests", lambda membership: [early, worst])
    assert registry.gather("anyone") == [worst, early, late, undated]


def test_a_contributor_is_asked_about_the_one_person(registry: Registry[WorkItem]) -> None:
    registry.register("gaps", lambda membership: [item(f"gap:{membership}")])
    assert [waiting.key for waiting in registry.gather("ada")] == ["gap:ada"]


def test_the_same_thing_from_two_contributors_is_listed_once_at_its_worst(registry: Registry[WorkItem]) -> None:
    registry.register("evidence", lambda membership: [item("gap:1", harm=1)])
    registry.register("gaps", lambda membership: [item("gap:1", harm=5)])
    assert [(waiting.key, waiting.harm) for waiting in registry.gather("ada")] == [("gap:1", 5)]


def test_nobody_contributing_is_an_empty_desk(registry: Registry[WorkItem]) -> None:
    assert registry.gather("ada") == []


def test_a_name_belongs_to_one_contributor(registry: Registry[WorkItem]) -> None:
    def gaps(membership: Any) -> list[WorkItem]:
        return []

    registry.register("gaps", gaps)
    registry.register("gaps", gaps)  # an app that is made ready twice is no second contributor
    with pytest.raises(ValueError, match="registered already"):
        registry.register("gaps", lambda membership: [])
    assert registry.names() == ["gaps"]


def test_a_contributor_that_fails_is_not_passed_over_in_silence(registry: Registry[WorkItem]) -> None:
    def broken(membership: Any) -> list[WorkItem]:
        raise LookupError("no such table")

    registry.register("gaps", lambda membership: [item()])
    registry.register("requests", broken)
    with pytest.raises(LookupError):
        registry.gather("ada")


def test_urgent_lines_lead_the_digest() -> None:
    registry: Registry[DigestLine] = Registry()
    soon, later, urgent = line("a", due=date(2026, 1, 1)), line("b"), line("z", urgent=True)
    registry.register("gaps", lambda membership: [later, soon, urgent])
    assert registry.gather("ada") == [urgent, soon, later]


@given(st.lists(st.tuples(st.integers(0, 5), DATES, st.sampled_from("abcdef")), max_size=30), st.randoms())
def test_the_order_does_not_depend_on_who_registered_first(entries: list[Any], random: Any) -> None:
    items = [item(key, harm=harm, due=due) for harm, due, key in entries]
    shuffled = list(items)
    random.shuffle(shuffled)
    lists = []
    for given_items in (items, shuffled):
        registry: Registry[WorkItem] = Registry()
        registry.register("one", lambda membership, half=given_items[::2]: half)
        registry.register("two", lambda membership, half=given_items[1::2]: half)
        lists.append(registry.gather("ada"))
    assert lists[0] == lists[1]
    assert [entry.order for entry in lists[0]] == sorted(entry.order for entry in lists[0])
    assert {entry.key for entry in lists[0]} == {entry.key for entry in items}
