"""What follows from news of populations."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from .events import draft_asked
from .tasks import make_version


@receiver(draft_asked)
def make_on_asked(organization_id: str, draft_id: str, **kwargs: Any) -> None:
    make_version.delay(organization_id, draft_id)
