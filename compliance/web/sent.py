"""What a form was sent with."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict


def sent(request: HttpRequest) -> QueryDict | None:
    """The fields of a sent form, even where it has none; None where the form is only asked for."""
    return request.POST if request.method == "POST" else None


def sent_with_files(request: HttpRequest) -> tuple[QueryDict | None, MultiValueDict | None]:
    """The fields and the files."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
