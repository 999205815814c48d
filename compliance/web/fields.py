"""One form field as the design sets it: label, hint, control, and what is wrong beside it."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from compliance.web.marks import mark

_GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
_NARROW = (forms.DateInput, forms.DateTimeInput, forms.TimeInput, forms.NumberInput)


def field(bound: BoundField) -> SafeString:
    """The field with its label, hint and errors tied to it; hidden fields are drawn bare."""
    if bound.is_hidden:
        return bound.as_widget()
    if isinstance(bound.field.widget, _GROUPS):
        return _group(bound)
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return _checkbox(bound)
    hint, widget = _hint(bound), _widget(bound)
    # A hint that leads away comes after the control, so that the keyboard reaches the control first.
    parts = (widget, hint) if "<a " in hint else (hint, widget)
    return format_html('<div class="field{}">{}{}{}{}</div>', _bad(bound), _label(bound), *parts, _errors(bound))


def filter_field(bound: BoundField) -> SafeString:
    """The field as one of a row of filters: a small label over its control, no hint."""
    control = _select(bound) if _is_plain_choice(bound.field) else bound.as_widget(attrs={"class": "in"})
    return format_html("<label>{}{}</label>", bound.label, control)


def _is_plain_choice(field: forms.Field) -> bool:
    """One of several, without groups among them."""
    if type(field.widget) is not forms.Select or not isinstance(field, forms.ChoiceField):
        return False
    listed: Any = field.choices  # read as pairs, whatever they were given as
    return not any(isinstance(label, list | tuple) for _, label in listed)


def _select(bound: BoundField) -> SafeString:
    """A choice among many people, say: Django would render a template for every one of them."""
    chosen = str(bound.value() if bound.value() is not None else "")
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected") if str(value) == chosen else "", label)
            for value, label in bound.field.choices  # type: ignore[attr-defined]
        ),
    )
    return format_html('<select class="in" name="{}" id="{}">{}</select>', bound.html_name, bound.auto_id, options)


def _widget(bound: BoundField) -> SafeString:
    return bound.as_widget(attrs=_attributes(bound))


def _attributes(bound: BoundField) -> dict[str, str | bool]:
    attributes: dict[str, str | bool] = {}
    widget = bound.field.widget
    if str(bound.label).lower() in str(widget.attrs.get("placeholder", "")).lower():
        attributes["placeholder"] = False  # it would only say the label again, and vanish when it is needed
    if not isinstance(widget, (*_GROUPS, forms.CheckboxInput, forms.FileInput)):
        narrow = isinstance(widget, _NARROW)
        own = widget.attrs.get("class", "")
        if isinstance(widget, forms.Textarea) and str(widget.attrs.get("rows")) == "10":
            attributes["rows"] = "4"  # Django's own default is taller than most answers
        attributes["class"] = " ".join(filter(None, ["in", "inw" if narrow else "", own]))
    described = " ".join(
        part for part in (_hint_id(bound) if bound.help_text else "", _error_id(bound) if bound.errors else "") if part
    )
    if described:
        attributes["aria-describedby"] = described
    return attributes


def _label(bound: BoundField) -> SafeString:
    return format_html('<label for="{}">{}{}</label>', bound.id_for_label, bound.label, _optional(bound))


def _optional(bound: BoundField) -> SafeString | str:
    """Most fields must be filled in, so it is the few others that say so."""
    return "" if bound.field.required else SafeString(' <span class="faint opt">optional</span>')


def _hint(bound: BoundField) -> SafeString | str:
    if not bound.help_text:
        return ""
    return format_html('<span class="hint" id="{}">{}</span>', _hint_id(bound), bound.help_text)


def _errors(bound: BoundField) -> SafeString | str:
    if not bound.errors:
        return ""
    lines = format_html_join("", "<span>{}</span>", ((error,) for error in bound.errors))
    return format_html(
        '<span class="err" id="{}">{}<span class="errs">{}</span></span>', _error_id(bound), mark("fail"), lines
    )


def _group(bound: BoundField) -> SafeString:
    options = format_html_join("", '<label class="check" for="{}">{} <span>{}</span></label>', _options(bound))
    describe = _attributes(bound).get("aria-describedby")
    return format_html(
        '<fieldset class="field{}" id="{}"{}><legend>{}{}</legend>{}{}{}</fieldset>',
        _bad(bound),
        bound.auto_id,
        format_html(' aria-describedby="{}"', describe) if describe else "",
        bound.label,
        _optional(bound),
        _hint(bound),
        options,
        _errors(bound),
    )


def _options(bound: BoundField) -> list[tuple[str, SafeString, str]]:
    return [(option.id_for_label, option.tag(), option.choice_label) for option in bound.subwidgets]


def _checkbox(bound: BoundField) -> SafeString:
    return format_html(
        '<div class="field{}"><label class="check" for="{}">{} <span>{}</span></label>{}{}</div>',
        _bad(bound),
        bound.id_for_label,
        _widget(bound),
        bound.label,
        _hint(bound),
        _errors(bound),
    )


def _bad(bound: BoundField) -> str:
    return " bad" if bound.errors else ""


def _hint_id(bound: BoundField) -> str:
    return f"{bound.auto_id}_hint"


def _error_id(bound: BoundField) -> str:
    return f"{bound.auto_id}_error"
