"""Dates, digests, people and references: the small words of a page, each set the same way everywhere."""

import datetime as dt
import re
from functools import lru_cache

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

NONE = SafeString('<span class="zero">–</span>')
_SLUG = re.compile(r"[^a-z0-9.]+")


def day(value: dt.date, *, year: bool = True) -> str:
    """`21 Nov 2026`, or `21 Nov` where the year is plain from the page."""
    return f"{value.day} {value:%b %Y}" if year else f"{value.day} {value:%b}"


def when(value: dt.datetime | dt.date | str | None, style: str = "") -> SafeString:
    """A moment with its zone, or a date; None is a dash. A text is a moment as JSON holds it, or stays what it is.

    `style`: empty for date, time and zone; `date` for the day alone; `short` for day and month; `time` for the clock.
    """
    if value is None:
        return NONE
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            return format_html("{}", value)
    if not isinstance(value, dt.datetime):
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), day(value, year=style != "short"))
    return _moment(value, style, timezone.get_current_timezone() if timezone.is_aware(value) else None)


@lru_cache(maxsize=8192)
def _moment(value: dt.datetime, style: str, zone: dt.tzinfo | None) -> SafeString:
    """A table shows a hundred moments, and mostly the same ones the next time."""
    local = value.astimezone(zone) if zone else value
    name = local.tzname() or ""
    full = f"{day(local)}, {local:%H:%M} {name}".strip()
    words = {"date": day(local), "short": day(local, year=False), "time": f"{local:%H:%M} {name}".strip()}
    shown = words.get(style, full)
    title = format_html(' title="{}"', full) if shown != full else ""
    return format_html('<time datetime="{}"{}>{}</time>', local.isoformat(timespec="seconds"), title, shown)


def digest(sha: str | bytes | None, *, short: bool = False) -> SafeString:
    """A SHA-256 in hexadecimal, whole unless a table has no room for it."""
    if not sha:
        return NONE
    text = sha.hex() if isinstance(sha, bytes) else str(sha)
    if not short:
        return format_html('<span class="hash">{}</span>', text)
    return format_html('<span class="hash" title="{}">{}…</span>', text, text[:12])


def name_of(person: object) -> str:
    """The name of a user, a membership or a seat; the address where no name is known; empty for nobody.

    A membership and a seat carry their own name: it is asked first, so that a list does not fetch a user for each row.
    """
    if person is None:
        return ""
    if isinstance(person, str):
        return person
    if own := getattr(person, "name", ""):
        return str(own)
    user = getattr(person, "user", None) or person
    full = getattr(user, "get_full_name", None)
    name = getattr(user, "name", "") or (full() if callable(full) else "")
    return str(name or getattr(user, "email", "") or user)


@lru_cache(maxsize=4096)
def ref(text: str, url: str = "") -> SafeString:
    """A reference such as `AC-07`: condensed, never broken, a link wherever it leads somewhere."""
    if not url:
        return format_html('<span class="ref">{}</span>', text)
    return format_html('<a class="ref" href="{}">{}</a>', url, text)


def anchor(text: str) -> str:
    """`AC-07` as the fragment of an address: `ac-07`."""
    return _SLUG.sub("-", text.lower()).strip("-")
