"""PDFs that are not set: where only the way to them is looked at, their template is still rendered and nothing is laid out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from compliance.web.documents import typesetting


class _Blank:
    """In the place of WeasyPrint's HTML: a page takes a second to lay out, and no question of the address reaches that."""

    def __init__(self, **given: Any) -> None: ...

    def write_pdf(self, **given: Any) -> bytes:
        return b"%PDF-1.7\n%%EOF\n"


@contextmanager
def unprinted() -> Iterator[None]:
    """Every PDF is a blank one inside."""
    with mock.patch.object(typesetting, "HTML", _Blank):
        yield
