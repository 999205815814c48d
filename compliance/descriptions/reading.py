"""A description as it stands now: text, tables of the registers, and what each section lacks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from compliance.web.documents.differences import Line, differences
from compliance.web.documents.figures import Figure, figure_of
from compliance.web.documents.parts import Table, table_of

from .models import Description, Section, Version
from .sections import BY_KEY, Criterion, Lack, criteria_for, given_by_registers, lines_of

#: What people leave standing for text that is to come. Found in a section, it lacks something.
_PLACEHOLDER = re.compile(
    r"\b(?:TODO|TBC|TBD|FIXME|XXX)\b|\blorem ipsum\b|\[(?:insert|to be|…|\.\.\.)[^\]]*\](?!\()|<[a-z][^>:\n]{1,60}>", re.IGNORECASE
)


@dataclass(frozen=True)
class Shown:
    """A section as page, PDF and DOCX show it."""

    criterion: Criterion
    text: str
    tables: tuple[Table, ...]
    lacks: tuple[Lack, ...]
    section: Section | None = None
    figures: tuple[Figure, ...] = ()

    def lines(self) -> list[str]:
        return lines_of(self.text, self.tables)

    def kept(self) -> dict[str, Any]:
        """As a version keeps it."""
        figures = {"figures": [each.kept() for each in self.figures]} if self.figures else {}
        return {
            "key": self.criterion.key, "title": self.criterion.title, "text": self.text,
            "tables": [each.kept() for each in self.tables], "lacks": [each.text for each in self.lacks], **figures,
        }  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """What differs in one section."""

    criterion: Criterion
    lines: list[Line]


def present_sections(description: Description) -> list[Shown]:
    """Every section as it stands now, in order."""
    programme = description.programme
    written = {section.key: section for section in description.sections.all()}
    given = given_by_registers(programme)
    shown = []
    for criterion in criteria_for(programme):
        section, facts = written.get(criterion.key), given[criterion.key]
        text = section.text if section else ""
        lacks = (*lacks_of(text), *facts.lacks)
        shown.append(Shown(criterion, text, tuple(facts.tables), lacks, section, tuple(facts.figures)))
    return shown


def sections_of(version: Version) -> list[Shown]:
    """The sections that a version kept."""
    return [
        Shown(
            BY_KEY[each["key"]], each["text"], tuple(table_of(kept) for kept in each["tables"]),
            tuple(Lack(text) for text in each["lacks"]), figures=tuple(map(figure_of, each.get("figures", ()))),
        )
        for each in version.sections
    ]  # fmt: skip


def lacks_of(text: str) -> tuple[Lack, ...]:
    """What the text itself lacks: nothing is written, or a placeholder still stands in it."""
    if not text.strip():
        return (Lack("Nothing is written."),)
    found = sorted({match.group(0) for match in _PLACEHOLDER.finditer(text)})
    return tuple(Lack(f"The text still holds a placeholder: {each[:60]}") for each in found[:10])


def between(before: Version, after: Version | list[Shown]) -> list[Difference]:
    """The sections that differ between a version and a later one, or what stands now."""
    old = {each.criterion.key: each.lines() for each in sections_of(before)}
    new = {each.criterion.key: each.lines() for each in (after if isinstance(after, list) else sections_of(after))}
    found = [Difference(BY_KEY[key], differences(old.get(key, []), new.get(key, []))) for key in BY_KEY]
    return [each for each in found if each.lines]
