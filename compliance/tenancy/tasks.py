"""A task that stands in its organisation's room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import Task

from .models import Organization
from .rooms import scope


class TenantTask(Task):
    """Base of every task whose first argument is an organisation's id: it runs inside that room.

    An organisation deleted meanwhile ends the task quietly: there is nothing left to do for it.
    """

    abstract = True

    def __call__(self, organization_id: str, *args: Any, **kwargs: Any) -> Any:
        try:
            with scope(UUID(str(organization_id))):
                return self.run(organization_id, *args, **kwargs)
        except Organization.DoesNotExist:
            return None
