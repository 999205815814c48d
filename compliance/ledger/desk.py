"""What of the ledger waits for those who run the programme: what nobody has decided to tell or not."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from compliance.access.permissions import Permission
from compliance.access.roles import permissions_of
from compliance.desk.entries import WorkItem
from compliance.people.models import Membership
from compliance.tenancy.rooms import here

from .models import Change, Incident
from .selectors import undecided_changes, undecided_incidents

#: More than this is a list to work through on its own page.
MOST = 20
HARM = 40


def work_for(membership: Membership) -> Iterable[WorkItem]:
    """Undecided incidents and changes, for who may decide. Two queries and their systems."""
    if Permission.LEDGER_CHANGE not in permissions_of(membership.role):
        return []
    return [
        *(_item(each, "incident", "DC 4") for each in undecided_incidents()[:MOST]),
        *(_item(each, "change", "DC 9") for each in undecided_changes()[:MOST]),
    ]


def _item(entry: Incident | Change, noun: str, criterion: str) -> WorkItem:
    return WorkItem(
        key=f"{noun}:{entry.ref}", kind=noun, ref=entry.ref, title=entry.title,
        why=f"Nobody has decided whether the description tells it ({criterion}).",
        url=reverse(f"ledger:{noun}", args=[here().slug, entry.pk]), due=None, harm=HARM, state="undecided",
    )  # fmt: skip
