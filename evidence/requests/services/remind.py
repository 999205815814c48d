"""Reminding somebody outside: three days before and on the day, and never while the ball is in our court."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from controls.models import Implementation

from ..models import WAITING, Ask, EventKind
from .ask import write_to
from .writing import tell

#: Days before the due day of the first reminder.
BEFORE = 3
_log = logging.getLogger(__name__)


def remind_outside(*, actor: Actor) -> int:
    """Write to everybody outside whose reminder has come due and was not sent; returns how many. Idempotent.

    A mail that could not be sent is not written down, so the next sweep tries again.
    """
    on = today(here().timezone)
    found = Ask.objects.filter(state__in=WAITING, due_on__gte=on, due_on__lte=on + timedelta(days=BEFORE)).exclude(email="")
    found = found.exclude(requirement__control__implementation=Implementation.RETIRED)
    sent = 0
    for ask in found.select_related("requirement").prefetch_related("events").order_by("due_on", "id"):
        kind = EventKind.REMINDED_DAY if ask.due_on == on else EventKind.REMINDED_BEFORE
        given = {each.kind for each in ask.events.all()}
        fresh = any(each.kind == EventKind.ASKED and each.at.date() >= on for each in ask.events.all())
        if kind.value not in given and not fresh:
            sent += _remind(actor, ask, kind)
    return sent


def _remind(actor: Actor, ask: Ask, kind: EventKind) -> int:
    try:
        with transaction.atomic():
            tell(actor=actor, ask=ask, kind=kind.value, text=ask.email)
            write_to(actor=actor, ask=ask, kind=kind.value)
    except (ValidationError, IntegrityError) as fault:
        _log.warning("no reminder of %s: %s", ask.ref, fault)
        return 0
    return 1
