"""What access reviews do on news of collections."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from evidence.events import judged

from .tasks import look


@receiver(judged)
def look_on_judged(organization_id: str, connection_id: str, **kwargs: Any) -> None:
    look.delay(organization_id, connection_id)
