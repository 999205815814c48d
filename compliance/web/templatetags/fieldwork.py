"""The tags every template may use without `{% load %}`: settings list this module among the template builtins.

Each tag is one line of design language; `templates/components/all.html` shows all of them in use.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.safestring import SafeString

from compliance.web import blocks, chips, fields, form_notes, marks, pages, queries, states, words
from compliance.web.documents.markdown import as_html

register = template.Library()


@register.simple_tag
def sprite() -> SafeString:
    """`{% sprite %}` all tick marks, once per page, for `{% mark %}` to point at."""
    return marks.sprite()


@register.simple_tag
def mark(name: str) -> SafeString:
    """`{% mark "lock" %}` one glyph, silent."""
    return marks.mark(name)


@register.simple_tag
def state(
    value: object, word: str | None = None, kind: str = "", glyph_only: bool = False, on_paper: bool = False
) -> SafeString:
    """`{% state check.outcome %}`, `{% state gap.state "Open 9 days" %}`, `{% state r.state kind="request" %}`."""
    return states.state(value, word, kind=kind, glyph_only=glyph_only, on_paper=on_paper)


@register.simple_tag
def severity(value: object, ref: str | None = None, url: str = "", on_paper: bool = False) -> SafeString:
    """`{% severity gap.severity %}`, or a reference in place of the word: `{% severity g.severity g.ref url %}`"""
    return blocks.severity(value, ref, url, on_paper=on_paper)


@register.simple_tag
def ref(text: object, url: str = "") -> SafeString:
    """`{% ref control.ref control.get_absolute_url %}` a reference that leads to what it names."""
    return words.ref(str(text), str(url))


@register.simple_tag
def when(value: dt.datetime | dt.date | str | None, style: str = "") -> SafeString:
    """`{% when run.started_at %}`, `{% when gap.due "short" %}`; styles: date, short, time."""
    return words.when(value, style)


@register.simple_tag
def digest(sha: str | bytes | None, short: bool = False) -> SafeString:
    """`{% digest version.sha256 %}` in full; `short=True` where a table has no room."""
    return words.digest(sha, short=short)


@register.simple_tag
def person(who: object, nobody: str = "Nobody named") -> SafeString:
    """`{% person control.owner %}` a name; where there is none, a missing mark that says so."""
    return states.person(who, nobody)


@register.simple_tag
def count(number: int | None, url: str = "") -> SafeString:
    """`{% count figures.critical url %}` a figure that leads to what it counts; zero is faint, unknown is a dash."""
    return blocks.count(number, url)


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """`{% field form.due %}` label, hint, control and what is wrong, tied together."""
    return fields.field(bound)


@register.simple_tag
def filter_field(bound: BoundField) -> SafeString:
    """`{% filter_field filter.form.owner %}` in `<form class="filters" method="get" data-auto>`."""
    return fields.filter_field(bound)


@register.simple_tag
def form_errors(form: BaseForm, heading: str = "Nothing was saved") -> SafeString | str:
    """`{% form_errors form "The acceptance was not saved" %}` at the head of a form, with links to its fields."""
    return form_notes.form_errors(form, heading)


@register.simple_tag(takes_context=True)
def qs(context: template.Context, **changes: object) -> str:
    """`<a href="{% qs state="open" %}">` this page with one parameter changed; None removes it."""
    return queries.changed(_parameters(context), changes)


@register.simple_tag(takes_context=True)
def sort(context: template.Context, name: str, label: str) -> SafeString:
    """`{% sort "due" "Due" %}` a column head that sorts by `?sort=due`, and by `-due` when pressed again."""
    return pages.sort_link(_parameters(context), name, label)


@register.simple_tag(takes_context=True)
def pagination(context: template.Context, page: Any, noun: str = "rows", at: str = "") -> SafeString:
    """`{% pagination page %}` for a Django `Page`, or anything with `previous_cursor` and `next_cursor`; `at=` its address
    where a refused form shows it elsewhere."""
    return pages.pagination(_parameters(context), page, noun, at)


@register.simple_tag(takes_context=True)
def filter_chips(context: template.Context, form: BaseForm) -> SafeString | str:
    """`{% filter_chips filter.form %}` every filter that is set, each with a cross that removes it."""
    return chips.filter_chips(_parameters(context), form)


@register.simple_tag
def key(names: str, title: str = "Tick marks") -> SafeString:
    """`{% key "pass fail unknown" %}` the key that belongs under a table of bare glyphs."""
    return blocks.key(names.split(), title)


@register.simple_tag
def idx(facts: Iterable[Mapping[str, object]]) -> SafeString:
    """`{% idx facts %}` up to four facts at the head of a paper: dicts of `term`, `fact` and perhaps `small`."""
    return blocks.idx(facts)


@register.simple_block_tag
def note(content: str, tone: str = "", heading: str = "", glyph: str = "", live: str = "") -> SafeString:
    """`{% note "fail" "It was not saved" %}<p>What to do.</p>{% endnote %}` a message, never a panel.

    `tone`: fail, due, unknown, pass or empty; `live` is `status` or `alert` for what appears by itself.
    """
    return blocks.note(content, tone, heading, glyph, live)


@register.simple_block_tag
def empty(content: str, heading: str) -> SafeString:
    """`{% empty "No gaps are open" %}<p>Why.</p><a class="btn" …>The next step</a>{% endempty %}`.

    Directly inside the body of a `{% for %}` Django takes it for the loop's own `{% empty %}`.
    """
    return blocks.empty(content, heading)


@register.simple_tag
def markdown(text: str, under: int = 2) -> SafeString:
    """`{% markdown section.text %}` what a person wrote in Markdown, its headings below level `under`; HTML stays text."""
    return as_html(text, under=under)


def _parameters(context: template.Context) -> QueryDict:
    request = context.get("request")
    return request.GET if request is not None else QueryDict()
