"""Filter chips: what a list is narrowed by, each with its own way out."""

from collections.abc import Iterator

from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from compliance.web.marks import mark
from compliance.web.queries import changed, without


def filter_chips(parameters: QueryDict, form: BaseForm) -> SafeString | str:
    """A chip for every filter of `form` that `parameters` set, and a way to clear them all; empty when none is."""
    shown = [bound for bound in form if not bound.is_hidden]  # what is carried along is no filter that a reader set
    set_filters = [(bound, value) for bound in shown for value in parameters.getlist(bound.html_name) if value]
    if not set_filters:
        return ""
    chips = format_html_join("", "{}", ((_chip(parameters, bound, value),) for bound, value in set_filters))
    nothing = changed(parameters, {bound.html_name: None for bound, _ in set_filters})
    clear = format_html('<a class="btn plain" href="{}">Clear all</a>', nothing) if len(set_filters) > 1 else ""
    return format_html('<p class="chips"><span class="sr">Filtered by</span>{}{}</p>', chips, clear)


def _chip(parameters: QueryDict, bound: BoundField, value: str) -> SafeString:
    return format_html(
        '<a class="chip" href="{}">{}: <b>{}</b> {}<span class="sr">, remove this filter</span></a>',
        without(parameters, bound.html_name, value),
        bound.label,
        _word(bound, value),
        mark("x"),
    )


def _word(bound: BoundField, value: str) -> str:
    return next((str(label) for choice, label in _choices(bound) if str(choice) == value), value)


def _choices(bound: BoundField) -> Iterator[tuple[object, object]]:
    for choice, label in getattr(bound.field, "choices", ()):
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield choice, label
