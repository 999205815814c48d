"""What the register does on news from below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from evidence.events import freshness_changed, judged

from .tasks import reconcile


@receiver([judged, freshness_changed])
def reconcile_on_news(organization_id: str, **kwargs: Any) -> None:
    reconcile.delay(organization_id)
