"""The workbook of a campaign, as an auditor reads it: the review, its accounts, what was removed, what was looked at."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

import xlsxwriter

from compliance.web.imports.cells import neutral

_QUIET = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_CELL = 32_767
_ACCOUNTS = {
    "system": "System", "name": "Account", "person": "Person", "status": "Status", "entitlements": "Holds", "privileged": "Privileged",
    "unused": "Unused 90 days", "orphan": "Nobody’s", "left": "Person has left", "service": "Service account", "since": "Since",
    "last_used_at": "Last used", "verdict": "Decision", "take": "Taken away", "reason": "Reason", "decided_by": "Decided by",
    "decided_at": "Decided at", "many": "Several at once", "unread": "Could not be read", "key": "Key",
}  # fmt: skip
_REMOVALS = {
    "system": "System", "name": "Account", "take": "What has to go", "asked_at": "Asked", "due_on": "Due", "state": "State",
    "seen_at": "Last looked", "gone_at": "Gone in the list of", "proof": "SHA-256 of that list",
}  # fmt: skip
_LISTS = {
    "system": "System", "name": "Name", "origin": "List", "collected_at": "As at", "rows": "Accounts", "sha256": "SHA-256 of the list",
    "leaves_out": "Leaves out", "reviewer": "Reviewer", "stand_in": "Decides on the reviewer’s own", "signed_by": "Signed by",
    "signed_at": "Signed at", "answer": "Said to having changed nothing",
}  # fmt: skip
_SOURCES = {"system": "System", "kind": "Kind", "collected_at": "Collected", "rows": "Rows", "sha256": "SHA-256"}
_REVIEW = {
    "ref": "Reference", "name": "Name", "control": "Control", "requirement": "Evidence requirement", "covers_from": "Covers from",
    "covers_to": "to", "due_on": "Due", "started_at": "Begun", "settled_at": "Completed", "settled_by": "by", "late": "Late",
}  # fmt: skip


def write_book(told: Mapping[str, Any]) -> IO[bytes]:
    """A record of `record.record_of` as a workbook on a temporary file that is gone once closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book = xlsxwriter.Workbook(file, _QUIET)
    book.set_properties({"title": f"{told['ref']} {told['name']}"})
    looks = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    _sheet(book, "Review", ("What", "Value"), ([label, told[name]] for name, label in _REVIEW.items()), looks)
    _table(book, "Accounts", _ACCOUNTS, told["accounts"], looks)
    _table(book, "Removals", _REMOVALS, told["removals"], looks)
    _table(book, "Lists", _LISTS, told["lists"], looks)
    sources = [{"system": each["system"], **source} for each in told["lists"] for source in each["sources"]]
    _table(book, "Sources", _SOURCES, sources, looks)
    book.close()
    file.seek(0)
    return file


def _table(book: Any, name: str, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]], looks: Any) -> None:
    _sheet(book, name, list(columns.values()), ([row[column] for column in columns] for row in rows), looks)


def _sheet(book: Any, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]], looks: Any) -> None:
    page, (bold, wrapped) = book.add_worksheet(name), looks
    page.set_column(0, len(head) - 1, 22)
    page.freeze_panes(1, 0)
    for column, cell in enumerate(head):
        page.write_string(0, column, cell, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, int) and not isinstance(cell, bool):
                page.write_number(number, column, cell, wrapped)
            else:
                page.write_string(number, column, _text(cell), wrapped)


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, list):
        return neutral("; ".join(map(str, cell)))[:_CELL]
    return "" if cell is None else neutral(str(cell))[:_CELL]
