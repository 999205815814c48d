"""Exceptions of a check: asked for by one, approved or refused by another, revoked. What was said stays said."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.tenancy.clock import today
from compliance.tenancy.news import announce
from compliance.tenancy.references import next_reference
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record
from evidence.checks import catalogue
from evidence.collectors.models import Connection
from evidence.events import exceptions_changed

from ..models import CheckException, ExceptionDecision, ResourceInterval, Verdict
from ..selectors_of_exceptions import ASKED, IN_FORCE, TO_COME, exceptions, failing_now

#: An exception is looked at again at least once a year.
LONGEST = timedelta(days=366)


class AnsweredError(ValidationError):
    """It has been answered, has ended or was revoked meanwhile."""


@transaction.atomic
def ask_exception(
    *, actor: Actor, member: Membership | None, connection: Connection, check_id: str, reason: str, until: date,
    resource: str = "", starts_on: date | None = None,
) -> CheckException:  # fmt: skip
    """Ask that a check may fail for a resource, or for all where none is named, until a day. Raises ValidationError."""
    day = today(here().timezone)
    first = starts_on or day
    _check_target(connection, check_id, resource)
    if not reason.strip():
        raise ValidationError({"reason": "Say why it may fail, and what is done meanwhile. An auditor reads this."})
    if first < day:
        raise ValidationError({"starts_on": "That day has passed: what failed then stays a failure."})
    if until < first:
        raise ValidationError({"until": "It ends before it begins."})
    if until - first > LONGEST:
        raise ValidationError({"until": "A year at most: then it is looked at again."})
    asked = CheckException.objects.create(
        ref=next_reference("EXC"), check_id=check_id, connection=connection, resource=resource, reason=reason.strip(),
        starts_on=first, until=until, asked_by=member, asked_by_name=member.name if member else actor.label[:254],
    )
    record(actor=actor, action="judging.exception.asked", target=asked, after=_told(asked))
    announce(exceptions_changed, connection_id=connection.pk)
    return asked


def _check_target(connection: Connection, check_id: str, resource: str) -> None:
    check = catalogue.get(check_id)
    if check is None or check.vendor != connection.vendor:
        raise ValidationError({"check_id": "No check of this connection is called this."})
    if not resource:
        return
    known = ResourceInterval.objects.filter(connection=connection, check_id=check_id, resource=resource)
    if not known.exists():
        raise ValidationError({"resource": "The check has never spoken of a resource of this name."})


def _told(asked: CheckException) -> dict[str, object]:
    return {
        "check": asked.check_id, "connection": asked.connection.name, "resource": asked.resource or "all",
        "starts_on": asked.starts_on, "until": asked.until, "reason": asked.reason,
    }  # fmt: skip


def refusal_to_answer(exception: CheckException, member: Membership | None) -> str:
    """Why a member may not answer an exception; empty where they may. Approver and asker are two people, and one of all
    resources is leadership's to answer."""
    if member is None or not member.may(Permission.EXCEPTION_APPROVE):
        return "Your role does not answer exceptions."
    if exception.asked_by_id == member.pk:
        return "You asked for it, so somebody else has to answer."
    if not exception.resource and not member.may(Permission.EXCEPTION_APPROVE_WHOLE):
        return "It covers all resources of the check: an approver of the leadership has to answer."
    return ""


@transaction.atomic
def approve_exception(
    *, actor: Actor, member: Membership | None, exception: CheckException, note: str = ""
) -> ExceptionDecision:
    """Let it hold from its first day. Raises ValidationError for the asker, AnsweredError where it is not open any more."""
    current = _open(exception, member)
    failing = failing_now(current.connection, current.check_id) if not current.resource else None
    return _decide(actor, member, current, Verdict.APPROVED, note, failing)


@transaction.atomic
def refuse_exception(
    *, actor: Actor, member: Membership | None, exception: CheckException, note: str
) -> ExceptionDecision:
    """It does not hold, and why."""
    if not note.strip():
        raise ValidationError({"note": "Say why it is refused."})
    return _decide(actor, member, _open(exception, member), Verdict.REFUSED, note)


@transaction.atomic
def revoke_exception(
    *, actor: Actor, member: Membership | None, exception: CheckException, note: str
) -> ExceptionDecision:
    """End it from now on. Whoever asked for it may, and who may answer exceptions."""
    if not note.strip():
        raise ValidationError({"note": "Say why it ends."})
    mine = member is not None and (member.pk == exception.asked_by_id or member.may(Permission.EXCEPTION_APPROVE))
    if not mine:
        raise ValidationError("It is revoked by whoever asked for it, or who may answer exceptions.")
    current = locked(exception)
    if current.state not in {ASKED, IN_FORCE, TO_COME}:  # type: ignore[attr-defined]
        raise AnsweredError(f"{current.ref} has ended already.")
    return _decide(actor, member, current, Verdict.REVOKED, note)


def _open(exception: CheckException, member: Membership | None) -> CheckException:
    if refusal := refusal_to_answer(exception, member):
        raise ValidationError(refusal)
    current = locked(exception)
    if current.state != ASKED:  # type: ignore[attr-defined]
        raise AnsweredError(f"{current.ref} was answered already, or its last day has passed.")
    return current


def locked(exception: CheckException) -> CheckException:
    """As it stands now, with nobody else deciding on it: the connection's row is the lock, since its own only grows."""
    Connection.objects.select_for_update(of=("self",)).only("pk", "organization_id").get(pk=exception.connection_id)
    return exceptions().get(pk=exception.pk)


def _decide(
    actor: Actor, member: Membership | None, exception: CheckException, verdict: Verdict, note: str, failing: int | None = None
) -> ExceptionDecision:
    made = ExceptionDecision.objects.create(
        exception=exception, verdict=verdict, note=note.strip(), failing=failing, decided_by=member,
        decided_by_name=member.name if member else actor.label[:254],
    )
    after = {"verdict": verdict.value, "note": made.note, "failing": failing, "until": exception.until}
    record(actor=actor, action=f"judging.exception.{verdict.value}", target=exception, after=after)
    announce(exceptions_changed, connection_id=exception.connection_id)
    return made
