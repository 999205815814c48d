"""Small pieces of a page that several tags draw: severities, figures, keys, notes, and the facts of a paper's head."""

from collections.abc import Iterable, Mapping

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from compliance.web.charts.palette import FAIL, INK_2, STALE
from compliance.web.marks import drawn_mark, mark
from compliance.web.states import state
from compliance.web.words import NONE, ref

_SEVERITIES = {"critical": ("Critical", FAIL), "significant": ("Significant", STALE), "minor": ("Minor", INK_2)}
_NOTE_GLYPHS = {"fail": "fail", "due": "due", "unknown": "unknown", "pass": "pass"}


def severity(value: object, reference: str | None = None, url: str = "", *, on_paper: bool = False) -> SafeString:
    """A severity as diamond and word, or as diamond and reference with the word for screen readers."""
    name = str(getattr(value, "value", value) or "minor").lower()
    word, colour = _SEVERITIES[name]
    glyph = drawn_mark(name, colour) if on_paper else mark(name)
    if reference is None:
        shown = SafeString(word)
    else:
        shown = format_html('{}<span class="sr">, {}</span>', ref(reference, url), word.lower())
    return format_html('<span class="sev" data-sev="{}">{}{}</span>', name, glyph, shown)


def count(number: int | None, url: str = "") -> SafeString:
    """A figure in a table: grouped by thousands, a link where it counts something, faint where it is zero."""
    if number is None:
        return NONE
    if number == 0:
        return SafeString('<span class="zero">0</span>')
    return format_html('<a href="{}">{}</a>', url, f"{number:,}") if url else SafeString(f"{number:,}")


def key(names: Iterable[str], title: str) -> SafeString:
    """The key under a table or chart: each state once."""
    return format_html('<div class="key"><b>{}</b>{}</div>', title, SafeString("".join(state(name) for name in names)))


def idx(facts: Iterable[Mapping[str, object]]) -> SafeString:
    """The block at the head of a working paper: term, fact, and a small second line."""
    rows = format_html_join(
        "",
        "<div><dt>{}</dt><dd>{}{}</dd></div>",
        (
            (fact["term"], fact["fact"], format_html("<small>{}</small>", fact["small"]) if fact.get("small") else "")
            for fact in facts
        ),
    )
    return format_html('<dl class="idx">{}</dl>', rows)


def note(content: str, tone: str, heading: str, glyph: str, live: str) -> SafeString:
    """A message with a rule in its margin: what happened, then what to do. `content` is already escaped."""
    glyph = glyph or _NOTE_GLYPHS.get(tone, "")
    return format_html(
        '<div class="note"{}{}>{}{}</div>',
        format_html(' data-s="{}"', tone) if tone else "",
        format_html(' role="{}"', live) if live else "",
        format_html('<p class="note-h">{} {}</p>', mark(glyph) if glyph else "", heading) if heading else "",
        SafeString(content),
    )


def empty(content: str, heading: str) -> SafeString:
    """What is not there, why, and the next step. `content` is already escaped."""
    return format_html('<div class="empty"><p class="empty-h">{}</p>{}</div>', heading, SafeString(content))
