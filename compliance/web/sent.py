"""What a form was sent with."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

#: What a form adds to its file, in bytes: boundaries, fields, a note.
_BESIDE_FILE = 64 * 1024


def sent(request: HttpRequest) -> QueryDict | None:
    """The fields of a sent form, even where it has none; None where the form is only asked for."""
    return request.POST if request.method == "POST" else None


def sent_with_files(request: HttpRequest) -> tuple[QueryDict | None, MultiValueDict | None]:
    """The fields and the files."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def is_longer_than(request: HttpRequest, most_bytes: int) -> bool:
    """Whether a request is longer than a form with a file of `most_bytes` can be. Known before any of it is read."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > most_bytes + _BESIDE_FILE
