"""What an auditor would bounce of a held file, once its span and its capture are stated."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from ..models import EvidenceLink
from ..reading import lint
from ..reading.readers import read
from ..reading.selectors import periods_of, twins_of
from .joining import opened
from .models import Upload, UploadState
from .services import Statement, parts_of


def linted(upload: Upload, statement: Statement, *, zone: str) -> list[lint.Found]:
    """What the rules say of a file with what is stated of it; nothing of one that is not held."""
    if upload.state != UploadState.HELD:
        return []
    with opened(parts_of(upload)) as file:
        reading = read(file, upload.media_type)
    local = ZoneInfo(zone)
    served = {each.pk for each in statement.requirements} | ({upload.requirement_id} if upload.requirement_id else set())
    if statement.artefact is not None:
        served |= set(EvidenceLink.objects.filter(artefact=statement.artefact).values_list("requirement_id", flat=True))
    return lint.lint(
        lint.Brought(
            reading=reading, capture=statement.capture or {}, first=statement.effective_start.astimezone(local).date(),
            last=statement.effective_end.astimezone(local).date(), periods=periods_of([each for each in served if each]),
            twins=twins_of(upload.sha256, reading.text_sha256),
        )  # fmt: skip
    )
