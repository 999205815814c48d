"""Sending an event once the transaction is committed, with the organisation's id."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import Signal

from .rooms import here


def announce(event: Signal, **ids: Any) -> None:
    """Send `event` on commit: `organization_id` and the given ids, as text. A receiver's failure does not undo the deed."""
    values = {name: str(value) for name, value in ids.items()}
    transaction.on_commit(
        partial(event.send_robust, sender=None, organization_id=str(here().organization_id), **values)
    )
