"""A description as tagged PDF and as DOCX: headings, tables, language, title, and a draft that says that it is one."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
import zlib

import pytest
from docx import Document

from compliance.descriptions.exporting import as_docx, as_pdf, draft_of, edition_of
from compliance.descriptions.models import Approval, Version
from compliance.descriptions.services import description_for, write_section
from compliance.registers.models import Service
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.factories.compliance import make_programme

TEXT = (
    "We keep **ledgers** for *banks*.\n\n## How it is used\n\n- by page\n- by API\n  1. with a token\n\n"
    "| Tier | Hours |\n|---|---|\n| Gold | 24 |\n\n> Said by a customer.\n\n`code` and [a link](https://example.org) <script>x</script>"
)


@pytest.fixture()
def description(room, mei):
    programme = make_programme(mei.actor)
    found = description_for(programme)
    Service.objects.create(ref="SVC-001", name="Payments", description="Moves money & more.")
    write_section(actor=mei.actor, description=found, key="DC1", text=TEXT, revision=0)
    return found


@pytest.fixture()
def approved(description, femi):
    version = Version.objects.create(
        description=description, number=1, kept_by="Mei", authors=[],
        sections=[{"key": "DC1", "title": "Types", "text": "Whole.", "tables": [], "lacks": []}],
    )
    Approval.objects.create(version=version, approved_by=femi.membership, approved_by_label="Femi Adeyemi")
    return version


def _said(pdf: bytes, *command: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed (poppler-utils)")
    return subprocess.run([*command], input=pdf, capture_output=True, check=True, timeout=30).stdout.decode()


def test_the_pdf_is_tagged_has_bookmarks_and_says_that_it_is_pdf_ua(description):
    pdf = as_pdf(draft_of(description))
    said = _said(pdf, "pdfinfo", "-")
    assert "Tagged:          yes" in said
    assert "System description of Acme Ledger" in said
    assert "JavaScript:      no" in said
    assert 'pdfuaid:part="1"' in _said(pdf, "pdfinfo", "-meta", "-")
    structure = _said(pdf, "pdfinfo", "-struct", "-").split()
    assert {"H1", "H2", "Table", "TH", "L", "Link"} <= set(structure)


def test_the_pdfs_catalogue_has_structure_language_and_outlines(description):
    pdf = as_pdf(draft_of(description))
    plain = _uncompressed(pdf)
    for name in (b"/StructTreeRoot", b"/Outlines", b"/Lang", b"/MarkInfo"):
        assert name in plain, name


def _uncompressed(pdf: bytes) -> bytes:
    """The file with its object streams opened."""
    found = [pdf]
    for stream in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(stream.group(1)))
        except zlib.error:
            continue
    return b"\n".join(found)


def test_a_draft_says_so_on_paper_with_what_it_lacks(description):
    words = " ".join(_said(as_pdf(draft_of(description)), "pdftotext", "-layout", "-", "-").split())
    assert words.count("Draft, not approved") >= 2  # at the head, and at the foot of every page
    assert "This section still lacks:" in words
    assert "Nothing is written." in words
    assert "SVC-001" in words
    assert "Moves money & more." in words
    assert "<script>x</script>" in words  # what was typed, as text


def test_an_approved_version_is_no_draft(approved):
    words = " ".join(_said(as_pdf(edition_of(approved)), "pdftotext", "-layout", "-", "-").split())
    assert "Draft" not in words
    assert "Femi Adeyemi" in words
    assert "still lacks" not in words


def test_the_docx_has_headings_lists_tables_language_and_title(description):
    file = as_docx(draft_of(description))
    document = Document(io.BytesIO(file))
    said = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs}
    assert said["DC 1 Types of services provided"] == "Heading 1"
    assert said["How it is used"] == "Heading 3"
    assert (said["by page"], said["with a token"]) == ("List Bullet", "List Number 2")
    assert said["Said by a customer."] == "Quote"
    assert document.core_properties.title == "System description of Acme Ledger"
    assert document.core_properties.language == "en-GB"
    heads = [[cell.text for cell in table.rows[0].cells] for table in document.tables]
    assert ["Tier", "Hours"] in heads
    assert ["Ref", "Service", "What it does"] in heads
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        xml = parts.read("word/document.xml").decode()
        assert xml.count("<w:tblHeader") == len(document.tables)
        assert "TOC " in xml
        assert 'w:lang w:val="en-GB"' in parts.read("word/styles.xml").decode()
    assert any("Draft, not approved" in text for text in said)
    assert "This section still lacks:" in said


def test_libreoffice_opens_the_docx(description, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("soffice is not installed (libreoffice-writer)")
    (tmp_path / "d.docx").write_bytes(as_docx(draft_of(description)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "d.docx")],
        check=True, timeout=120, capture_output=True,
    )  # fmt: skip
    words = _said((tmp_path / "d.pdf").read_bytes(), "pdftotext", "-", "-")
    assert "Types of services provided" in words
    assert "Moves money & more." in words


@pytest.mark.parametrize(("ending", "media"), [
    ("pdf", "application/pdf"), ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
])  # fmt: skip
def test_taking_it_away_is_recorded(acme, mei, ending, media):
    with scope(acme):
        programme = make_programme(mei.actor)
    answer = mei.client.get(f"/o/acme/programmes/{programme.pk}/description/draft.{ending}")
    assert (answer.status_code, answer["Content-Type"]) == (200, media)
    assert answer["Content-Disposition"] == f'attachment; filename="acme-system-description-draft.{ending}"'
    with scope(acme):
        assert Entry.objects.get(action="descriptions.description.downloaded").after["standing"] == "Draft, not approved"
    assert mei.client.get(f"/o/acme/programmes/{programme.pk}/description/draft.html").status_code == 404
