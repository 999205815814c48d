"""What is read inside a file: its words, and what it says of itself. What cannot be read is said."""

from __future__ import annotations

import io
import json
from datetime import datetime

import pytest

from evidence import media
from evidence.reading import poppler
from evidence.reading.readers import MOST_CHARACTERS, read
from tests.factories import files
from tests.factories.locked import locked_pdf


def reading(content: bytes, kind: media.Media):
    return read(io.BytesIO(content), kind.type)


def test_a_pdf_gives_its_words_and_its_own_dates():
    found = reading(files.pdf(created="2026-10-31T09:30:00Z", pages=3), media.PDF)
    assert "reviewed by the owner" in found.text
    assert found.facts["made"].startswith("2026-10-31")
    assert found.facts["pages"] == 3


def test_a_pdf_without_text_is_a_picture_of_pages():
    found = reading(files.pdf(text=""), media.PDF)
    assert (found.text, found.facts["picture"]) == (None, 1)


def test_a_pdf_that_asks_for_a_password_is_locked():
    found = reading(locked_pdf(), media.PDF)
    assert (found.text, found.facts) == (None, {"locked": 1})
    assert "password" in found.reason


def test_a_broken_pdf_says_so():
    assert "damaged" in reading(b"%PDF-1.7\nnothing of it", media.PDF).reason


def test_without_poppler_a_pdf_is_not_looked_into(monkeypatch):
    """Where the package is not installed the reason says what to install."""
    monkeypatch.setattr(poppler.subprocess, "run", _absent)
    assert "poppler-utils" in reading(files.pdf(), media.PDF).reason


def _absent(*args, **kwargs):
    raise FileNotFoundError


def test_pictures_say_when_and_with_what_they_were_made():
    photo = reading(files.jpeg(made="2026:10:31 09:30:00"), media.JPEG)
    assert (photo.facts["made"], photo.facts["with"]) == ("2026-10-31T09:30:00", "Camera 1.0")
    screen = reading(files.png(made="2026-10-30T10:00:00"), media.PNG)
    assert (screen.facts["made"], screen.facts["width"], screen.facts["height"]) == ("2026-10-30T10:00:00", 1280, 800)


def test_a_picture_of_too_many_pixels_is_not_unpacked():
    huge = files.png(20, 20).replace((20).to_bytes(4, "big"), (60_000).to_bytes(4, "big"))
    assert reading(huge, media.PNG).reason


def test_tables_give_their_cells_and_count_their_rows():
    book = reading(
        files.xlsx([["user", "since"], ["ana", 3], ["bo", 4]], created=datetime(2026, 10, 31, 9)), media.XLSX
    )
    assert book.text == "user since\nana 3\nbo 4"
    assert (book.facts["rows"], book.facts["made"][:10]) == (2, "2026-10-31")
    assert reading(b"user;since\nana;3\n", media.CSV).facts == {"rows": 1}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (files.xlsx([["user", "since"]]), media.XLSX), (b"user,since\n", media.CSV), (b"[]", media.JSON), (b"{}", media.JSON),
        (b" \n", media.TEXT),
    ],
)  # fmt: skip
def test_a_head_without_rows_is_empty(content, kind):
    assert reading(content, kind).facts["empty"] == 1


def test_a_word_document_gives_its_paragraphs():
    assert "Agreed on 3 May 2026." in reading(files.word("Agreed on 3 May 2026."), media.DOCX).text


def test_a_mail_gives_its_headers_and_words_and_what_is_attached():
    found = reading(files.MAIL, media.MAIL)
    assert "Subject: Access review" in found.text
    assert "All of it is done" in found.text.replace("\n", " ").replace("  ", " ")
    assert "alert(1)" not in found.text
    assert "review.pdf" in found.text


@pytest.mark.parametrize(
    "content",
    [
        b"From: a\r\n\r\n" + b"x" * 100, b"From: =?utf-8?b?////?=\r\nDate: never\r\n\r\n",
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed\r\n\r\n",
        b"From: a\r\nContent-Type: text/plain; charset=nothing\r\n\r\n\xff\xfe", b"From: a\r\nTo: " + b"a@b.c, " * 20_000 + b"\r\n\r\n",
        b"From: a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 3000,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(900)),
    ],
)  # fmt: skip
def test_a_hostile_mail_is_read_or_refused_in_words(content):
    found = reading(content, media.MAIL)
    assert found.text is not None or found.reason


def test_what_unpacks_to_too_much_is_not_unpacked():
    assert "100 MB" in reading(files.bomb(), media.XLSX).reason


def test_json_as_deep_as_a_well_is_text():
    found = reading(b"[" * 50_000 + b"]" * 50_000, media.JSON)
    assert found.text.startswith("[[")


def test_no_more_of_a_text_is_kept_than_anybody_searches():
    assert len(reading(b"word " * 200_000, media.TEXT).text) == MOST_CHARACTERS


def test_the_same_words_are_told_whatever_their_spacing():
    words = "Access of all leavers was reviewed. " * 20
    one, other = (reading(text.encode(), media.TEXT) for text in (words, words.replace(" ", "\n")))
    assert one.text_sha256 == other.text_sha256 != ""
    assert reading(b"too short to tell", media.TEXT).text_sha256 == ""


def test_json_is_read_as_it_stands():
    assert "ana" in reading(json.dumps([{"user": "ana"}]).encode(), media.JSON).text
