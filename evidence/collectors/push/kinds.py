"""The kinds of fact that a company supplies itself, each with the shape of its rows: `kinds.yaml`, read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from evidence.checks.base import Reason, Row

from ..base import CollectionError, Context, FactKind, Page
from ..shapes import Shape, Term


def _never(session: Any, context: Context) -> Iterator[Page]:
    raise CollectionError(
        Reason.NOT_COLLECTED, "Nothing is collected here: facts of this kind are pushed.", remedy="Push them, or drop a file."
    )
    yield  # pragma: no cover - makes it the generator that a collector is


def rows_of(pages: Sequence[Page]) -> Iterable[Row]:
    """The rows of a push, as they were sent."""
    return (row for page in pages for row in page.body)


def _kind(stated: dict[str, Any]) -> FactKind:
    lists = ("also", "choices")
    written: list[dict[str, Any]] = stated["terms"]
    terms = tuple(Term(**(term | {name: tuple(term.get(name, ())) for name in lists})) for term in written)
    return FactKind(
        id=stated["id"], title=stated["title"], collect=_never, rows=rows_of, permissions=(), can_be_empty=stated["can_be_empty"],
        shape=Shape(terms, tuple(stated["identified_by"]), stated["about"]),
    )


KINDS: tuple[FactKind, ...] = tuple(
    _kind(each) for each in yaml.load(Path(__file__).with_name("kinds.yaml").read_bytes(), Loader=yaml.CSafeLoader)
)
