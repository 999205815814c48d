"""A person's word on a point of a check list that facts cannot tell."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..events import check_list_answered
from ..models import Answer, CheckList, PointKind

#: Points on which a person may speak; an owner is named in the register and nowhere else.
ANSWERABLE = (PointKind.CONTROLS, PointKind.EVIDENCE, PointKind.START)


@transaction.atomic
def answer_point(
    *, actor: Actor, check_list: CheckList, point: str, text: str = "", day: date | None = None
) -> Answer:
    """Say what no fact tells, with name and day. What was said before stays on record.

    Of the start a day, not one to come; of the other points a reason. Raises ValidationError, by field.
    """
    if check_list.closed_at is not None:
        raise ValidationError("This check list is closed: the system is no late one any more.")
    if check_list.programme.closed_at is not None:
        raise ValidationError("The programme has ended. Its check lists stay as they were.")
    if point not in ANSWERABLE:
        raise ValidationError({"point": "This point is settled in the register."})
    said = text.strip()
    if point == PointKind.START:
        _check_day(day)
    elif not said:
        raise ValidationError({"text": "Say why. An auditor reads this."})
    answer = Answer.objects.create(
        check_list=check_list, point=point, text=said, day=day if point == PointKind.START else None,
        answered_by=actor.label[:254],
    )  # fmt: skip
    record(
        actor=actor, action="scoping.check_list.answered", target=check_list,
        after={"point": point, "text": said} | ({"day": answer.day} if answer.day else {}),
    )  # fmt: skip
    send = partial(check_list_answered.send_robust, sender=CheckList)
    transaction.on_commit(partial(send, organization_id=here().organization_id))
    return answer


def _check_day(day: date | None) -> None:
    if day is None:
        raise ValidationError({"day": "Choose the day from which controls operate on it."})
    if day > today(here().timezone):
        raise ValidationError({"day": "Controls cannot have operated from a day that has not come."})
