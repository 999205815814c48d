"""A finished pack as it leaves the house: an attachment that nothing opens in place, and an entry in the trail."""

from __future__ import annotations

from base64 import b64encode

from django.http import FileResponse

from compliance.trail.actors import Actor
from compliance.trail.services import record
from evidence.storage import open_stored

from .models import Pack


def zip_of(pack: Pack, *, actor: Actor, media_type: str = "application/zip") -> FileResponse:
    """The zip, and in the trail who took it. Raises FileNotFoundError where the store has none."""
    answer = attachment_of(pack, media_type)
    record(
        actor=actor, action="evidence_packs.pack.downloaded", target=pack, label=pack.title,
        after={"filename": pack.filename, "sha256": pack.sha256},
    )  # fmt: skip
    return answer


def attachment_of(pack: Pack, media_type: str = "application/zip") -> FileResponse:
    """The zip alone: whoever hands it out says so in a place of their own. Raises FileNotFoundError where the store has none."""
    stored = open_stored(pack.sha256)
    answer = FileResponse(stored, as_attachment=True, filename=pack.filename, content_type=media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Content-Length"] = str(pack.size)
    answer["Repr-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(pack.sha256)).decode()}:"
    return answer
