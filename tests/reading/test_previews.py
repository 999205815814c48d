"""How evidence is shown: drawn by us, bounded, and nothing in it acts."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse

from compliance.tenancy.rooms import scope
from evidence import media
from evidence.reading.preview import MOST_ROWS, NoPictureError, page_of, preview
from tests.factories import files
from tests.factories.controls import make_control
from tests.factories.evidence import bring, make_requirement
from tests.factories.locked import locked_pdf


def shown(content: bytes, kind: media.Media):
    return preview(io.BytesIO(content), kind.type)


def test_a_pdf_is_shown_page_by_page_as_pictures():
    made = files.pdf(pages=2)
    assert (shown(made, media.PDF).kind, shown(made, media.PDF).pages) == ("pages", 2)
    assert page_of(io.BytesIO(made), media.PDF.type, 2).startswith(b"\x89PNG")
    with pytest.raises(NoPictureError):
        page_of(io.BytesIO(made), media.PDF.type, 3)


def test_a_picture_is_made_anew_without_what_it_carried():
    drawn = page_of(io.BytesIO(files.jpeg(made="2026:10:31 09:30:00") + b"<script>"), media.JPEG.type, 1)
    assert drawn.startswith(b"\x89PNG")
    assert b"script" not in drawn
    assert b"2026:10:31" not in drawn


def test_of_a_table_the_first_rows_are_shown_and_no_formula_is():
    rows = [["user", "note"], *[[f"u{n}", "=1+1"] for n in range(MOST_ROWS + 20)]]
    table = shown(files.xlsx(rows), media.XLSX)
    assert (table.kind, len(table.rows), table.cut) == ("table", MOST_ROWS + 1, True)
    assert table.rows[1][1] != "=1+1"  # what was worked out last, never what is to be
    assert shown(b'a,"=cmd|calc"\n1\n', media.CSV).rows == (("a", "=cmd|calc"), ("1", ""))


def test_json_is_set_with_indents_and_mail_by_its_headers():
    assert shown(b'{"a": [1]}', media.JSON).text == '{\n  "a": [\n    1\n  ]\n}'
    mail = shown(files.MAIL, media.MAIL)
    assert ("Subject", "Access review") in mail.headers
    assert mail.attachments == (("review.pdf", "application/pdf"),)
    assert "<" not in mail.text


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (locked_pdf(), media.PDF), (b"%PDF-1.7 broken", media.PDF), (files.bomb(), media.XLSX), (b"PK\x03\x04", media.XLSX),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 30, media.PNG), (b"\xff\xd8\xff\xe0" + b"\0" * 30, media.JPEG), (b"PK\x03\x04", media.DOCX),
        (b"x", media.Media("application/gzip", "", ())),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_says_why(content, kind):
    assert shown(content, kind).kind == "none"
    assert shown(content, kind).reason


@pytest.mark.django_db
class TestPages:
    @pytest.fixture()
    def version(self, acme, mei, jonas):
        with scope(acme):
            requirement = make_requirement(mei.actor, make_control(owner=jonas.membership))
            return bring(
                jonas,
                requirement,
                content=b"<html><script>alert(1)</script> on 3 May 2026",
                filename="page.txt",
                media_type="text/plain",
            )

    def test_markup_is_shown_as_text(self, jonas, version):
        page = jonas.client.get(reverse("evidence:look", args=["acme", version.pk])).content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page

    def test_where_there_is_no_picture_the_preview_is_shown(self, jonas, version):
        answer = jonas.client.get(reverse("evidence:picture", args=["acme", version.pk, 1]))
        assert answer.headers["Location"] == reverse("evidence:look", args=["acme", version.pk])

    def test_a_picture_comes_under_a_type_that_cannot_act(self, acme, mei, jonas):
        with scope(acme):
            requirement = make_requirement(mei.actor, make_control(owner=jonas.membership))
            picture = bring(jonas, requirement, content=files.png(), filename="screen.png", media_type="image/png")
        answer = jonas.client.get(reverse("evidence:picture", args=["acme", picture.pk, 1]))
        assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
            200,
            "image/png",
            "nosniff",
        )
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Content-Disposition"].startswith("inline; filename=")

    def test_a_stranger_sees_neither(self, stranger, version):
        for name, more in (("look", []), ("picture", [1])):
            assert stranger.client.get(reverse(f"evidence:{name}", args=["acme", version.pk, *more])).status_code == 404
            assert (
                stranger.client.get(reverse(f"evidence:{name}", args=["borealis", version.pk, *more])).status_code
                == 404
            )
