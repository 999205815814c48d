"""Writes that can be sent twice and are done once: what a key may look like, and when two requests are the same.

Where the answers are kept is compliance/people/idempotency.py: they belong to a token.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replay"
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
LONGEST = 128
_KEY = re.compile(rf"^[!-~]{{1,{LONGEST}}}$")


class KeyUsedBefore(APIException):
    """The same key with another request: whoever sent it is mistaken about one of the two."""

    status_code = 422
    default_detail = "This idempotency key was used before, with another request. Nothing was done."
    default_code = "key_used_before"


class UnderWay(APIException):
    """The same key at the same moment: the first is not done yet."""

    status_code = 409
    default_detail = "A request with this idempotency key is under way. Ask again in a moment."
    default_code = "under_way"


def key_of(request: Request) -> str | None:
    """The key of a write, or None. Raises ParseError for one that is none."""
    given = request.headers.get(HEADER)
    if given is None or request.method not in WRITES:
        return None
    if not _KEY.match(given):
        raise ParseError(f"{HEADER} is 1 to {LONGEST} visible ASCII characters.")
    return given


def fingerprint(request: Request) -> str:
    """What makes two writes the same: method, address and body. A file counts by its name and its bytes."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    body = request.data
    fields = {name: body.getlist(name) for name in body} if hasattr(body, "getlist") else body
    digest.update(json.dumps(fields, sort_keys=True, default=_plain).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, UploadedFile):
        content = hashlib.sha256()
        for chunk in value.chunks():
            content.update(chunk)
        value.seek(0)
        return {"name": value.name, "sha256": content.hexdigest()}
    return DjangoJSONEncoder().default(value)


def kept_headers(headers: Mapping[str, str], names: Iterable[str] = ("ETag", "Location")) -> dict[str, str]:
    """What of an answer's headers is worth giving again."""
    return {name: headers[name] for name in names if name in headers}
