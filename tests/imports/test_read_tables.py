"""A table is read by what its content is, line by line, within bounds; what cannot be read says what to do."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from datetime import date

import pytest
import xlsxwriter
from openpyxl import Workbook

from compliance.web.imports.tables import MOST_BYTES, MOST_ROWS, UnreadableError, read_lines


def book(*rows) -> bytes:
    made, out = Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(out)
    return out.getvalue()


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"name,kind\nLedger,database\n",
        b"name;kind\r\nLedger;database\r\n",
        b"name\tkind\nLedger\tdatabase\n",
        b"\xef\xbb\xbfname,kind\nLedger,database\n",
        "name,kind\nLedger,database\n".encode("utf-16"),
        b'"name; with, more;;;",kind\nLedger,database\n',
        b"\n\nname,kind\n,,\nLedger,database\n",
    ],
)
def test_delimiters_and_encodings_are_read_alike(content):
    assert list(read_lines(content))[-1][1] == ["Ledger", "database"]


def test_lines_carry_the_number_that_a_person_sees():
    assert [line for line, _ in read_lines(b"name\n\nA\n\n\nB\n")] == [1, 3, 6]


def test_a_workbook_is_read_whatever_its_name():
    content = book(["name", "day", "count", "open"], ["Ledger", date(2026, 11, 30), 3.0, True], ["'=1+1", None, None, None])
    assert list(read_lines(content)) == [
        (1, ["name", "day", "count", "open"]),
        (2, ["Ledger", "2026-11-30", "3", "yes"]),
        (3, ["=1+1"]),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "neither a workbook"),
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3", "neither a workbook"),
        (b"caf\xe9,1\n", "neither a workbook"),
        (b'name\n"open', "cannot be read as CSV"),
        (b'name\n"' + b'\n","' * 300_000, "goes on for longer than any row"),
        (b"name\n" + b"a," * 600_000, "goes on for longer than any row"),
        (b"a," * 600_000, "goes on for longer than any row"),
        (b"a" * (MOST_BYTES + 1), "larger than 5 MB"),
        (b"name\n" + b"x\n" * (MOST_ROWS + 1), "more than 10,000 rows"),
        (b"PK\x03\x04 broken", "archive is broken"),
        (archive(hello_xml=b"<a/>"), "no workbook"),
        (archive(xl__workbook_xml=b"<a/>"), "cannot be read"),
        (archive(xl__workbook_xml=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), "XML entities"),
        (archive(xl__workbook_xml=b"<!--" + b" " * 5000 + b"--><!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), "XML entities"),
        (archive(xl__workbook_xml="<!DOCTYPE a [<!ENTITY b 'c'>]><a/>".encode("utf-16")), "XML entities"),
        (archive(xl__workbook_xml=b"<a/>", xl__sheet=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), "XML entities"),
        (archive(xl__workbook_xml=b"<a/>", xl__big_xml=b" " * (61 * 1024 * 1024)), "unpacks to more"),
    ],
)
def test_what_cannot_be_read_says_why(content, said):
    with pytest.raises(UnreadableError, match=said):
        list(read_lines(content))


def test_ten_thousand_rows_stay_within_bounds():
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = made.add_worksheet()
    for line in range(MOST_ROWS + 1):
        for column in range(8):
            sheet.write_string(line, column, f"cell {line} {column}")
    made.close()
    content = out.getvalue()
    tracemalloc.start()
    assert sum(1 for _ in read_lines(content)) == MOST_ROWS + 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40 * 1024 * 1024, peak


def test_a_cell_far_below_does_not_cost_a_million_empty_lines():
    made, out = Workbook(), io.BytesIO()
    made.active["A1"], made.active["A1048576"] = "name", "Ledger"
    made.save(out)
    with pytest.raises(UnreadableError, match="goes on below line 100,000"):
        list(read_lines(out.getvalue()))
