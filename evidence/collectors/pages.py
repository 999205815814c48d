"""Stored bytes back to raw pages; how they come to be stored is in `spool`."""

from __future__ import annotations

import gzip
import json
from typing import Any

from evidence.storage import open_stored

from .base import Page
from .spool import page_of

MEDIA_TYPE = "application/gzip"


def unpacked(sha256: str) -> list[Page]:
    """The pages stored under a digest."""
    with open_stored(sha256) as stored:
        document: dict[str, Any] = json.loads(gzip.decompress(stored.read()))
    return [page_of(page) for page in document["pages"]]
