"""What is written into a cell is read back exactly, and nothing in it runs."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.web.imports.cells import joined, neutral, parted, plain, restored

texts = st.text(max_size=40).map(plain)


@given(texts)
def test_a_text_survives_its_cell(text):
    assert restored(neutral(text)) == text


@given(texts)
def test_no_cell_begins_with_what_a_spreadsheet_runs(text):
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-", "@SUM(A1)", "'quoted'", "''", "'=1"])
def test_formulas_and_apostrophes_come_back(text):
    assert neutral(text) == f"'{text}"
    assert restored(f"'{text}") == text


def test_an_apostrophe_that_a_person_typed_stays():
    assert restored("'s-Hertogenbosch") == "'s-Hertogenbosch"


@given(st.lists(texts.filter(bool), max_size=5, unique=True))
def test_several_values_survive_one_cell(values):
    assert parted(joined(values)) == values


def test_values_are_parted_by_a_bar():
    assert parted(" customer | personal|| customer") == ["customer", "personal"]
    assert joined(["a|b", "c\\d"]) == "a\\|b|c\\\\d"


@given(st.lists(texts, min_size=1, max_size=4))
def test_a_line_survives_csv(cells):
    out = io.StringIO(newline="")
    csv.writer(out).writerow([neutral(cell) for cell in cells])
    [line] = csv.reader(io.StringIO(out.getvalue(), newline=""), strict=True) if any(cells) or len(cells) > 1 else [cells]
    assert [restored(cell) for cell in line] == cells
