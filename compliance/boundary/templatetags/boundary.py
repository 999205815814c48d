"""The legend of the boundary diagram, for pages and documents of other rooms that show it."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from compliance.boundary.legend import as_key

register = template.Library()


@register.simple_tag
def boundary_key(on_paper: bool = False) -> SafeString:
    """`{% boundary_key %}` under the diagram; with `on_paper=True` in a document."""
    return as_key(on_paper=on_paper)
