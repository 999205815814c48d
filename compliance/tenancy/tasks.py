"""Tasks that stand in their organisation's room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import Task
from django.core.cache import cache

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


class GatheredTask(TenantTask):
    """A task that brings a whole room up to its facts: one run serves all the news before it, so that is what `soon` asks
    for. An import of a thousand systems is one run, and a person does not notice the wait."""

    abstract = True
    #: Seconds that news is gathered for.
    gathers = 1
    #: Seconds after which a run that was asked for and never began counts as lost.
    lost = 30

    def soon(self, organization_id: str) -> None:
        """Ask for a run, unless one waits already that will see what has just been told."""
        if cache.add(self.waiting_key(organization_id), True, self.lost):
            self.apply_async([organization_id], countdown=self.gathers)

    def waiting_key(self, organization_id: str) -> str:
        """What stands in the cache while a run of a room has been asked for and has not begun."""
        return f"waits:{self.name}:{organization_id}"

    def __call__(self, organization_id: str, *args: Any, **kwargs: Any) -> Any:
        cache.delete(self.waiting_key(organization_id))  # what is told from here on asks for another
        return super().__call__(organization_id, *args, **kwargs)
