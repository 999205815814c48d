"""Reading evidence requests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, QuerySet

from compliance.people.models import Membership
from compliance.people.secrets import digest
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from controls.models import Implementation

from .models import WAITING, Ask, AskLink, AskState

OVERDUE = "overdue"


def asks() -> QuerySet[Ask]:
    """Requests with what they ask for, of whom and by whom."""
    return Ask.objects.select_related("requirement__control", "member", "asked_by", "version__artefact")


def asks_matching(asked: Mapping[str, str], member: Membership | None = None) -> QuerySet[Ask]:
    """Requests that fit `state` (`overdue` are those that wait after their day) and `whose` (mine)."""
    found, state = asks(), asked.get("state", "")
    if state == OVERDUE:
        found = found.filter(state__in=WAITING, due_on__lt=today(here().timezone))
    elif state:
        found = found.filter(state=state)
    return found.filter(member=member) if asked.get("whose") == "mine" and member is not None else found


def counts_by_state() -> dict[str, int]:
    """How many requests are in each state; they sum to all of them."""
    counted = dict(Ask.objects.order_by().values_list("state").annotate(number=Count("id")))
    return {state.value: counted.get(state.value, 0) for state in AskState}


def link_behind(secret: str) -> AskLink | None:
    """The link of a secret, with the request that it opens in this room; None for one that is unknown, revoked or expired."""
    links = _good_links().filter(secret_hash=digest(secret)).exclude(ask__state=AskState.WITHDRAWN)
    return links.select_related("ask__requirement__control").first()


def opens_until(ask: Ask) -> datetime | None:
    """Until when the last link of a request opens; None where none does."""
    return _good_links().filter(ask=ask).order_by("-expires_at").values_list("expires_at", flat=True).first()


def _good_links() -> QuerySet[AskLink]:
    return AskLink.objects.filter(revoked_at__isnull=True, expires_at__gt=now())


def is_waiting(ask: Ask) -> bool:
    """Whether the ball is with whoever was asked."""
    return ask.state in WAITING


def is_retired(ask: Ask) -> bool:
    """Whether the control is retired, so that nothing is taken in any more; who asked may withdraw the request."""
    return ask.requirement.control.implementation == Implementation.RETIRED
