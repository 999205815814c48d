"""Which exceptions wait for a member, and which of theirs are about to end."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from compliance.access.permissions import Permission
from compliance.desk.entries import DigestLine, WorkItem
from compliance.people.models import Membership
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.web.words import day as written

from .models import CheckException
from .selectors_of_exceptions import expiring, title_of, waiting
from .services.exempt import refusal_to_answer

#: Harm, 0 to 100: a failure that nobody has answered for counts as one; one that is about to count again is near it.
TO_ANSWER, ENDING = 50, 40


def work_for(membership: Membership) -> list[WorkItem]:
    """The exceptions that this member may answer, and those of theirs that end within a fortnight."""
    items = [_ending(each) for each in expiring(membership)]
    if membership.may(Permission.EXCEPTION_APPROVE):
        items += [_to_answer(each) for each in _answerable(membership)]
    return items


def news_for(membership: Membership) -> list[DigestLine]:
    """A line for each exception that is about to end, and one for those that wait for an answer."""
    lines = [
        DigestLine(
            key=f"exception:{each.ref}", kind="exception", due=each.until, url=_url(each), urgent=_days(each) <= 3,
            text=f"{each.ref} ends on {written(each.until)}; then {title_of(each.check_id)} counts as failing again.",
        )
        for each in expiring(membership)
    ]
    waits = list(_answerable(membership)) if membership.may(Permission.EXCEPTION_APPROVE) else []
    if waits:
        noun = "exception waits" if len(waits) == 1 else "exceptions wait"
        url = f"{reverse('checks:exceptions', args=[here().slug])}?state=asked"
        text = f"{len(waits)} {noun} for your answer: {', '.join(each.ref for each in waits[:3])}."
        lines.append(DigestLine(key="exceptions:asked", kind="exception", text=text, url=url))
    return lines


def _answerable(membership: Membership) -> Iterator[CheckException]:
    return (each for each in waiting() if not refusal_to_answer(each, membership))


def _to_answer(each: CheckException) -> WorkItem:
    return WorkItem(
        key=f"exception:{each.ref}", kind="exception", ref=each.ref, due=each.until, harm=TO_ANSWER, state="exempt.asked",
        title=f"Answer an exception: {title_of(each.check_id)}", url=_url(each),
        why=f"{each.asked_by_name} asks that {each.resource or 'every resource'} on {each.connection.name} may fail.",
    )  # fmt: skip


def _ending(each: CheckException) -> WorkItem:
    return WorkItem(
        key=f"exception:{each.ref}", kind="exception", ref=each.ref, due=each.until, harm=ENDING, state="exempt.in_force",
        title=f"An exception ends: {title_of(each.check_id)}", url=_url(each),
        why="When it ends the gap opens again under its old reference. Put it right, or ask for another one.",
    )  # fmt: skip


def _days(each: CheckException) -> int:
    return (each.until - today(here().timezone)).days


def _url(each: CheckException) -> str:
    return reverse("checks:exception", args=[here().slug, each.pk])
