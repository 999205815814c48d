"""A vendor's set-up instruction as a page shows it: the small part of Markdown that vendors' folders use. Pure.

Headings, paragraphs, lists, tables, fenced code, bold and code. Everything is escaped; nothing becomes a link, or an
element that is not named here.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString

_INLINE = ((re.compile(r"`([^`]+)`"), r"<code>\1</code>"), (re.compile(r"\*\*([^*]+)\*\*"), r"<strong>\1</strong>"))
_ITEM = re.compile(r"^(\d+\.|-) +(.*)$")
_HEADING = re.compile(r"^#{1,6} +(.*)$")
_FENCE = "```"
#: A part of the text: what it is, and its lines.
Part = tuple[str, list[str]]


def drawn(markdown: str) -> SafeString:
    """The instruction as HTML."""
    shown: list[str] = []
    pasted = 0
    for kind, parts in groupby(_parts(deque(markdown.splitlines())), key=lambda part: part[0]):
        bodies = [body for _, body in parts]
        if kind == "code":
            shown += [_code(body, pasted + place) for place, body in enumerate(bodies, start=1)]
            pasted += len(bodies)
        else:
            shown += [_list(bodies)] if kind == "item" else [_DRAW[kind](body) for body in bodies]
    return SafeString("\n".join(shown))


def _parts(lines: deque[str]) -> Iterator[Part]:
    while lines:
        line = lines.popleft()
        if line.startswith(_FENCE):
            yield "code", _take(lines, lambda each: not each.startswith(_FENCE))
            if lines:
                lines.popleft()
        elif line.startswith("|"):
            yield "table", [line, *_take(lines, lambda each: each.startswith("|"))]
        elif _HEADING.match(line):
            yield "heading", [line]
        elif _ITEM.match(line):
            yield "item", [line, *_take(lines, lambda each: each.startswith(" "))]
        elif line.strip():
            yield "text", [line, *_take(lines, _is_plain)]


def _take(lines: deque[str], wanted: Callable[[str], bool]) -> list[str]:
    taken = []
    while lines and wanted(lines[0]):
        taken.append(lines.popleft())
    return taken


def _is_plain(line: str) -> bool:
    return bool(line.strip()) and not line.startswith((_FENCE, "|", "#")) and not _ITEM.match(line)


def _inline(text: str) -> str:
    shown = str(escape(text))
    for pattern, put in _INLINE:
        shown = pattern.sub(put, shown)
    return shown


def _list(items: list[list[str]]) -> str:
    """One list; code between two items parts them, and the second goes on counting."""
    heads = [match for first, *_ in items if (match := _ITEM.match(first))]
    texts = [
        " ".join([match[2], *(line.strip() for line in rest)]) for match, (_, *rest) in zip(heads, items, strict=True)
    ]
    inner = "".join(f"<li>{_inline(text)}</li>" for text in texts)
    number = heads[0][1].rstrip(".")
    if not number.isdigit():
        return f'<ul class="bullets">{inner}</ul>'
    start = f' start="{number}"' if number != "1" else ""
    return f'<ol class="numbers"{start}>{inner}</ol>'


def _heading(lines: list[str]) -> str:
    match = _HEADING.match(lines[0])
    return f"<h3>{_inline(match[1] if match else lines[0])}</h3>"


def _text(lines: list[str]) -> str:
    return f"<p>{_inline(' '.join(line.strip() for line in lines))}</p>"


def _code(lines: list[str], number: int) -> str:
    """Something to paste; it may scroll by itself, so it is a named region of its own."""
    body = escape("\n".join(lines))
    return f'<pre class="cmd" tabindex="0" role="region" aria-label="To paste, part {number}">{body}</pre>'


def _table(lines: list[str]) -> str:
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head, *rows = [row for row in cells if any(set(cell) - set("-: ") for cell in row)] or [[]]
    first = "".join(f'<th scope="col">{_inline(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{_inline(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f'<table class="tbl"><thead><tr>{first}</tr></thead><tbody>{body}</tbody></table>'


_DRAW: dict[str, Callable[[list[str]], str]] = {"heading": _heading, "text": _text, "table": _table}
