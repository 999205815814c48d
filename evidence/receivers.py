"""What this floor does on the news of the one below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from compliance.scoping.tasks import reconcile
from controls.events import control_changed

from .events import freshness_changed, requirements_changed, run_finished
from .tasks import hand_over


@receiver(control_changed)
def hand_over_on_new_owner(organization_id: str, control_id: str, former_owner_id: str = "", **kwargs: Any) -> None:
    if former_owner_id:
        hand_over.delay(organization_id, control_id, former_owner_id)


@receiver([run_finished, freshness_changed, requirements_changed, control_changed])
def judge_scope_on_evidence(organization_id: str, **kwargs: Any) -> None:
    reconcile.soon(organization_id)
