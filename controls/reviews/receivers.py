"""What reviews do on news of controls."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from controls.events import control_changed

from .tasks import keep


@receiver(control_changed)
def keep_on_changed_control(organization_id: str, **kwargs: Any) -> None:
    keep.soon(organization_id)
