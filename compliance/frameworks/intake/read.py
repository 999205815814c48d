"""Reading any file of frameworks: what it is, is told by its content and not by its name."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from .ciso import is_library, read_library
from .library import Library, Options
from .oscal import read_oscal, root_of
from .safe import UnreadableError, decoded, from_json, from_yaml
from .sheet import read_sheet

_SHEETS = (".csv", ".tsv", ".xlsx")
_FORMATS = "CISO Assistant libraries, OSCAL catalogues and profiles (JSON or YAML), and CSV or XLSX lists can be read."


def read(content: bytes, name: str, options: Options | None = None) -> Library:
    """A file as a library. What keeps it from being loaded is in `faults`; this never raises for what a file says."""
    library = Library()
    options = options or Options()
    try:
        if content.startswith(b"PK") or name.lower().endswith(_SHEETS):
            read_sheet(content, name, library, options)
        else:
            _read_document(decoded(content), library, options)
    except UnreadableError as refused:
        library.fault(refused.where, refused.what)
    _check_heads(library)
    if not library.faults and not (library.editions or library.pair_sets or library.suggested or library.profile):
        library.fault("", "There is nothing in it to load.")
    return library


def _read_document(text: str, library: Library, options: Options) -> None:
    first = text.lstrip()[:1]
    if first == "<":
        raise UnreadableError(f"The file is XML or HTML. {_FORMATS}")
    values: Any
    if first in "{[":
        try:
            values = from_json(text)
        except UnreadableError as refused:
            if not refused.what.startswith("Not JSON") or re.match(r"\s*[{\[]\s*[\"}\]]", text):
                raise
            values, notes = from_yaml(text)  # YAML written in braces
            library.notes += notes
    else:
        values, notes = from_yaml(text)
        library.notes += notes
    if is_library(values):
        read_library(values, library, options)
    elif root := root_of(values):
        read_oscal(values, root, library, options)
    else:
        library.fault("", f"Neither “objects” nor a root of OSCAL is in it. {_FORMATS}")


_LIMITS = {"key": 60, "title": 200, "short_title": 120, "version": 80, "publisher": 200}


def _check_heads(library: Library) -> None:
    """Names that are longer than a framework's may be are cut, and said."""
    for number, edition in enumerate(library.editions):
        cut = {
            name: getattr(edition, name)[:most] for name, most in _LIMITS.items() if len(getattr(edition, name)) > most
        }
        if cut:
            library.notes.append(f"Cut to their longest length: {', '.join(cut)}.")
            library.editions[number] = replace(edition, **cut)
    keys = [(edition.key, edition.version) for edition in library.editions]
    for key, version in sorted({each for each in keys if keys.count(each) > 1}):
        library.fault("", f"Two frameworks in the file are both called {key}, version {version}.")
