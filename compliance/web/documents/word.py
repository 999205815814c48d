"""Writing DOCX: real headings, real lists, tables with a head that repeats, a language and a title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from markdown_it.token import Token

from compliance.tenancy.clock import now

from .markdown import blocks_of
from .parts import Table

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LANGUAGE = "en-GB"


@dataclass
class _Marks:
    """What the words of a paragraph wear, and which list they stand in."""

    bold: int = 0
    italic: int = 0
    lists: list[str] = field(default_factory=list)
    quoted: int = 0


class WordDocument:
    """A document that is written from the top to the bottom, and then asked for its bytes."""

    def __init__(self, title: str, *, author: str, stamp: str = "") -> None:
        self._document: Any = Document()
        self._prepare(title, author, stamp)
        self._document.add_heading(title, level=0)
        if stamp:
            self.paragraph(stamp, bold=True)

    def heading(self, text: str, level: int) -> None:
        """A heading of level one to nine."""
        self._document.add_heading(text, level=min(level, 9))

    def paragraph(self, text: str, *, bold: bool = False) -> None:
        self._document.add_paragraph().add_run(text).bold = bold or None

    def table(self, shown: Table) -> None:
        """A caption, and a table whose first row is repeated on each page."""
        self._document.add_paragraph(shown.caption, style="Caption")
        grid = self._document.add_table(rows=0, cols=len(shown.head), style="Table Grid")
        _fill(grid, shown.head, bold=True)
        _repeat(grid.rows[0])
        for row in shown.rows:
            _fill(grid, row)
        self._document.add_paragraph()

    def markdown(self, text: str, *, under: int) -> None:
        """A text, its headings below level `under`."""
        _Setter(self._document).set(blocks_of(text, under=under))

    def contents(self, titles: Sequence[str]) -> None:
        """A table of contents that the reader's program fills in; until it does, the titles stand there."""
        self._document.add_heading("Contents", level=1)
        run = self._document.add_paragraph().add_run()
        _field(run, 'TOC \\o "1-2" \\h \\z \\u', "\n".join(titles))

    def content(self) -> bytes:
        """The file."""
        file = BytesIO()
        self._document.save(file)
        return file.getvalue()

    def _prepare(self, title: str, author: str, stamp: str) -> None:
        said = self._document.core_properties
        said.title, said.author, said.language, said.comments = title, author, LANGUAGE, stamp
        said.created = said.modified = now().replace(tzinfo=None)
        normal = self._document.styles["Normal"]
        normal.font.size = Pt(10.5)
        _language(normal.element.get_or_add_rPr())
        section = self._document.sections[0]
        section.orientation = WD_ORIENT.PORTRAIT
        section.header.paragraphs[0].text = f"{author} · {stamp or title}"
        _field(section.footer.paragraphs[0].add_run("Page "), "PAGE", "1")


class _Setter:
    """Sets the tokens of a Markdown text, one after another."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._marks = _Marks()
        self._next = "Normal"

    def set(self, tokens: Sequence[Token]) -> None:
        rows: list[list[str]] | None = None
        for token in tokens:
            if token.type == "table_open":
                rows = []
            elif token.type == "table_close" and rows:
                self._table(rows)
                rows = None
            elif rows is not None:
                _into_rows(rows, token)
            else:
                self._block(token)

    def _block(self, token: Token) -> None:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            self._marks.lists.append("List Bullet" if token.type.startswith("bullet") else "List Number")
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self._marks.lists.pop()
        elif token.type in {"blockquote_open", "blockquote_close"}:
            self._marks.quoted += token.nesting
        elif token.type == "heading_open":
            self._next = f"Heading {token.tag[1]}"
        elif token.type in {"fence", "code_block"}:
            self._document.add_paragraph(token.content.rstrip("\n"), style="No Spacing")
        elif token.type == "inline":
            self._words(self._document.add_paragraph(style=self._style()), token)
            self._next = "Normal"

    def _style(self) -> str:
        if self._next != "Normal":
            return self._next
        if self._marks.lists:
            depth = min(len(self._marks.lists), 3)
            return self._marks.lists[-1] + (f" {depth}" if depth > 1 else "")
        return "Quote" if self._marks.quoted else "Normal"

    def _words(self, paragraph: Any, inline: Token) -> None:
        link = ""
        for child in inline.children or []:
            if child.type in {"strong_open", "strong_close"}:
                self._marks.bold += child.nesting
            elif child.type in {"em_open", "em_close"}:
                self._marks.italic += child.nesting
            elif child.type == "link_open":
                link = str(child.attrGet("href") or "")
            elif child.type == "link_close" and link:
                paragraph.add_run(f" ({link})")
                link = ""
            else:
                self._run(paragraph, child)

    def _run(self, paragraph: Any, child: Token) -> None:
        text = {"softbreak": " ", "hardbreak": "\n"}.get(child.type, child.content)
        if not text:
            return
        run = paragraph.add_run(text)
        run.bold, run.italic = bool(self._marks.bold) or None, bool(self._marks.italic) or None
        if child.type == "code_inline":
            run.font.name = "DejaVu Sans Mono"

    def _table(self, rows: list[list[str]]) -> None:
        grid = self._document.add_table(rows=0, cols=max(map(len, rows)), style="Table Grid")
        for number, row in enumerate(rows):
            _fill(grid, row, bold=number == 0)
        _repeat(grid.rows[0])
        self._document.add_paragraph()


def _into_rows(rows: list[list[str]], token: Token) -> None:
    if token.type == "tr_open":
        rows.append([])
    elif token.type == "inline":
        rows[-1].append("".join(_said(token)))


def _said(inline: Token) -> Iterator[str]:
    for child in inline.children or []:
        yield " " if child.type == "softbreak" else child.content


def _fill(grid: Any, cells: Sequence[str], *, bold: bool = False) -> None:
    row = grid.add_row()
    for cell, text in zip(row.cells, cells, strict=False):
        cell.paragraphs[0].add_run(text).bold = bold or None


def _repeat(row: Any) -> None:
    properties = row._tr.get_or_add_trPr()
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    properties.append(head)


def _language(properties: Any) -> None:
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGE)
    properties.append(language)


def _field(run: Any, code: str, shown: str) -> None:
    """A field that a word processor works out; `shown` stands there until it does."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", shown), ("end", "")):
        if kind == "text":
            run.add_text(text)
            continue
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.set(qn("xml:space"), "preserve")
            part.text = text
        run._r.append(part)
