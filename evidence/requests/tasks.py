"""Following decisions, and reminding, as jobs."""

from __future__ import annotations

from celery import shared_task

from compliance.tenancy.rooms import for_each_organization
from compliance.tenancy.tasks import TenantTask
from compliance.trail.actors import SYSTEM

from .models import Ask, AskState
from .services.answer import follow_decision
from .services.remind import remind_outside


def _follow(**only: str) -> None:
    waiting = Ask.objects.filter(state=AskState.HANDED_IN, **only)
    for ask in waiting.exclude(version__artefact__acceptance="received"):
        follow_decision(actor=SYSTEM, ask=ask)


@shared_task(base=TenantTask, name="evidence.requests.tasks.follow")
def follow(organization_id: str, artefact_id: str) -> None:
    """A version was judged on its own page: the request that brought it follows."""
    _follow(version__artefact_id=artefact_id)


@shared_task(name="evidence.requests.tasks.sweep_requests")
def sweep_requests() -> None:
    """Every hour: remind whoever is outside, and follow decisions whose message was lost."""

    def visit(room: object) -> None:
        _follow()
        remind_outside(actor=SYSTEM)

    for_each_organization(visit)
