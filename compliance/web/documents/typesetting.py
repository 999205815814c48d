"""Setting a page of HTML as tagged PDF/UA with bookmarks, with nothing but our own static files within reach."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousOperation
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

#: Where static files stand for a report's style sheets. The name cannot exist (RFC 2606), and is never asked for.
OWN = "https://static.invalid/"


class OutOfReachError(ValueError):
    """A document asked for something that is not one of our static files."""


class StaticOnly(URLFetcher):
    """Serves our own static files and nothing else: no network, no other file, no inline data."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """One static file. Raises OutOfReachError for anything else."""
        found = self._found(unquote(url.removeprefix(OWN))) if url.startswith(OWN) else None
        if found is None:
            raise OutOfReachError(f"A report may not read {url}")
        kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, found.read_bytes(), {"Content-Type": kind})

    @staticmethod
    def _found(path: str) -> Path | None:
        try:
            found = finders.find(path)
        except (SuspiciousOperation, ValueError):
            return None
        return Path(found) if found and Path(found).is_file() else None


def typeset(text: str) -> bytes:
    """A page of HTML as PDF/UA-1. Its headings become the bookmarks."""
    made: bytes = HTML(string=text, base_url=OWN, url_fetcher=StaticOnly()).write_pdf(pdf_variant="pdf/ua-1")
    return made
