"""From stored pages to fact rows: copy what is there, leave out what is not, guess nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from evidence.checks.base import Reason, Row, unknown
from evidence.collectors.base import Page

_ABSENT = object()


def pick(raw: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """A row of `fields` (name to dotted path). A field that the answer lacks is left out, and so reads as unknown."""
    row = {}
    for name, path in fields.items():
        value = dig(raw, path)
        if value is not _ABSENT:
            row[name] = value
    return row


def dig(raw: object, path: str) -> Any:
    """The value at a dotted path, or a marker that equals nothing where there is none."""
    value: Any = raw
    for part in path.split("."):
        value = value.get(part, _ABSENT) if isinstance(value, Mapping) else _ABSENT
    return value


def found(raw: object, path: str) -> Any:
    """The value at a dotted path, None where there is none."""
    value = dig(raw, path)
    return None if value is _ABSENT else value


def entries(pages: Sequence[Page]) -> Iterator[dict[str, Any]]:
    """The objects of every page that is a list. Whatever else stands in one is passed over: it is nobody's fact."""
    for page in pages:
        if isinstance(page.body, list):
            yield from (entry for entry in page.body if isinstance(entry, dict))


def picker(fields: Mapping[str, str]) -> Callable[[Sequence[Page]], list[Row]]:
    """A `rows` function that takes the same fields from each entry."""

    def rows(pages: Sequence[Page]) -> list[Row]:
        return [pick(entry, fields) for entry in entries(pages)]

    return rows


def answered(entry: Mapping[str, Any], shape: Callable[[dict[str, Any]], Any]) -> Any:
    """The answer of one sub-call, each object shaped; or why there is none."""
    if "error" in entry:
        return unknown(_reason(found(entry, "error.reason")))
    answer = entry.get("answer")
    if not isinstance(answer, list):
        return unknown(Reason.MALFORMED)
    return [shape(item) for item in answer if isinstance(item, dict)]


def _reason(text: object) -> Reason:
    return Reason(text) if isinstance(text, str) and text in set(Reason) else Reason.MALFORMED
