"""How a version looks, drawn by ourselves: a page by itself, or a panel of the artefact's; and its pages as pictures."""

from __future__ import annotations

from uuid import UUID

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest

from ..models import Version
from ..reading.preview import NoPictureError, Preview, page_of, preview
from ..storage import open_stored
from .finding import version_or_404

#: Seconds for which a drawn page is kept: somebody who leafs through a document does not wait twice.
_KEPT = 900


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def look(request: PageRequest, organization: str, version: UUID) -> HttpResponse:
    """The preview; `?page=3` shows one page of a PDF."""
    found = version_or_404(version)
    shown = preview_of(found)
    asked = request.GET.get("page", "1")
    page = min(max(int(asked), 1), shown.pages or 1) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1
    template = "evidence/_preview.html" if request.htmx else "evidence/preview.html"  # type: ignore[attr-defined]
    return render(request, template, {"version": found, "artefact": found.artefact, "preview": shown, "page": page})


def preview_of(version: Version) -> Preview:
    """The preview of a version's stored bytes, or why there is none."""
    try:
        with open_stored(version.sha256) as stored:
            return preview(stored, version.media_type.partition(";")[0])
    except FileNotFoundError:
        return Preview("none", reason="The bytes of this version are not in the store.")


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def picture(request: PageRequest, organization: str, version: UUID, page: int) -> HttpResponse:
    """One page as a picture that we drew: nothing of the file itself reaches the browser."""
    found = version_or_404(version)
    key = f"preview:{request.organization.pk}:{found.sha256}:{page}"
    drawn = cache.get(key)
    if drawn is None:
        try:
            with open_stored(found.sha256) as stored:
                drawn = page_of(stored, found.media_type.partition(";")[0], page)
        except (NoPictureError, FileNotFoundError):
            return redirect("evidence:look", organization, found.pk)  # which says why
        cache.set(key, drawn, _KEPT)
    answer = HttpResponse(drawn, content_type="image/png")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Content-Disposition"] = f'inline; filename="{found.artefact.ref}-v{found.number}-{page}.png"'
    answer["Cache-Control"] = "private, max-age=900"
    return answer
