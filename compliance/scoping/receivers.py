"""What warnings follow: news of the registers, third parties, commitments and programmes, and of check lists."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from compliance.commitments.events import commitment_changed
from compliance.parties.events import party_changed
from compliance.programmes.events import programme_changed
from compliance.registers.events import landscape_changed, scope_decided, system_changed, system_discovered

from .events import check_list_answered
from .tasks import reconcile


@receiver(
    [
        system_discovered, system_changed, scope_decided, landscape_changed, party_changed, commitment_changed,
        programme_changed, check_list_answered,
    ]
)  # fmt: skip
def reconcile_on_news(organization_id: Any, **kwargs: Any) -> None:
    reconcile.soon(str(organization_id))
