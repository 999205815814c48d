"""How the body of a push is read: one document with rows in it, or rows alone that are kept beside memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from rest_framework.parsers import BaseParser, JSONParser

from compliance.web.problems import TooLarge

from .push.streams import MOST_BYTES

LINES = "application/x-ndjson"
_PIECE = 64 * 1024


def tells_by_query(request: Any) -> bool:
    """Whether the call says in its query what it pushes, so that its body is rows and nothing else."""
    return "source" in request.query_params


class DocumentParser(JSONParser):
    """JSON: the document of a push, or the array of its rows where the query says the rest."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        if parser_context and tells_by_query(parser_context["request"]):
            return {"rows": spooled(stream)}
        return super().parse(stream, media_type, parser_context)


class LinesParser(BaseParser):
    """JSON Lines: a row on each line."""

    media_type = LINES

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        return {"rows": spooled(stream)}


def spooled(stream: IO[bytes]) -> TemporaryUploadedFile:
    """The body as a temporary file, which is gone when it is let go. Raises TooLarge."""
    file = TemporaryUploadedFile("rows", "application/json", 0, None)
    while piece := stream.read(_PIECE):
        file.size = (file.size or 0) + len(piece)
        if file.size > MOST_BYTES:
            file.close()
            raise TooLarge
        file.write(piece)
    file.seek(0)
    return file
