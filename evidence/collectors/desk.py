"""What of collecting waits for those who manage connections: events that their source will soon no longer keep."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.urls import reverse

from compliance.access.permissions import Permission
from compliance.desk.entries import DigestLine, WorkItem
from compliance.people.models import Membership
from compliance.tenancy.rooms import here

from ..cadence import local_day
from .reached import running_out, words_of
from .registry import kind_of
from .retention import Risk

#: Harm, 0 to 100: what is lost of a period can never be brought again.
NEAR, LOST = 66, 82


def work_for(membership: Membership) -> list[WorkItem]:
    """An item for each list that runs out, for whoever manages connections."""
    if not membership.may(Permission.CONNECTION_MANAGE):
        return []
    zone = ZoneInfo(here().timezone)
    return [
        WorkItem(
            key=f"collection:{state.connection_id}:{state.fact_kind}", kind="evidence", ref=state.connection.slug,
            title=f"Collect before it is lost: {kind_of(state.connection.vendor, state.fact_kind).title}",
            why=words_of(state, loss), url=reverse("connections:connection", args=[here().slug, state.connection_id]),
            due=local_day(loss.begins, zone), harm=LOST if loss.risk is Risk.LOST else NEAR, state="stale",
        )
        for state, loss in running_out()
    ]  # fmt: skip


def news_for(membership: Membership) -> list[DigestLine]:
    """The same as lines of the digest; urgent, because nothing else brings it back."""
    return [
        DigestLine(key=item.key, kind=item.kind, text=item.why, url=item.url, due=item.due, urgent=True)
        for item in work_for(membership)
    ]
