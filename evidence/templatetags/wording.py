"""`{% load wording %}{{ row.message|in_words }}`: what a check or a look said, without words of machines."""

from __future__ import annotations

from django import template

from evidence.collectors import wording

register = template.Library()


@register.filter
def in_words(message: str | None) -> str:
    """A message of a finding or a look, in words."""
    return wording.in_words(message) if message else ""


@register.filter
def called(id: str) -> str:
    """What a fact kind or a check is called."""
    return wording.name_in_words(id)
