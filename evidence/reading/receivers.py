"""What reading does on the news of what was received."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from ..events import version_received
from .tasks import read


@receiver(version_received)
def read_on_receipt(organization_id: str, **kwargs: Any) -> None:
    read.soon(organization_id)
