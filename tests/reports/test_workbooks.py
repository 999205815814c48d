"""The workbooks open, hold what stands in the room, and nothing in them acts."""

from __future__ import annotations

from typing import Any

import openpyxl

from audits.reports.workbooks import GAP_HEAD, gap_register, matrix_book
from compliance.tenancy.rooms import scope
from controls.export import HEAD
from controls.models import Control


def _read(file: Any) -> Any:
    with file:
        return openpyxl.load_workbook(file)


def _rows(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def _nothing_acts(book: Any) -> bool:
    return all(cell.data_type != "f" and not cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_gap_register_lists_what_is_open_by_rank_and_then_what_is_closed(room, gaps):
    rows = _rows(_read(gap_register())["Gaps"])
    assert tuple(rows[0]) == GAP_HEAD
    assert [row[0] for row in rows[1:]] == ["GAP-001", "GAP-002", "GAP-003"]
    first = dict(zip(GAP_HEAD, rows[1], strict=True))
    assert (first["Rank"], first["Owner"], first["Criteria"]) == (1, "Mei-Ling Chu", "CC6.2, CC6.3")
    assert first["Reasons of the rank"] == "Critical: AC-06 has a deviation. Always tested early (CC6.2)."


def test_each_resource_of_a_gap_has_a_line(room, gaps):
    rows = _rows(_read(gap_register())["Resources"])
    assert [row[:3] for row in rows[1:]] == [["GAP-001", "'@leaver", "'+still active"]]


def test_no_cell_is_a_formula_or_a_link(room, gaps):
    book = _read(gap_register())
    assert _nothing_acts(book)
    assert _rows(book["Gaps"])[1][2].startswith("'=HYPERLINK(")


def test_a_text_too_long_for_a_cell_is_cut_and_says_so(room, gaps):
    gaps[0].cause = "x" * 40_000
    gaps[0].save()
    cause = _rows(_read(gap_register())["Gaps"])[2][8]
    assert len(cause) <= 32_767
    assert cause.endswith("… (cut off)")


def test_it_says_whose_it_is_and_whether_it_is_a_sample(acme):
    type(acme).objects.filter(pk=acme.pk).update(is_sample=True)
    acme.refresh_from_db()
    with scope(acme):
        told = dict(_rows(_read(gap_register())["About"]))
    assert told["Organisation"] == "Acme Ledger"
    assert told["Sample"] == "Sample company, simulated clock"


def test_the_matrix_has_a_line_for_each_criterion_and_for_each_control(room):
    Control.objects.create(ref="AC-07", title="=cmd|' /C calc'!A0", statement="Reviewed each quarter.")
    book = _read(matrix_book())
    rows = _rows(book.worksheets[0])
    assert tuple(rows[0]) == HEAD
    assert {"CC1.1", "CC6.3"} <= {row[0] for row in rows[1:]}
    assert [row[4] for row in rows[1:] if row[3] == "AC-07"] == ["'=cmd|' /C calc'!A0"]
    assert _nothing_acts(book)


def test_another_organisations_rows_are_not_in_it(room, gaps, borealis):
    with scope(borealis):
        assert len(_rows(_read(gap_register())["Gaps"])) == 1
