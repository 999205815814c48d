"""What warnings follow: news of the registers, third parties, commitments and programmes, and of check lists."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.dispatch import receiver

from compliance.commitments.events import commitment_changed
from compliance.parties.events import party_changed
from compliance.programmes.events import programme_changed
from compliance.registers.events import landscape_changed, scope_decided, system_changed, system_discovered

from .events import check_list_answered
from .tasks import reconcile, waiting_key

#: Seconds that news is gathered for: an import of a thousand systems is one reconcile, and a person does not notice.
SOON = 1
#: Seconds after which a reconcile that was asked for and never began counts as lost.
_LOST = 30


@receiver(
    [
        system_discovered, system_changed, scope_decided, landscape_changed, party_changed, commitment_changed,
        programme_changed, check_list_answered,
    ]
)  # fmt: skip
def reconcile_on_news(organization_id: Any, **kwargs: Any) -> None:
    reconcile_soon(str(organization_id))


def reconcile_soon(organization_id: str) -> None:
    """Ask for a reconcile of a room, unless one waits already that will see what has just been told."""
    if cache.add(waiting_key(organization_id), True, _LOST):
        reconcile.apply_async([organization_id], countdown=SOON)
