"""The auditor's own notes, to take away at any time."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.http import StreamingHttpResponse

from compliance.tenancy.rooms import scope
from compliance.web.csv_lines import csv_lines

from ...models import Seat
from ..guards import SeatedRequest, seated
from ..selectors import notes_of

_HEAD = ("Request", "What was asked", "Note", "Written at (UTC)")


@seated
def export_notes(request: SeatedRequest, organization: str, audit: UUID) -> StreamingHttpResponse:
    """Own notes as CSV."""
    lines = _lines(request.seat)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.seat.audit.ref}-notes.csv"'
    return response


def _lines(seat: Seat) -> Iterator[str]:
    """The page's transaction is over when this is read, so it opens a room of its own."""
    with scope(seat.organization_id):
        notes = notes_of(seat).iterator(chunk_size=500)
        yield from csv_lines(
            _HEAD, ((note.request.ref, note.request.title, note.text, note.at.isoformat()) for note in notes)
        )
