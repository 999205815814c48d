"""What a hostile file asks of whoever looks into it: limits hold before anything is unpacked, parsed or remembered."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from evidence import media
from evidence.reading import poppler, sheets
from evidence.reading.mail import read_mail
from evidence.reading.readers import read

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_ENTITY = '<!DOCTYPE a [<!ENTITY e "unfolded">]>'


def _document(xml: bytes) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", xml)
    made.seek(0)
    return made


def _xml(before: str = "") -> str:
    return f"<?xml version='1.0'?>{before}{_ENTITY}<w:document {_W}><w:p><w:t>&e;</w:t></w:p></w:document>"


@pytest.mark.parametrize("xml", [
    _xml().encode(),
    _xml(f"<!--{' ' * (64 * 1024 - 33)}-->").encode(),  # the declaration lies over the end of what is read at once
    _xml().replace("'1.0'", "'1.0' encoding='utf-16'").encode("utf-16"),
])  # fmt: skip
def test_entities_of_a_document_are_never_unfolded(xml):
    found = read(_document(xml), media.DOCX.type)
    assert found.text is None
    assert "damaged" in found.reason


def test_a_row_that_never_ends_is_given_up():
    endless = io.BytesIO(b'"' + b'\n","' * 2_000_000)
    with pytest.raises(sheets.SheetError, match="goes on for longer"):
        sheets.first_rows(sheets.rows_of_csv(endless), 10)


def test_rows_of_several_lines_are_counted_each_by_itself():
    rows = sheets.first_rows(sheets.rows_of_csv(io.BytesIO(b'"two\nlines",b\n' * 200_000)), 200_000)
    assert (len(rows), rows[-1]) == (200_000, ["two\nlines", "b"])


def test_what_poppler_complains_of_has_an_end(tmp_path, monkeypatch):
    shouting = tmp_path / "pdfinfo"
    shouting.write_text("#!/bin/sh\nyes complaint >&2\n")
    shouting.chmod(0o755)
    monkeypatch.setattr(poppler, "PATH", str(tmp_path) + ":/usr/bin:/bin")
    with pytest.raises(poppler.PopplerError):
        poppler.information(tmp_path / "any.pdf")


@pytest.mark.parametrize("header", [b"To: " + b"a " * 100_000, b"Subject: " + b"=?utf-8?q?a?= " * 14_000])
def test_a_header_without_end_costs_no_time(header):
    began = time.monotonic()
    found = read_mail(io.BytesIO(b"From: a@example.com\n" + header + b"\n\nHello"), most_characters=100)
    assert found.text == "Hello"
    assert time.monotonic() - began < 5
