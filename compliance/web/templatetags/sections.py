"""The tabs of a section (compliance/web/sections.py)."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from compliance.web.sections import tabs_for

register = template.Library()


@register.simple_tag(takes_context=True)
def section_tabs(context: template.Context, section: str, at: str, label: str) -> SafeString:
    """`{% section_tabs "registers" "inbox" "Scope" %}` the parts of a section, with the one that the page belongs to."""
    request = context["request"]
    shown = tabs_for(request, section, context["organization"].slug, at)
    links = format_html_join(
        "\n", '<a href="{}"{}>{}{}</a>',
        (
            (
                tab["url"], SafeString(' aria-current="page"' if tab["current"] else ""), tab["label"],
                format_html(' <span class="count">{}</span>', tab["count"]) if tab["count"] else "",
            )
            for tab in shown
        ),
    )  # fmt: skip
    return format_html('<nav class="tabs" aria-label="{}">{}</nav>', label, links)


@register.inclusion_tag("components/area.html", takes_context=True)
def section_area(context: template.Context, section: str, at: str, label: str) -> dict[str, Any]:
    """`{% section_area "evidence" "coverage" "Evidence" %}` a section of many parts: in groups, and under them the pages of
    the part that has several."""
    request, slug = context["request"], context["organization"].slug
    parts = tabs_for(request, section, slug, at)
    here = next((part for part in parts if part["current"]), None)
    pages = tabs_for(request, section, slug, at, under=here["key"]) if here else []
    groups = [(name, list(held)) for name, held in groupby(parts, key=lambda part: part["group"])]
    return {"label": label, "section": section, "here": here, "groups": groups, "pages": pages if len(pages) > 1 else []}
