"""The criterion column holds one reference, several, or a range."""

from __future__ import annotations

import pytest

from audits.criteria import natural, references


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CC6.1", ["CC6.1"]),
        ("CC6.2/CC6.3", ["CC6.2", "CC6.3"]),
        ("CC6.2, CC6.3; A1.1", ["CC6.2", "CC6.3", "A1.1"]),
        ("CC6.2 and CC6.3", ["CC6.2", "CC6.3"]),
        ("CC6.2 CC6.3", ["CC6.2", "CC6.3"]),
        ("DC1-DC4", ["DC1", "DC2", "DC3", "DC4"]),
        ("DC1 – 3", ["DC1", "DC2", "DC3"]),
        ("A.5.15-A.5.17", ["A.5.15", "A.5.16", "A.5.17"]),
        ("6.1.1-6.1.3", ["6.1.1", "6.1.2", "6.1.3"]),
        ("Engagement", ["Engagement"]),
        ("", []),
        ("CC6.2/CC6.2", ["CC6.2"]),
    ],
)
def test_it_is_read_into_single_references(text, expected):
    assert references(text) == expected


@pytest.mark.parametrize("text", ["2024-2026", "DC9-DC1", "CC1.1-A1.3", "DC1-DC900"])
def test_what_is_no_range_stays_as_written(text):
    assert references(text) == [text]


def test_references_sort_as_people_read_them():
    assert sorted(["CC6.10", "CC6.2", "A1.1", "Engagement"], key=natural) == ["A1.1", "CC6.2", "CC6.10", "Engagement"]
