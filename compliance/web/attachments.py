"""What is made in memory and taken away as a file."""

from __future__ import annotations

from django.http import HttpResponse


def attachment(content: bytes | str, *, name: str, media_type: str) -> HttpResponse:
    """An answer that a browser keeps under `name` and never shows. `name` holds no quotes: it is made of slugs."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=media_type, headers=headers)
