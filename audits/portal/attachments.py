"""A version as it leaves the portal: an attachment that nothing opens in place."""

from __future__ import annotations

from django.http import FileResponse, Http404

from evidence.models import Version
from evidence.storage import open_stored

#: Everything else is handed out as bytes without a meaning. Nothing is ever shown in the browser.
_SAFE_TYPES = frozenset({
    "application/json", "application/pdf", "application/zip", "image/jpeg", "image/png", "text/csv", "text/plain",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
})  # fmt: skip


def version_attached(version: Version) -> FileResponse:
    """The stored bytes of a version. 404 where the store has none."""
    try:
        stored = open_stored(version.sha256)
    except FileNotFoundError as error:
        raise Http404("The bytes of this version are not in the store.") from error
    kind = version.media_type.partition(";")[0].strip().lower()
    answer = FileResponse(
        stored, as_attachment=True, filename=version.filename or f"{version.artefact.ref}-v{version.number}",
        content_type=kind if kind in _SAFE_TYPES else "application/octet-stream",
    )  # fmt: skip
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Digest"] = f"sha-256={version.sha256}"
    return answer
