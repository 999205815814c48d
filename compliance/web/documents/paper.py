"""Templates set as PDF. WeasyPrint takes a second to load, a third of what it takes any process of ours to start, so it is
loaded when the first paper is set (a server of pages loads it before it serves: config/gunicorn.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from compliance.tenancy.rooms import here


def set_as_pdf(template: str, context: Mapping[str, Any]) -> bytes:
    """Render a template in the room's time zone and set it as PDF/UA-1. Its headings become the bookmarks."""
    from .typesetting import typeset

    with timezone.override(here().timezone):
        text = render_to_string(template, dict(context))
    return typeset(text)
