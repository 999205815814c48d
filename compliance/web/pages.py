"""Moving through a long list: previous and next, and heads that sort. Nothing here counts a whole table."""

from typing import Any

from django.core.paginator import Page
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from compliance.web.marks import mark
from compliance.web.queries import changed


def pagination(parameters: QueryDict, page: Any, noun: str = "rows", at: str = "") -> SafeString:
    """Previous and next, keeping every other parameter; empty when the list fits on one page.

    `page` is a Django `Page`, or an object with `previous_cursor` and `next_cursor` (None where there is none). `at` is the
    address of the list where a refused form shows it at an address that only takes what is sent.
    """
    back, onward, where = _around(parameters, page, noun)
    if not back and not onward:
        return SafeString("")
    return format_html(
        '<nav class="pages" aria-label="Pages of {}">{}{}{}</nav>',
        noun,
        format_html("<span>{}</span>", where) if where else "",
        _step("Previous", back and at + back, "prev"),
        _step("Next", onward and at + onward, "next"),
    )


def _around(parameters: QueryDict, page: Any, noun: str) -> tuple[str, str, str]:
    if isinstance(page, Page):
        back = changed(parameters, {"page": page.previous_page_number()}) if page.has_previous() else ""
        onward = changed(parameters, {"page": page.next_page_number()}) if page.has_next() else ""
        return back, onward, f"{noun.capitalize()} {page.start_index():,} to {page.end_index():,}"
    before, after = getattr(page, "previous_cursor", None), getattr(page, "next_cursor", None)
    back = changed(parameters, {"cursor": before}) if before else ""
    onward = changed(parameters, {"cursor": after}) if after else ""
    return back, onward, ""


def _step(label: str, url: str, rel: str) -> SafeString:
    if not url:
        return format_html('<span class="btn" aria-disabled="true">{}</span>', label)
    return format_html('<a class="btn" rel="{}" href="{}">{}</a>', rel, url, label)


def sort_link(parameters: QueryDict, name: str, label: str) -> SafeString:
    """A column head that sorts by `name`, and the other way round when it already does."""
    now = parameters.get("sort", "")
    to = f"-{name}" if now == name else name
    glyph = {name: mark("asc"), f"-{name}": mark("desc")}.get(now, SafeString(""))
    way = {name: ", ascending", f"-{name}": ", descending"}.get(now, "")
    return format_html(
        '<a href="{}">{} {}<span class="sr">{}</span></a>', changed(parameters, {"sort": to}), label, glyph, way
    )
