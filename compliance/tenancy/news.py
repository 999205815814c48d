"""Sending an event once the transaction is committed, with the organisation's id."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import Signal

from .rooms import here

_silent: ContextVar[bool] = ContextVar("silent", default=False)


@contextmanager
def silence() -> Iterator[None]:
    """Send nothing inside: for whoever does what follows by itself, in order (an import, the sample company's story)."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def announce(event: Signal, **ids: Any) -> None:
    """Send `event` on commit: `organization_id` and the given ids, as text. A receiver's failure does not undo the deed."""
    if _silent.get():
        return
    values = {name: str(value) for name, value in ids.items()}
    transaction.on_commit(
        partial(event.send_robust, sender=None, organization_id=str(here().organization_id), **values)
    )
