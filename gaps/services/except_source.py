"""A source that is really gone: one exception for each failure that it showed, asked for at once by one, answered at once by another."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.trail.actors import Actor
from evidence.collectors.models import Connection
from evidence.collectors.services.connect import locked
from evidence.judging.models import CheckException, ExceptionDecision
from evidence.judging.services.exempt import AnsweredError, approve_exception, ask_exception, refuse_exception

from ..retiring import unsettled


@transaction.atomic
def ask_for_source(
    *, actor: Actor, member: Membership | None, connection: Connection, reason: str, until: date
) -> list[CheckException]:
    """Ask that every check that fails on a connection may, until a day: an exception for each that nobody has asked for yet, all or
    none. Raises ValidationError by field, and where nothing is left to ask for."""
    connection = locked(connection)
    asked = [each.gap.subject for each in unsettled(connection) if each.can_be_asked]
    if not asked:
        raise ValidationError("Nothing is left to ask for: what fails is excepted, or waits for an answer.")
    return [
        ask_exception(actor=actor, member=member, connection=connection, check_id=check, reason=reason, until=until)
        for check in asked
    ]  # fmt: skip


@transaction.atomic
def approve_for_source(
    *, actor: Actor, member: Membership | None, connection: Connection, note: str = "", shown: Collection[str] | None = None
) -> list[ExceptionDecision]:
    """Approve every exception that waits for the failures of a connection, all or none. `shown`: the references of those that whoever
    answers has seen; None: whatever waits.

    Raises ValidationError for whoever asked for one of them and for whom it is not to answer, AnsweredError where none waits, or
    others than were shown: nobody approves what was asked for behind their page.
    """
    return [
        approve_exception(actor=actor, member=member, exception=each, note=note) for each in _waiting(locked(connection), shown)
    ]


@transaction.atomic
def refuse_for_source(
    *, actor: Actor, member: Membership | None, connection: Connection, note: str, shown: Collection[str] | None = None
) -> list[ExceptionDecision]:
    """Refuse all of them, and why. Raises as approving does."""
    return [
        refuse_exception(actor=actor, member=member, exception=each, note=note) for each in _waiting(locked(connection), shown)
    ]


def _waiting(connection: Connection, shown: Collection[str] | None) -> list[CheckException]:
    found = [each.waiting for each in unsettled(connection) if each.waiting is not None]
    if not found:
        raise AnsweredError("No exception of what it shows waits for an answer.")
    if shown is not None and {each.ref for each in found} != set(shown):
        raise AnsweredError("What waits is not what was shown any more. Look at it again, and answer then.")
    return found
