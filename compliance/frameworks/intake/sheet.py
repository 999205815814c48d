"""Requirements from a CSV or XLSX list: a row each, columns by their head or as a person maps them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from compliance.web.book_rows import UnreadableBookError, book_rows, cell_text
from compliance.web.imports.cells import restored

from .library import MOST_REQUIREMENTS, Edition, Library, Options
from .safe import UnreadableError, decoded
from .tree import Node, entries_of, shaped
from .words import flag_of, slug, text_of

#: Fields of a requirement, and the heads under which lists usually have them.
FIELDS: dict[str, tuple[str, ...]] = {
    "ref": (
        "ref",
        "reference",
        "ref_id",
        "id",
        "control id",
        "requirement id",
        "identifier",
        "control",
        "number",
        "no",
    ),
    "title": ("title", "name", "control name", "requirement name", "short text", "heading"),
    "text": ("text", "description", "requirement", "statement", "control description", "requirement text", "wording"),
    "parent": ("parent", "parent ref", "parent_ref", "parent id", "section", "group"),
    "level": ("level", "kind", "type"),
    "assessable": ("assessable", "assessed", "in assessment"),
    "category": ("category", "domain", "family"),
    "theme": ("theme",),
    "series": ("series",),
    "points": ("guidance", "points of focus", "points"),
}
_MOST_UNPACKED = 120 * 1024 * 1024
_MOST_COLUMNS = 60


def read_sheet(content: bytes, name: str, library: Library, options: Options) -> None:
    """Read a list of requirements into `library`. Raises UnreadableError."""
    is_book = content.startswith(b"PK")
    library.format = "XLSX list" if is_book else "CSV list"
    rows = _numbered(_book_rows(content) if is_book else _csv_rows(content))
    if not rows:
        raise UnreadableError("The list is empty.")
    columns = columns_of(rows[0][1], options.columns)
    library.title = options.title or name.rpartition(".")[0] or name
    if "ref" not in columns or not {"title", "text"} & columns.keys():
        there = ", ".join(f"“{head}”" for head in rows[0][1] if head)
        library.fault("line 1", f"say which columns hold the reference and its text. There are: {there}.")
        return
    nodes = [node for line, cells in rows[1:] if (node := _node(line, cells, columns, library)) is not None]
    if not nodes and not library.faults:
        library.fault("line 2", "there is no row below the head.")
    _link(nodes, library, stated="parent" in columns)
    entries = entries_of(nodes, library) if nodes else []
    edition = Edition(
        key=options.key or slug(library.title) or "list", title=library.title, short_title=library.title,
        version=options.version or "1", publisher=options.publisher, licence_note="", external_id="",
        entries=tuple(entries),
    )  # fmt: skip
    library.editions.append(shaped(edition, options.guidance_depth or 0))


def heads_of(content: bytes) -> list[str]:
    """The names of a list's columns. Raises UnreadableError."""
    rows = _numbered(_book_rows(content) if content.startswith(b"PK") else _csv_rows(content), most=1)
    return [head for head in rows[0][1] if head] if rows else []


def columns_of(head: Sequence[str], chosen: Mapping[str, str]) -> dict[str, int]:
    """Where each field stands: as chosen by name of column, else by the usual heads; each column serves once."""
    plain = [cell.strip().lower().replace("_", " ") for cell in head]
    found: dict[str, int] = {}
    for name, column in chosen.items():
        if name in FIELDS and column in head:
            found[name] = list(head).index(column)
    for name, usual in FIELDS.items():
        if name in found or name in chosen:
            continue
        place = next((plain.index(each.replace("_", " ")) for each in usual if each.replace("_", " ") in plain), None)
        if place is not None and place not in found.values():
            found[name] = place
    return found


def _numbered(lines: Iterator[tuple[int, list[str]]], most: int = MOST_REQUIREMENTS + 1) -> list[tuple[int, list[str]]]:
    rows = []
    for line, cells in lines:
        if any(cells):
            rows.append((line, cells))
        if len(rows) > most:
            if most > 1:
                raise UnreadableError(f"The list is longer than {MOST_REQUIREMENTS:,} rows.")
            break
    return rows


def _csv_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = decoded(content)
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in lines:
            yield lines.line_num, [text_of(restored(cell)) for cell in cells[:_MOST_COLUMNS]]
    except csv.Error as fault:
        raise UnreadableError(f"This line cannot be read as CSV: {fault}.", f"line {lines.line_num}") from None


def _book_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        for line, cells in book_rows(content, most_columns=_MOST_COLUMNS, most_unpacked=_MOST_UNPACKED):
            yield line, [text_of(cell_text(cell)) for cell in cells]
    except UnreadableBookError as fault:
        raise UnreadableError(str(fault)) from fault


def _node(line: int, cells: list[str], columns: Mapping[str, int], library: Library) -> Node | None:
    def cell(name: str) -> str:
        place = columns.get(name)
        return cells[place] if place is not None and place < len(cells) else ""

    where = f"line {line}"
    ref = cell("ref")
    if not ref:
        library.fault(where, "there is no reference.")
        return None
    if not (cell("title") or cell("text")):
        library.fault(where, f"{ref} has neither title nor text.")
    assessable = flag_of(cell("assessable")) if cell("assessable") else None
    if cell("assessable") and assessable is None:
        library.fault(where, f"{ref}: “{cell('assessable')}” is neither yes nor no.")
    attributes = {"guidance": cell("points")} if cell("points") else {}
    return Node(
        id=ref, parent_id=cell("parent"), where=where, ref=ref, title=cell("title"), text=cell("text"),
        assessable=assessable, level=cell("level"), category=cell("category"), attributes=attributes,
        fields={"series": cell("series")[:120], "theme": cell("theme")[:120]},
    )  # fmt: skip


def _link(nodes: list[Node], library: Library, *, stated: bool) -> None:
    """Where no column names the row above, it is the one whose reference this one continues: 4.1 above 4.1.2."""
    if stated:
        return
    refs = {node.ref for node in nodes}
    for node in nodes:
        above = node.ref
        while "." in above and not node.parent_id:
            above = above.rpartition(".")[0]
            if above in refs:
                node.parent_id = above
    if any(node.parent_id for node in nodes):
        library.notes.append("No column names the row above each row: it was read from the references.")
