"""What requests do on news of evidence."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from evidence.events import version_decided

from .tasks import follow


@receiver(version_decided)
def follow_on_decided(organization_id: str, artefact_id: str, **kwargs: Any) -> None:
    follow.delay(organization_id, artefact_id)
