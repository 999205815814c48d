"""The diagram as files: SVG that needs nothing else, and a tagged PDF with bookmarks, alternative text and the tables."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from xml.etree import ElementTree

import pytest

from compliance.registers.models import System
from compliance.tenancy.rooms import scope
from compliance.web.documents.figures import Figure
from tests.factories.compliance import make_system

PAGE = "/o/acme/scope/boundary/"


def said(pdf: bytes, *command: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed (poppler-utils)")
    return subprocess.run([*command], input=pdf, capture_output=True, check=True, timeout=30).stdout.decode()


def test_the_svg_is_a_download_that_needs_nothing_else(acme, mei, register):
    answer = mei.client.get(f"{PAGE}boundary.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"] == 'attachment; filename="acme-boundary.svg"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    text = answer.content.decode()
    ElementTree.fromstring(answer.content)  # noqa: S314
    assert text.count("<style>") == 1
    assert "Flow across the boundary" in text  # the legend travels along
    for fetched in ("href", "url(", "@import", "<script", "<image", "<use"):
        assert fetched not in text, fetched


def test_the_pdf_is_tagged_with_alternative_text_bookmarks_and_tables(acme, mei, register):
    answer = mei.client.get(f"{PAGE}boundary.pdf")
    assert answer["Content-Type"] == "application/pdf"
    info = said(answer.content, "pdfinfo", "-")
    assert "Tagged:          yes" in info
    assert "Boundary diagram of Acme Ledger" in info
    assert 'pdfuaid:part="1"' in said(answer.content, "pdfinfo", "-meta", "-")
    structure = said(answer.content, "pdfinfo", "-struct-text", "-")
    assert {"H1", "H2", "Table", "Figure:"} <= set(said(answer.content, "pdfinfo", "-struct", "-").split())
    assert "Gateway" in structure
    text = " ".join(said(answer.content, "pdftotext", "-layout", "-", "-").split())
    assert "Data flows" in text
    assert "Crosses, goes out" in text
    plain = uncompressed(answer.content)
    assert b"/Alt (Boundary diagram of Acme Ledger. 6 systems inside the boundary" in plain
    for bookmark in (b"/Title (Diagram)", b"/Title (Inside the boundary)", b"/Title (Data flows)"):
        assert bookmark in plain, bookmark
    figures, alternatives = plain.count(b"/S /Figure"), plain.count(b"/Alt ")
    assert figures == alternatives


def uncompressed(pdf: bytes) -> bytes:
    """The file with its object streams opened."""
    found = [pdf]
    for stream in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(stream.group(1)))
        except zlib.error:
            continue
    return b"\n".join(found)


def test_a_tall_drawing_gets_an_upright_sheet_and_a_huge_one_the_largest():
    def sheet(width: float, height: float) -> str:
        return Figure("T", "D", 0, 0, width, height, "").sheet

    assert (sheet(800, 400), sheet(500, 900), sheet(1900, 900), sheet(1500, 2700)) == ("a4", "a4-upright", "a3", "a2-upright")
    assert sheet(20_000, 9_000) == "a1"


def test_a_small_drawing_lies_across_and_a_large_one_gets_a_larger_sheet(acme, mei, register):
    def size(pdf: bytes) -> tuple[float, float]:
        line = next(line for line in said(pdf, "pdfinfo", "-").splitlines() if line.startswith("Page size"))
        return float(line.split()[2]), float(line.split()[4])

    wide, high = size(mei.client.get(f"{PAGE}boundary.pdf").content)
    assert wide > high
    with scope(acme):
        for number in range(40):
            make_system(mei.actor, f"Service {number}", decision="in", environment=("production", "staging", "test")[number % 3])
    larger = size(mei.client.get(f"{PAGE}boundary.pdf").content)
    assert larger[0] * larger[1] > wide * high


def test_hundreds_of_systems_without_flows_are_told_as_they_are_drawn(acme, mei, register):
    with scope(acme):
        System.objects.bulk_create(
            [System(ref=f"SYS-B{number}", name=f"Repository {number}", kind="repository", decision="in") for number in range(420)]
        )
    words = " ".join(said(mei.client.get(f"{PAGE}boundary.pdf").content, "pdftotext", "-layout", "-", "-").split())
    assert "420 systems" in words
    assert "are told as one row" in words
    assert "Gateway" in words
