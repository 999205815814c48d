"""The page of a pack's index: by criterion and control, set like a working paper, without script and without a network."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from .facts import Asked, Facts
from .selection import Selection
from .writing import Head

_STYLE = (Path(__file__).parent / "index.css").read_text()
_POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'; base-uri 'none'"


_ASKED = (
    '<tr><th scope="row"><b>{0}</b> {1}{5}</th><td data-l="How often">{2}</td><td data-l="Freshness">{3}</td>'
    '<td data-l="Until">{4}</td></tr>'
)
_EVIDENCE = SafeString(
    '<table class="ev"><caption>Evidence</caption><thead><tr><th scope="col">Version</th><th scope="col">Covers</th>'
    '<th scope="col">Received</th><th scope="col">From</th><th scope="col">Decided</th><th scope="col">Leaf</th></tr></thead><tbody>\n'
)


@dataclass
class Row:
    """A version in the index. `said` is what its leaf says."""

    place: int
    leaf: int
    path: str
    title: str
    also: str
    said: dict[str, Any]
    decisions: list[str] = field(default_factory=list)
    is_gone: bool = False
    again: list[Any] = field(default_factory=list)

    @property
    def came_from(self) -> str:
        """Provenance in words."""
        held = self.said.get("provenance")
        held = held if isinstance(held, dict) else {}
        if self.said.get("source") == "collector":
            through = f"{held.get('call', '')} through {held.get('connection', '')}, run {held.get('run', '')}"
            return f"{through}, as {held.get('identity', '')}: {held.get('rows', '')} rows in {held.get('calls', '')} calls"
        if self.said.get("source") == "pushed":
            sender = f"{held.get('by', '')} from {held.get('from', '')}"
            return f"pushed by {sender}, as of {held.get('stated_at', '')}: {held.get('rows', '')} rows"
        note = f". {held['note']}" if held.get("note") else ""
        return f"{self.said.get('filename', '')}{note}"


class Page:
    """Piece after piece, so that ten thousand rows are never held."""

    def __init__(self, head: Head, selection: Selection, facts: Facts, log_size: int) -> None:
        self.head, self.selection, self.facts, self.log_size = head, selection, facts, log_size
        self.zone = ZoneInfo(head.organization["timezone"])
        self._criterion: str | None = None
        self._elsewhere: dict[int, list[str]] = defaultdict(list)
        for ref, places in selection.also.items():
            for place in places:
                self._elsewhere[place].append(ref)

    def top(self) -> SafeString:
        """Up to the first section."""
        sample = (
            SafeString('<p class="stamp">Sample company, simulated clock</p>')
            if self.head.organization["sample"]
            else ""
        )
        return format_html(
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta http-equiv="Content-Security-Policy" content="{}"><meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="color-scheme" content="light dark"><title>{}</title><style>{}</style></head><body><main>'
            "<header><h1>{}</h1><p>{}. Made {} by {}. The log had {} leaves. Times are of {}.</p>{}"
            "<p>To verify: <code>python3 verify.py</code> in the folder above, or <code>verify.html</code> in a browser. "
            "What stands here is what was received; freshness and outcomes are as they stood when the pack was made.</p></header>\n",
            _POLICY, self.head.title, SafeString(_STYLE), self.head.title, self.head.organization["name"], self._when(self.head.made_at),
            self.head.made_by, f"{self.log_size:,}", self.head.organization["timezone"], sample,
        )  # fmt: skip

    def section(self, place: int, rows: Iterable[Row]) -> Iterator[SafeString]:
        """A control, or at the end what no control can be named for."""
        if place == self.selection.lost:
            waiting = iter(rows)
            first = next(waiting, None)
            if first is None:
                return
            yield SafeString(
                "<section><h2>Without a control</h2><p>The artefact of these is gone from the database: which control they served "
                "cannot be told.</p>\n"
            )
            yield from self._table([first, *waiting])
            return
        yield from self._control(place)
        yield from self._table(rows, "" if place in self._elsewhere else "<p>No evidence is filed under it.</p>\n")

    def bottom(self) -> SafeString:
        """The end."""
        return SafeString("</main></body></html>\n")

    def _control(self, place: int) -> Iterator[SafeString]:
        control = self.selection.places[place]
        if control.criterion != self._criterion:
            self._criterion = control.criterion
            yield format_html("<h2>{} {}</h2>\n", control.criterion or "No criterion", control.criterion_title)
        also = format_html(' <span class="also">also {}</span>', ", ".join(control.also)) if control.also else ""
        yield format_html(
            "<section><h3><b>{}</b> {}{}</h3><p>{}</p>\n", control.control, control.title, also, control.statement
        )
        for sentence in self.facts.stood_retired(control.control_id):
            yield format_html("<p>{}</p>\n", sentence)
        if asked := self.facts.of(control.control_id):
            yield self._asked(asked)
        if place in self._elsewhere:
            links = format_html_join(", ", '<a href="#{0}">{0}</a>', ((ref,) for ref in sorted(self._elsewhere[place])))
            yield format_html("<p>Filed under another control: {}.</p>\n", links)

    def _asked(self, asked: list[Asked]) -> SafeString:
        rows = (
            (each.ref, each.title, each.cadence, each.freshness, self._when(each.until) if each.until else "",
             format_html_join("", "<br>{}", ((said,) for said in each.checks)))
            for each in asked
        )  # fmt: skip
        return format_html(
            '<table><caption>What it must show</caption><thead><tr><th scope="col">Asked</th><th scope="col">How often</th>'
            '<th scope="col">Freshness</th><th scope="col">Until</th></tr></thead><tbody>{}</tbody></table>\n',
            format_html_join("\n", _ASKED, rows),
        )  # fmt: skip

    def _table(self, rows: Iterable[Row], otherwise: str = "") -> Iterator[SafeString]:
        last: str | None = None
        for row in rows:
            if last is None:
                yield _EVIDENCE
            ref = str(row.said.get("artefact", ""))
            yield self._row(row, ref, is_first=ref != last)
            last = ref
        yield SafeString(otherwise if last is None else "</tbody></table>\n")
        yield SafeString("</section>\n")

    def _row(self, row: Row, ref: str, *, is_first: bool) -> SafeString:
        anchor = format_html(' id="{}"', ref) if is_first else ""
        name = format_html("<b>{} version {}</b> {}", ref, row.said.get("number", ""), row.title)
        path = row.path.removeprefix("data/")
        linked = (
            format_html('<a href="{}">{}</a>', path, name)
            if path
            else format_html("{}<br>Its file is not in the store", name)
        )
        gone = SafeString("<br>Its row is gone from the database") if row.is_gone else ""
        also = format_html("<br>also serves {}", row.also) if row.also else ""
        return format_html(
            '<tr{}><th scope="row">{}{}{}<br><code>{}</code></th><td data-l="Covers">{} to {}{}</td><td data-l="Received">{}</td>'
            '<td data-l="From">{}<br>{}</td><td data-l="Decided">{}</td>'
            '<td data-l="Leaf">{}</td></tr>\n',
            anchor, linked, also, gone, row.said.get("sha256", ""),
            self._moment(row, "effective_start"), self._moment(row, "effective_end"), self._again(row),
            self._moment(row, "received_at"), row.said.get("provided_by", ""), row.came_from,
            format_html_join("", "{}<br>", ((said,) for said in row.decisions)) or "Not decided", row.leaf,
        )  # fmt: skip

    def _again(self, row: Row) -> str:
        """That the very bytes were seen later, which the log has of each look."""
        if not row.again:
            return ""
        times, last = row.again
        noun = "time" if times == 1 else "times"
        return format_html("<br>seen again {} {}, last {}", times, noun, self._when(datetime.fromisoformat(last)))

    def _moment(self, row: Row, name: str) -> str:
        said = str(row.said.get(name, ""))
        try:
            return self._when(datetime.fromisoformat(said))
        except ValueError:
            return conditional_escape(said)

    def _when(self, moment: datetime) -> str:
        local = moment.astimezone(self.zone)
        return f"{local.day} {local:%b %Y, %H:%M}"
