"""The boundary diagram in the system description: drawn where the components are told, and kept with a version."""

from __future__ import annotations

import io

import pytest
from django.core.cache import cache
from docx import Document

from compliance.descriptions.exporting import as_docx, as_pdf, draft_of, edition_of
from compliance.descriptions.reading import present_sections, sections_of
from compliance.descriptions.services import description_for, keep_version
from compliance.programmes.services import cover_services
from compliance.tenancy.rooms import scope
from tests.boundary.test_take_away import uncompressed
from tests.factories.compliance import make_programme, make_system


@pytest.fixture
def description(acme, mei, register):
    with scope(acme):
        yield description_for(make_programme(mei.actor))


def components(sections):
    return next(shown for shown in sections if shown.criterion.key == "DC3")


def test_it_stands_in_the_components_as_the_programme_covers_them(description, mei, register):
    (figure,) = components(present_sections(description)).figures
    assert "6 systems inside the boundary" in figure.description
    cover_services(actor=mei.actor, programme=description.programme, services=[register.services["Payments"]])
    (figure,) = components(present_sections(description)).figures
    assert "1 system of other services" in figure.description


def test_its_page_and_its_version_show_it(description, mei):
    programme = description.programme
    page = mei.client.get(f"/o/acme/programmes/{programme.pk}/description/sections/DC3/").content.decode()
    assert 'class="figure"' in page
    keep_version(actor=mei.actor, description=description)
    assert 'class="figure"' in mei.client.get(f"/o/acme/programmes/{programme.pk}/description/versions/1/").content.decode()


def test_a_version_keeps_it_as_it_was_drawn(description, mei):
    version = keep_version(actor=mei.actor, description=description)
    before = components(sections_of(version)).figures
    make_system(mei.actor, "Latecomer", decision="in")
    version.refresh_from_db()
    assert components(sections_of(version)).figures == before
    assert "Latecomer" not in before[0].content
    assert "Latecomer" in components(present_sections(description)).figures[0].content


def test_nothing_changed_still_holds_with_a_drawing(description, mei):
    from django.core.exceptions import ValidationError

    keep_version(actor=mei.actor, description=description)
    with pytest.raises(ValidationError, match="Nothing has changed"):
        keep_version(actor=mei.actor, description=description)


def test_the_pdf_has_it_with_alternative_text_and_the_docx_says_where_it_is(description, mei):
    version = keep_version(actor=mei.actor, description=description)
    for edition in (draft_of(description), edition_of(version)):
        plain = uncompressed(as_pdf(edition))
        assert b"/Alt (Boundary diagram of SOC 2 Type II, 2026. 6 systems inside" in plain
        assert plain.count(b"/S /Figure") == plain.count(b"/Alt ")
        said = [paragraph.text for paragraph in Document(io.BytesIO(as_docx(edition))).paragraphs]
        assert any("The drawing itself is in the PDF" in text and "6 systems inside" in text for text in said)


def test_without_graphviz_the_section_lacks_it_and_says_why(description, monkeypatch):
    cache.clear()
    monkeypatch.setenv("PATH", "/nowhere")
    shown = components(present_sections(description))
    assert shown.figures == ()
    assert any("The boundary diagram is not drawn: Graphviz is not installed" in lack.text for lack in shown.lacks)
    cache.clear()
