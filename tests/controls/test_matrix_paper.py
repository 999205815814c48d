"""The matrix on paper: a tagged PDF whose bookmarks follow series and criteria, with every control as it is stated."""

from __future__ import annotations

import re
import zlib

import pytest
from django.urls import reverse

import controls.paper as paper
import controls.views.exporting as exporting
from compliance.tenancy.rooms import scope
from controls.matrix import Matrix, criteria_of
from tests.factories.controls import make_control, map_to, stand

PAPER = reverse("controls:export_as", args=["acme", "pdf"])


def _objects(content: bytes) -> bytes:
    """The file with its compressed parts unpacked beside it."""
    parts = [content]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(parts)


def _said(text: str) -> bytes:
    """A text as a PDF string holds it."""
    return (b"(" + text.encode() + b")") if text.isascii() else b"\xfe\xff" + text.encode("utf-16-be")


def test_it_is_tagged_and_its_bookmarks_follow_the_series(acme, mei, soc2_programme):
    with scope(acme):
        control = make_control()
        map_to(control, "CC6.1", "CC8.1")
        stand(control)
        make_control("AC-08")  # nothing is known of it yet
    answer = mei.client.get(PAPER)
    assert answer["Content-Type"] == "application/pdf"
    found = _objects(answer.content)
    assert b"pdfuaid:part" in found
    assert b"/MarkInfo" in found
    assert b"/StructTreeRoot" in found
    for title in ("CC6", "CC8", "Controls as they are stated"):
        assert b"/Title " + _said(title) in found or b"/Title" + _said(title) in found, title


def test_more_than_a_reader_can_take_in_is_refused_with_a_way_on(acme, mei, soc2_programme, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    with scope(acme):
        for ref in ("AC-07", "AC-08"):
            map_to(make_control(ref), "CC6.1")
    answer = mei.client.get(PAPER + "?series=CC6", follow=True)
    assert answer.redirect_chain[0][0].endswith("/controls/?series=CC6")
    assert b"Narrow the matrix" in answer.content
    assert mei.client.get(PAPER + "?q=AC-07").status_code == 200


def test_a_large_matrix_is_set_in_pieces_and_no_row_is_lost(acme, mei, soc2_programme, monkeypatch):
    monkeypatch.setattr(paper, "_IN_ONE", 2)
    with scope(acme):
        for number in range(3):
            map_to(make_control(f"AC-0{number}"), "CC6.1")
        make_control("ZZ-01")
        matrix = Matrix([each for each in criteria_of(soc2_programme) if each.ref == "CC6.1"], {})
        made = list(paper.papers_by_series(acme, matrix, title="Matrix", facts=[("As at", "now")]))
    assert [name for name, _ in made] == ["CC6, part 1", "CC6, part 2", "Mapped to nothing"]
    assert all(content.startswith(b"%PDF") for _, content in made)
    for (_, content), refs in zip(made, (("AC-00", "AC-01"), ("AC-02",), ("ZZ-01",)), strict=True):
        assert all(_said(f"{ref} Access is reviewed every quarter") in _objects(content) for ref in refs)


def test_another_room_has_no_paper_of_it(acme, stranger):
    assert stranger.client.get(PAPER).status_code == 404


@pytest.mark.parametrize("who", ["noor"])
def test_an_employee_is_refused(acme, who, request):
    assert request.getfixturevalue(who).client.get(PAPER).status_code == 403
