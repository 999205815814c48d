"""What a file is, told by its bytes; what cannot be told is refused."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import pytest

from evidence import media
from evidence.media import NotAcceptedError, media_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20
PDF = b"%PDF-1.7\n%%EOF"


def office(*names):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        for name in ("[Content_Types].xml", *names):
            parts.writestr(name, "<x/>")
    return made.getvalue()


def told(content, name):
    return media_of(io.BytesIO(content), name)


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (PDF, "review.pdf", media.PDF), (PNG, "screen.PNG", media.PNG), (JPEG, "screen.jpeg", media.JPEG),
        (office("xl/workbook.xml"), "list.xlsx", media.XLSX), (office("word/document.xml"), "minutes.docx", media.DOCX),
        (b"id,name\n1,Ana\n", "list.csv", media.CSV), ("# Żółć\n".encode(), "notes.md", media.MARKDOWN),
        (b'{"a": 1}', "facts.json", media.JSON), (b"plain words", "log.txt", media.TEXT),
    ],
)  # fmt: skip
def test_an_accepted_file_is_known_by_its_content(content, name, expected):
    assert told(content, name) == expected


def test_the_file_is_left_at_its_start():
    file = io.BytesIO(PDF)
    media_of(file, "review.pdf")
    assert file.read() == PDF


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00\x03", "setup.exe"), (b"\x7fELF\x02", "run.txt"), (b"GIF89a\x00\x01", "moving.gif"), (b"\x00\x01\x02", "raw.csv"),
        (office("something/else.xml"), "pack.zip"), (b"caf\xe9", "latin.txt"), (b"ab\0cd", "null.txt"),
    ],
)  # fmt: skip
def test_what_is_not_on_the_list_is_refused(content, name):
    with pytest.raises(NotAcceptedError):
        told(content, name)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (PNG, "review.pdf", "a PNG picture"), (PDF, "review.txt", "a PDF"), (b"<script>alert(1)</script>", "page.html", "text"),
        (b"%PDF", "note.pdf", "text"), (office("xl/workbook.xml"), "book.docx", "an Excel workbook"), (b"not json", "facts.json", "text"),
    ],
)  # fmt: skip
def test_a_name_that_promises_something_else_is_refused(content, name, said):
    with pytest.raises(NotAcceptedError, match=said):
        told(content, name)


def test_macros_are_refused():
    with pytest.raises(NotAcceptedError, match="macros"):
        told(office("xl/workbook.xml", "xl/vbaProject.bin"), "book.xlsx")


def test_an_empty_file_and_a_damaged_one_are_refused_each_in_its_words():
    with pytest.raises(NotAcceptedError, match="empty"):
        told(b"", "nothing.txt")
    with pytest.raises(NotAcceptedError, match="damaged"):
        told(b"PK\x03\x04 and then nothing", "book.xlsx")


def test_a_letter_that_lies_across_two_reads_is_still_a_letter(monkeypatch):
    monkeypatch.setattr(media, "_CHUNK", 3)
    assert told("aaéé".encode(), "note.txt") == media.TEXT


def directory_of(entries):
    """An archive whose directory names that many parts, and whose end says that there is one."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        parts.writestr("xl/workbook.xml", "")
    one = made.getvalue().partition(b"PK\x01\x02")[0]
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 3, 20, 0, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry) * entries, len(one), 0)
    return one + entry * entries + end


@pytest.mark.parametrize(("entries", "said"), [(20_000, "more than 10,000 parts"), (1_000_000, "directory is longer")])
def test_a_directory_of_a_million_parts_is_not_read(entries, said):
    content = directory_of(entries)
    tracemalloc.start()
    try:
        with pytest.raises(NotAcceptedError, match=said):
            told(content, "list.xlsx")
        assert tracemalloc.get_traced_memory()[1] < 32 * 1024 * 1024
    finally:
        tracemalloc.stop()
