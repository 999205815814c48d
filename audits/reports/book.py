"""A workbook in which nothing acts: text stays text, numbers are numbers, and memory stays flat."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, Any, Self

import xlsxwriter

from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here
from compliance.web.csv_lines import inert

#: What Excel holds: characters in a cell, rows on a sheet (the head is one), letters in the name of a sheet.
_CELL, _ROWS, _NAME = 32_767, 1_048_576, 31
_QUIET = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}  # fmt: skip


class Book:
    """A workbook on a temporary file that is gone once closed. Its last sheet says whose it is and as at when."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - whoever reads it closes it
        self._organization = Organization.objects.get(pk=here().organization_id)
        self._book = xlsxwriter.Workbook(self.file, _QUIET)
        self._head = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._cell = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._names: set[str] = {"about", "history"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None:
            self.file.close()
            return
        self.sheet("About", ("What", "Value"), self._about(), (24, 70), name_taken=True)
        self._book.set_properties({"title": self.title, "company": self._organization.name})
        self._book.close()
        self.file.seek(0)

    def sheet(
        self, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int], *, name_taken: bool = False
    ) -> None:
        """A sheet with a head that stays and can be filtered. Raises ValueError where it has more rows than Excel holds."""
        page = self._book.add_worksheet(name if name_taken else self._free(name))
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        page.freeze_panes(1, 0)
        page.repeat_rows(0)
        page.set_landscape()
        page.set_header(f"&L{self._said(self._organization.name)}&R{self._said(self._stamp)}")
        page.set_footer(f"&L{self._said(self.title)}&RPage &P of &N")
        self._row(page, 0, head, self._head)
        last = 0
        for last, row in enumerate(rows, start=1):
            if last >= _ROWS:
                raise ValueError(f"{name}: more than {_ROWS - 1:,} rows")
            self._row(page, last, row, self._cell)
        page.autofilter(0, 0, last, len(head) - 1)

    @property
    def _stamp(self) -> str:
        return "Sample company, simulated clock" if here().is_sample else "Management’s view"

    def _about(self) -> list[tuple[str, str]]:
        said = [
            ("Report", self.title), ("Organisation", self._organization.name), ("As at (UTC)", now().strftime("%Y-%m-%d %H:%M")),
            ("Whose view", "Management’s own view and estimate of severity; no opinion of an auditor."),
        ]  # fmt: skip
        return said + ([("Sample", self._stamp)] if here().is_sample else [])

    @staticmethod
    def _row(page: Any, number: int, row: Sequence[Any], look: Any) -> None:
        for column, value in enumerate(row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                page.write_number(number, column, value, look)
            else:
                page.write_string(number, column, _cut(inert(value)), look)

    def _free(self, name: str) -> str:
        """A name that Excel takes, and that no other sheet has."""
        plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip("' ")[:_NAME].strip("' ") or "Sheet"
        free, number = plain, 2
        while free.lower() in self._names:
            free, number = f"{plain[: _NAME - 4]} {number}", number + 1
        self._names.add(free.lower())
        return free

    @staticmethod
    def _said(text: str) -> str:
        """Text of a page's head or foot: an ampersand would begin a command there, and 255 letters are all it holds."""
        return text[:100].replace("&", "&&")


def _cut(text: str) -> str:
    """XlsxWriter leaves out what is too long for a cell: it is cut instead, and says so."""
    return text if len(text) <= _CELL else f"{text[: _CELL - 12]}… (cut off)"
