"""The dashboard follows the register."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from evidence.coverage.events import coverage_changed
from evidence.events import requirements_changed, version_decided
from gaps.events import gaps_changed

from .tasks import rebuild


@receiver([coverage_changed, gaps_changed, requirements_changed, version_decided])
def rebuild_on_change(organization_id: str, **kwargs: Any) -> None:
    rebuild.delay(organization_id)
