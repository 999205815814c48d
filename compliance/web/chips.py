"""Filter chips: what a list is narrowed by, each with its own way out; and what was asked and narrows nothing."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from compliance.web.marks import mark
from compliance.web.queries import changed, without

Asked = tuple[BoundField, str, bool]


def filter_chips(parameters: QueryDict, form: BaseForm) -> SafeString | str:
    """A chip for every filter of `form` that `parameters` set, and a way to clear them all; empty when none is.

    What is carried along, hidden, is no filter that a reader set. A value that its field cannot read is left out of the
    list's question, so its chip says that it was not applied.
    """
    asked = [each for bound in form if not bound.is_hidden for each in _asked(parameters, bound)]
    if not asked:
        return ""
    chips = format_html_join("", "{}", ((_chip(parameters, *each),) for each in asked))
    nothing = changed(parameters, {bound.html_name: None for bound, _, _ in asked})
    clear = format_html('<a class="btn plain" href="{}">Clear all</a>', nothing) if len(asked) > 1 else ""
    return format_html('<p class="chips"><span class="sr">Filtered by</span>{}{}</p>', chips, clear)


def _asked(parameters: QueryDict, bound: BoundField) -> Iterator[Asked]:
    """Each value that was sent for a field, and whether it is in force: of a field that takes one value the last alone is."""
    values = [value for value in parameters.getlist(bound.html_name) if value]
    read = bound.field.widget.value_from_datadict(parameters, {}, bound.html_name)
    readable = _is_readable(bound, read)
    for value in dict.fromkeys(values):
        yield bound, value, readable and (isinstance(read, list) or value == values[-1])


def _is_readable(bound: BoundField, read: object) -> bool:
    if bound.form.is_bound and bound.name in bound.form.errors:
        return False
    try:
        cleaned = bound.field.clean(read)
    except ValidationError:
        return False
    return bool(cleaned)


def _chip(parameters: QueryDict, bound: BoundField, value: str, applied: bool) -> SafeString:
    return format_html(
        '<a class="chip{}" href="{}">{}: <b>{}</b>{} {}<span class="sr">, remove {}</span></a>',
        "" if applied else " off",
        without(parameters, bound.html_name, value),
        bound.label,
        _word(bound, value),
        "" if applied else " (not applied: there is no such value)",
        mark("x"),
        "this filter" if applied else "it",
    )


def _word(bound: BoundField, value: str) -> str:
    return next((str(label) for choice, label in _choices(bound) if str(choice) == value), value)


def _choices(bound: BoundField) -> Iterator[tuple[object, object]]:
    for choice, label in getattr(bound.field, "choices", ()):
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield choice, label
