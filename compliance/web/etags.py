"""Entity tags of the API: a tag is the digest of what a caller would read, so it changes when anything shown does."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.utils.http import parse_etags
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer


class PreconditionFailed(APIException):
    """`If-Match` names another state than the present one: somebody changed it meanwhile."""

    status_code = 412
    default_detail = "This was changed since you read it. Read it again, and decide anew. Nothing was written."
    default_code = "precondition_failed"


def etag_of(shown: Any) -> str:
    """The tag of a representation."""
    return f'"{hashlib.sha256(JSONRenderer().render(shown)).hexdigest()[:32]}"'


def unchanged(headers: Mapping[str, str], tag: str) -> bool:
    """Whether `If-None-Match` says that the caller holds this very state (weak comparison, RFC 9110, 13.1.2)."""
    return _named(headers.get("If-None-Match", ""), tag)


def check_precondition(headers: Mapping[str, str], shown: Any) -> None:
    """Raises PreconditionFailed where `If-Match` is given and names another state."""
    given = headers.get("If-Match")
    if given is not None and not _named(given, etag_of(shown)):
        raise PreconditionFailed


def _named(header: str, tag: str) -> bool:
    tags = parse_etags(header)
    return "*" in tags or tag in {each.removeprefix("W/") for each in tags}
