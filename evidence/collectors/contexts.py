"""From a connection's row to what its vendor needs to collect."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from compliance.tenancy.clock import now

from .base import Context
from .models import Connection
from .secrets import opened
from .throttle import throttle_for


def context_for(connection: Connection, **more: Any) -> Context:
    """The context of a run or a test. Opens the secret: the result must never be stored or logged."""
    return Context(
        config=dict(connection.config), secret=opened(connection), now=now(),
        endpoint=settings.VENDOR_ENDPOINTS.get(connection.vendor), throttle=throttle_for(connection.pk), **more,
    )
