"""The house's own facts: the roster of workers and the scope register, as they stood when a run looked.

Accounts are joined to people and to scope; keeping both lists with the run lets a past day be judged again as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from compliance.registers.selectors import scope_rows, worker_rows
from evidence.checks.base import Row

from .base import Context, FactKind, Page


def _collector(call: str, read: Any) -> Any:
    def collect(session: Any, context: Context) -> Iterator[Page]:
        yield Page(call=call, parameters={}, body=list(read()))

    return collect


def _rows(pages: Sequence[Page]) -> Iterable[Row]:
    return [row for page in pages for row in page.body]


HOUSE_KINDS: dict[str, FactKind] = {
    "org.workers": FactKind(
        id="org.workers", title="Workers, as the people list says", collect=_collector("register of workers", worker_rows),
        rows=_rows, permissions=(), can_be_empty=False,
    ),
    "org.scope": FactKind(
        id="org.scope", title="The scope register", collect=_collector("scope register", scope_rows),
        rows=_rows, permissions=(), can_be_empty=True,
    ),
}
