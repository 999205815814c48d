"""Asking a vendor whether its last answer still holds: the address of an answer, and the headers that ask."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from evidence.collectors.base import Kept


def address_of(path: str, params: Mapping[str, Any] | None) -> str:
    """A digest of what is asked: path and parameters, in any order."""
    asked = urlencode(sorted((str(name), str(value)) for name, value in (params or {}).items()))
    return hashlib.sha256(f"{path}?{asked}".encode()).hexdigest()


def asking_whether(kept: Kept) -> dict[str, str]:
    """The headers of a conditional request (RFC 9110, 13.1): by the entity tag where there is one, else by the time."""
    if kept.etag:
        return {"If-None-Match": kept.etag}
    return {"If-Modified-Since": kept.modified} if kept.modified else {}
