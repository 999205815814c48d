"""Ids sort by the moment in which they were made."""

from __future__ import annotations

import time
import uuid

from compliance.tenancy.ids import uuid7


def test_it_is_a_version_7_uuid():
    made = uuid7()
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_it_carries_the_time_in_milliseconds():
    before = time.time_ns() // 1_000_000
    made = uuid7()
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_what_is_made_later_sorts_later_within_a_millisecond_too():
    made = []
    for _ in range(2000):
        made.append(uuid7())
        began = time.perf_counter_ns()
        while time.perf_counter_ns() - began < 1000:  # the least that a statement between two rows takes, and less
            pass
    assert made == sorted(made)


def test_no_two_are_the_same():
    assert len({uuid7() for _ in range(10_000)}) == 10_000
