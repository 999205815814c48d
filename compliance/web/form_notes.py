"""The note that a failed form starts with: what was not saved, and a link to each field that is to be put right."""

from collections.abc import Iterator

from django.forms import BaseForm
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from compliance.web.marks import mark


def form_errors(form: BaseForm, heading: str = "Nothing was saved") -> SafeString | str:
    """The note, or nothing when the form is well. `heading` says what did not happen, without a full stop."""
    if not form.is_bound or not form.errors:
        return ""
    lines = list(_lines(form))
    things = "One thing is" if len(lines) == 1 else f"{len(lines)} things are"
    return format_html(
        '<div class="note" data-s="fail" role="alert" tabindex="-1" data-focus><h2>{} {}. {} to be put right.</h2>'
        '<ol class="numbers">{}</ol></div>',
        mark("fail"),
        heading,
        things,
        format_html_join("", "<li>{}</li>", ((line,) for line in lines)),
    )


def _lines(form: BaseForm) -> Iterator[SafeString]:
    """What concerns the whole form first, then each field in order; a hidden field has no place to link to."""
    for error in form.non_field_errors():
        yield format_html("{}", error)
    for bound in form:
        if bound.is_hidden:
            yield from (format_html("{}", error) for error in bound.errors)
        elif bound.errors:
            anchor = bound.id_for_label or bound.auto_id
            yield format_html('<a href="#{}">{}</a>: {}', anchor, bound.label, bound.errors[0])
