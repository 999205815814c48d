"""The templates that a person fills in: documents to write and sheets to complete, in our own words. No models here.

A document is a Markdown file, a sheet a YAML file with its columns in order and what each has to hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from compliance.frameworks.catalogue import CatalogueError, load_yaml

FOLDER = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Template:
    """One template. A document has a `body`, a sheet `about` and `columns`: name to what it holds."""

    key: str
    title: str
    body: str = ""
    about: str = ""
    columns: Mapping[str, str] | None = None

    @property
    def is_sheet(self) -> bool:
        return self.columns is not None


@cache
def templates() -> Mapping[str, Template]:
    """Every template by key, by title. Raises CatalogueError where a file is not sound. Read once in a process."""
    found = [_read(path) for path in FOLDER.iterdir() if path.suffix in {".md", ".yaml"}]
    return {each.key: each for each in sorted(found, key=lambda each: (each.title, each.key))}


def _read(path: Path) -> Template:
    if path.suffix == ".md":
        first, _, body = path.read_text(encoding="utf-8").partition("\n")
        if not first.startswith("# ") or not body.strip():
            raise CatalogueError(path.name, ["no title, or nothing below it"])
        return Template(path.stem, first[2:].strip(), body=body.strip())
    given = load_yaml(path)
    if set(given) != {"title", "about", "columns"} or not all(isinstance(cell, str) for pair in given["columns"].items() for cell in pair):
        raise CatalogueError(path.name, ["a sheet has title, about and columns, each with what it holds"])
    return Template(path.stem, given["title"], about=given["about"], columns=given["columns"])
