"""What the register does on news from below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from controls.reviews.events import exception_reported
from evidence.coverage.events import coverage_changed
from evidence.events import connection_retired, freshness_changed, judged
from evidence.populations.events import population_changed

from .tasks import reconcile


@receiver([connection_retired, coverage_changed, judged, freshness_changed, exception_reported, population_changed])
def reconcile_on_news(organization_id: str, **kwargs: Any) -> None:
    reconcile.delay(organization_id)
