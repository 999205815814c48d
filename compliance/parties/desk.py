"""Reviews of third parties that wait for a member: for their work and their daily digest, in a query or two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse

from compliance.desk.entries import DigestLine, WorkItem
from compliance.people.models import Membership
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here

from .cadence import OVERDUE, Due, open_due
from .models import Party
from .selectors import dues_of, parties

#: Harm, 0 to 100: an overdue review is a finding in waiting; one that comes up is only a date.
LATE, SOON = 55, 30
_AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class _Waiting:
    party: Party
    due: Due
    url: str


def work_for(membership: Membership) -> list[WorkItem]:
    """Reviews that this member is named for: overdue, or due within a fortnight."""
    return [
        WorkItem(
            key=_key(each), kind="review", ref=each.party.system.ref, title=f"Review {each.party.name}", url=each.url,
            why=_why(each.due), due=each.due.due_on, harm=LATE if each.due.state == OVERDUE else SOON,
            state="overdue" if each.due.state == OVERDUE else "due_soon",
        )
        for each in _waiting(membership)
    ]  # fmt: skip


def news_for(membership: Membership) -> list[DigestLine]:
    """A line for each of them."""
    return [
        DigestLine(
            key=_key(each), kind="review", url=each.url, due=each.due.due_on, urgent=each.due.state == OVERDUE,
            text=f"The review of {each.party.name} {_said(each.due)} {each.due.due_on:%-d %b %Y}.",
        )
        for each in _waiting(membership)
    ]  # fmt: skip


def _waiting(membership: Membership) -> Iterator[_Waiting]:
    on = today(here().timezone)
    for party in parties().filter(reviewer=membership).prefetch_related("reviews"):
        due = open_due(dues_of(party, on))
        if due is not None and due.due_on <= on + _AHEAD:
            yield _Waiting(party, due, reverse("parties:party", args=[here().slug, party.pk]))


def _key(each: _Waiting) -> str:
    return f"party-review:{each.party.pk}:{each.due.due_on.isoformat()}"


def _said(due: Due) -> str:
    return "was due on" if due.state == OVERDUE else "is due on"


def _why(due: Due) -> str:
    if due.state == OVERDUE:
        return "When the next one falls due this one counts as skipped for good, and an auditor is told so."
    return "A review that is not done in its time cannot be made up later."
