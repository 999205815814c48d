"""Lamps: one small mark per control, in rows by series; each is a link. Quiet where all is well, loud where not."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from compliance.web.states import look_of, state


class Lamp(NamedTuple):
    """One control: its reference, title, state value and address."""

    ref: str
    title: str
    state: str
    url: str


def lamps(rows: Iterable[tuple[str, Iterable[Lamp]]], *, on_paper: bool = False) -> SafeString:
    """Rows of (series, lamps): `("CC6", [Lamp("AC-07", "Quarterly access review", "fail", "/o/…")])`."""
    drawn = format_html_join(
        "", "<dt>{}</dt><dd>{}</dd>", ((series, _row(members, on_paper)) for series, members in rows)
    )
    return format_html('<dl class="lamps">{}</dl>', drawn)


def _row(members: Iterable[Lamp], on_paper: bool) -> SafeString:
    return format_html_join("", "{}", ((_lamp(member, on_paper),) for member in members))


def _lamp(lamp: Lamp, on_paper: bool) -> SafeString:
    look = look_of(lamp.state)
    return format_html(
        '<a href="{}" data-s="{}" title="{} {}: {}"><span class="sr">{}: </span>{}</a>',
        lamp.url,
        look.tone,
        lamp.ref,
        lamp.title,
        look.word,
        lamp.ref,
        state(lamp.state, glyph_only=True, on_paper=on_paper),
    )
