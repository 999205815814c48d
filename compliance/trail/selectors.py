"""Reading the trail."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from compliance.tenancy.rooms import here

from .models import Entry
from .visibility import visible


def entries(
    *, who: str = "", action: str = "", about: str = "", target: UUID | None = None, since: date | None = None,
    until: date | None = None,
) -> QuerySet[Entry]:  # fmt: skip
    """What was done, newest first. `who` and `about` are words of the actor's and the target's name, `action` its
    beginning; both days are included, in the organisation's time zone."""
    found = visible(Entry.objects.all())
    if who:
        found = found.filter(actor_label__icontains=who)
    if action:
        found = found.filter(action__startswith=action)
    if about:
        found = found.filter(target_label__icontains=about)
    if target:
        found = found.filter(target_id=target)
    if since:
        found = found.filter(at__gte=_midnight(since))
    if until and until < date.max:  # which has no day after it
        found = found.filter(at__lt=_midnight(until + timedelta(days=1)))
    return found.order_by("-id")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(here().timezone))
