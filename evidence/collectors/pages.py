"""Raw pages to stored bytes and back. The bytes are what is hashed and kept, so they are made the same way every time."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from typing import Any

from evidence.storage import open_stored

from .base import FactKind, Page

MEDIA_TYPE = "application/gzip"


def packed(kind: FactKind, pages: Sequence[Page]) -> bytes:
    """The pages of one collection as gzipped canonical JSON."""
    document = {
        "fact_kind": kind.id, "collector_version": kind.version,
        "pages": [{"call": page.call, "parameters": dict(page.parameters), "body": page.body} for page in pages],
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def unpacked(sha256: str) -> list[Page]:
    """The pages stored under a digest."""
    with open_stored(sha256) as stored:
        document: dict[str, Any] = json.loads(gzip.decompress(stored.read()))
    return [Page(page["call"], page["parameters"], page["body"]) for page in document["pages"]]
