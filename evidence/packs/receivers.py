"""A pack that was asked for wakes a worker at once."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from .events import pack_requested
from .tasks import make


@receiver(pack_requested)
def make_on_request(organization_id: str, pack_id: str, **kwargs: Any) -> None:
    make.delay(organization_id, pack_id)
