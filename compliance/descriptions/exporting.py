"""A description as PDF and as DOCX. A draft says on every page that it is one, and what it still lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here
from compliance.web.documents.paper import set_as_pdf
from compliance.web.documents.versions import file_name, stamp_of
from compliance.web.documents.word import WordDocument

from .models import Description, Version
from .reading import Shown, present_sections, sections_of


@dataclass(frozen=True)
class Edition:
    """What is exported: a version, or the draft as it stands now."""

    description: Description
    version: Version | None
    sections: list[Shown]

    @property
    def stamp(self) -> str:
        """What every page says of its standing; empty for an approved version of a real organisation."""
        return stamp_of(self.version)

    @property
    def lacks(self) -> int:
        return sum(len(shown.lacks) for shown in self.sections)

    @property
    def name(self) -> str:
        """Its file name, without an ending."""
        return file_name("system-description", self.version)


def draft_of(description: Description) -> Edition:
    """The description as it stands now."""
    return Edition(description, None, present_sections(description))


def edition_of(version: Version) -> Edition:
    """A version as it was kept."""
    return Edition(version.description, version, sections_of(version))


def as_pdf(edition: Edition) -> bytes:
    """Tagged PDF/UA-1 with bookmarks and a table of contents."""
    return set_as_pdf("descriptions/paper.html", _context(edition))


def as_docx(edition: Edition) -> bytes:
    """DOCX with headings, tables, language and title."""
    context = _context(edition)
    word = WordDocument(context["title"], author=context["organization"].name, stamp=edition.stamp)
    for term, fact in context["facts"]:
        word.paragraph(f"{term}: {fact}")
    word.contents([f"{shown.criterion.label} {shown.criterion.title}" for shown in edition.sections])
    for shown in edition.sections:
        _section(word, shown)
    return word.content()


def _section(word: WordDocument, shown: Shown) -> None:
    word.heading(f"{shown.criterion.label} {shown.criterion.title}", 1)
    if shown.lacks:
        word.paragraph("This section still lacks:", bold=True)
        word.markdown("\n".join(f"- {_plain(lack.text)}" for lack in shown.lacks), under=1)
    word.markdown(shown.text, under=1)
    for figure in shown.figures:  # a drawing is SVG, which DOCX holds only beside a picture made of pixels
        word.paragraph(f"{figure.title}. {figure.description} The drawing itself is in the PDF of this description.")
    for each in shown.tables:
        word.table(each)


def _plain(text: str) -> str:
    """A sentence of ours with names of theirs in it: none of it is markup."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|" else sign for sign in text)


def _context(edition: Edition) -> dict[str, Any]:
    programme = edition.description.programme
    organization = Organization.objects.get(pk=here().organization_id)
    return {
        "edition": edition, "organization": organization, "programme": programme, "sections": edition.sections,
        "stamp": edition.stamp, "title": f"System description of {organization.name}", "facts": _facts(edition),
    }  # fmt: skip


def _facts(edition: Edition) -> list[tuple[str, str]]:
    programme, version = edition.description.programme, edition.version
    facts = [("Programme", f"{programme.name} ({programme.get_kind_display()})")]
    if programme.period_start and programme.period_end:
        facts.append(("Period", f"{programme.period_start:%d %B %Y} to {programme.period_end:%d %B %Y}"))
    elif programme.as_of:
        facts.append(("As of", f"{programme.as_of:%d %B %Y}"))
    if version is None:
        facts.append(("Standing", f"Draft of {now():%d %B %Y, %H:%M} UTC, not approved"))
    else:
        facts.append(("Version", f"{version.number}, kept on {version.kept_at:%d %B %Y} by {version.kept_by}"))
        approval = getattr(version, "approval", None)
        said = f"{approval.approved_by_label}, {approval.approved_at:%d %B %Y}" if approval else "Not approved"
        facts.append(("Approved by", said))
    return facts
