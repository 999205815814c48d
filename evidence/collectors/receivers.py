"""What this floor does on its own news."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from ..events import run_requested
from .tasks import collect


@receiver(run_requested)
def collect_on_request(organization_id: str, run_id: str, **kwargs: Any) -> None:
    collect.delay(organization_id, run_id)
