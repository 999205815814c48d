"""Between raw answers and rows: plain JSON, fields that could not be read, lists in pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from evidence.checks.base import Reason, Row, unknown
from evidence.collectors.base import Page

_BROKEN = (KeyError, IndexError, TypeError, AttributeError, ValueError)


def plain(value: Any) -> Any:
    """botocore's answer as JSON: times in ISO 8601 UTC, bytes as text, everything else as it came."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def iso(moment: datetime) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rows_in(body: Mapping[str, Any], key: str) -> int | None:
    """How many things an answer lists, for the log."""
    found = body.get(key) if key else None
    return len(found) if isinstance(found, list) else None


def place(page: Page) -> dict[str, Any]:
    """Where a page was collected: every row carries it."""
    return {"account": page.parameters["account"], "region": page.parameters["region"]}


def unread(page: Page, reason: str | None = None) -> dict[str, Any]:
    """The row that stands for a region that could not be read: every field of it is unknown."""
    error = page.body.get("error", {}) if isinstance(page.body, Mapping) else {}
    why = reason or error.get("reason", Reason.MALFORMED.value)
    return {**place(page), "arn": f"account:{page.parameters['account']}/{page.parameters['region']}", "$unknown": why}


def lists(key: str, make: Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]) -> Callable[
    [Sequence[Page]], Iterator[Row]
]:
    """Rows of a kind whose pages each hold a list: `make(item, place)` gives the fields of one row."""

    def rows(pages: Sequence[Page]) -> Iterator[Row]:
        for page in pages:
            found = page.body.get(key) if isinstance(page.body, Mapping) else None
            if not isinstance(found, list):
                yield unread(page)
                continue
            for item in found:
                yield row(page, item, make)

    return rows


def row(page: Page, item: Any, make: Callable[[Any, Mapping[str, Any]], Mapping[str, Any]]) -> Row:
    where = place(page)
    try:
        return {**where, **make(item, where)}
    except _BROKEN:
        return unread(page, Reason.MALFORMED.value)


def field(answers: Mapping[str, Any], operation: str, read: Callable[[Any], Any], absent: Any = None) -> Any:
    """One field of a row from a sub-call kept by its operation's name.

    `absent` is the value where the vendor said that there is none; a failed or misshapen answer is unknown.
    """
    answer = answers.get(operation)
    if not isinstance(answer, Mapping):
        return unknown(Reason.NOT_COLLECTED)
    if "error" in answer:
        return unknown(Reason(answer["error"]["reason"]))
    if "absent" in answer:
        return absent
    try:
        return read(answer)
    except _BROKEN:
        return unknown(Reason.MALFORMED)


def tags(pairs: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """AWS's list of key and value pairs as a mapping; keys in lower case, because tagging conventions differ in it."""
    return {str(pair["Key"]).lower(): str(pair.get("Value", "")) for pair in pairs or ()}


def name_of(tagged: Mapping[str, str], fallback: str) -> str:
    return tagged.get("name") or fallback
