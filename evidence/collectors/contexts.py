"""From a connection's row to what its vendor needs to collect."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from compliance.tenancy.clock import now

from .base import Context
from .models import Connection
from .secrets import opened
from .throttle import PER_SECOND, throttle_for


def context_for(connection: Connection, **more: Any) -> Context:
    """The context of a run or a test. Opens the secret: the result must never be stored or logged."""
    endpoint = settings.VENDOR_ENDPOINTS.get(connection.vendor)
    if endpoint is None and connection.vendor in PER_SECOND:  # a stand-in of ours needs no sparing
        more["throttle"] = throttle_for(connection.pk, per_second=PER_SECOND[connection.vendor])
    return Context(config=dict(connection.config), secret=opened(connection), now=now(), endpoint=endpoint, **more)
