"""The news that every verb here sends."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from compliance.tenancy.rooms import here

from ..events import programme_changed
from ..models import Programme


def tell(programme: Programme) -> None:
    """Send it when the transaction is through; receivers read nothing, for the room is left by then."""
    send = partial(programme_changed.send_robust, sender=Programme)
    transaction.on_commit(partial(send, organization_id=here().organization_id, programme_id=programme.pk))
