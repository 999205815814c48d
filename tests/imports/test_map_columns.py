"""Columns find their fields by their heads, or as a person says; cells say what is wrong with them."""

from __future__ import annotations

import pytest

from compliance.web.imports.columns import CellError, choice, day, flag, mapped, several, told, words

NAME = words("name", "Name", 5, needed=True)
KIND = choice("kind", "Kind", [("data_store", "Data store"), ("team", "Team")], also=("type",))
HELD = several("held", "What it holds", lambda: {"customer": "Customer data", "public": "Public data only"})
COLUMNS = [NAME, KIND, HELD, told("seen", "Seen")]


def test_heads_are_read_as_names_labels_and_what_they_are_also_called():
    assert mapped(["NAME", "Type", "what it holds", "seen", "other"], COLUMNS, {}) == [NAME, KIND, HELD, None, None]


def test_a_field_is_read_once():
    assert mapped(["kind", "type"], COLUMNS, {}) == [KIND, None]


def test_a_person_may_say_otherwise():
    assert mapped(["name", "Titel"], COLUMNS, {"name": "", "Titel": "name"}) == [None, NAME]


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        (KIND, "Data store", "data_store"),
        (KIND, "DATA_STORE", "data_store"),
        (HELD, "public | Customer data", ["customer", "public"]),
        (HELD, "", []),
        (flag("f", "F"), "No", False),
        (flag("f", "F"), "", None),
    ],
)
def test_codes_and_labels_are_read(column, cell, value):
    assert column.value(cell) == value


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        (NAME, "", "Name is missing"),
        (NAME, "longer", "Longer than 5"),
        (KIND, "spaceship", "“spaceship” is none of data_store, team"),
        (HELD, "public|secrets", "“secrets” is none of"),
        (flag("f", "F"), "perhaps", "yes or no"),
        (day("d", "D"), "30/11/2026", "2026-11-30"),
    ],
)
def test_a_wrong_cell_says_what_is_wrong(column, cell, said):
    with pytest.raises(CellError, match=said):
        column.value(cell)


@pytest.mark.parametrize("column", [KIND, HELD, flag("f", "F"), day("d", "D")])
def test_what_is_written_is_read(column):
    for cell in ("data_store", "customer|public", "yes", "no", "2026-11-30"):
        try:
            value = column.value(cell)
        except CellError:
            continue
        assert column.value(column.text(value)) == value
