"""What of the request log waits for a member: for their work and their daily digest, in a few queries each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count, Min, QuerySet
from django.urls import reverse

from compliance.access.permissions import Permission
from compliance.desk.entries import DigestLine, WorkItem
from compliance.people.models import Membership
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here

from ..models import Audit, ExternalComment, Request, RequestState

#: Harm, 0 to 100: an auditor who waits past the day that was agreed may count it as a limitation of scope.
OVERDUE, RETURNED, IN_REVIEW, SOON, LATER = 85, 75, 65, 55, 25
_SOON = timedelta(days=7)
_A_DAY = timedelta(days=1)


def work_for(membership: Membership) -> list[WorkItem]:
    """Requests that this member is to answer; for managers also those to submit, and those that nobody answers."""
    items = [
        _to_answer(request)
        for request in _running(assignee=membership, state__in=(RequestState.ASSIGNED, RequestState.RETURNED))
    ]
    if membership.may(Permission.REQUEST_MANAGE):
        items += [_to_submit(request) for request in _running(state=RequestState.IN_REVIEW)]
        items += list(_unassigned())
    return items


def news_for(membership: Membership) -> list[DigestLine]:
    """What auditors did since yesterday, for those who run the log."""
    if not membership.may(Permission.REQUEST_MANAGE):
        return []
    since = now() - _A_DAY
    decided = _running(decided_at__gt=since, state__in=(RequestState.FULFILLED, RequestState.RETURNED))
    raised = _running(created_at__gt=since, raised_by_auditor=True)
    said = ExternalComment.objects.filter(by_auditor=True, at__gt=since).select_related("request").order_by("id")
    lines = [_line("decided", request, f"{request.ref} was {request.state} by the auditor") for request in decided]
    lines += [_line("raised", request, f"The auditor asks for more: {request}") for request in raised]
    lines += [_line("said", comment.request, f"{comment.author} wrote on {comment.request.ref}") for comment in said]
    return lines


def _running(**conditions: object) -> QuerySet[Request]:
    found = Request.objects.filter(audit__issued_at__isnull=True, audit__closed_at__isnull=True, **conditions)
    return found.select_related("audit").order_by("due_date", "ref")


def _to_answer(request: Request) -> WorkItem:
    returned = request.state == RequestState.RETURNED
    why = (
        f"The auditor returned it: {request.return_reason}" if returned else _why(request.due_date, request.audit.firm)
    )
    harm = max(_harm(request.due_date), RETURNED if returned else 0)
    return _item(request, f"Answer {request.ref}: {request.title}", why, harm)


def _to_submit(request: Request) -> WorkItem:
    harm = max(_harm(request.due_date), IN_REVIEW)
    return _item(
        request, f"Submit or send back {request.ref}: {request.title}", _why(request.due_date, request.audit.firm), harm
    )


def _unassigned() -> Iterator[WorkItem]:
    """One item per audit, since a list of every open request would bury the rest."""
    rows = Audit.objects.filter(issued_at__isnull=True, closed_at__isnull=True, requests__state=RequestState.OPEN)
    for audit in rows.annotate(waiting=Count("requests"), first_due=Min("requests__due_date")).order_by("starts_on"):
        noun = "auditor request has" if audit.waiting == 1 else "auditor requests have"
        yield WorkItem(
            key=f"audit:{audit.ref}:unassigned", kind="request", ref=audit.ref, due=audit.first_due,
            title=f"{audit.waiting} {noun} nobody to answer", why=_why(audit.first_due, audit.firm),
            url=f"{reverse('audits:show', args=[here().slug, audit.pk])}?state=open", harm=_harm(audit.first_due),
            state=RequestState.OPEN.value,
        )  # fmt: skip


def _item(request: Request, title: str, why: str, harm: int) -> WorkItem:
    return WorkItem(
        key=f"request:{request.ref}", kind="request", ref=request.ref, title=title, why=why, url=_url(request),
        due=request.due_date, harm=harm, state=request.state,
    )  # fmt: skip


def _line(what: str, request: Request, text: str) -> DigestLine:
    return DigestLine(key=f"request:{request.ref}:{what}", kind="request", text=f"{text}.", url=_url(request))


def _url(request: Request) -> str:
    return reverse("audits:request", args=[here().slug, request.pk])


def _harm(due: date) -> int:
    day = today(here().timezone)
    if due < day:
        return OVERDUE
    return SOON if due - day <= _SOON else LATER


def _why(due: date, firm: str) -> str:
    late = (today(here().timezone) - due).days
    if late > 0:
        days = "1 day" if late == 1 else f"{late} days"
        return f"{firm} has waited {days} past the day that was agreed, and may call it a limitation of scope."
    return f"{firm} waits for it until the day that was agreed."
