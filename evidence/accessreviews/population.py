"""The population of access reviews: one row for each account that a review of a period asked about."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, OuterRef, QuerySet, Subquery

from evidence.populations.items import Item
from evidence.populations.rooms import RoomSource
from evidence.populations.spans import Period

from .models import Account, Decision


def _decided(period: Period) -> QuerySet[Account]:
    """Accounts of the reviews whose own period meets this one, whether or not somebody decided on them."""
    return Account.objects.filter(campaign__covers_from__lte=period.last, campaign__covers_to__gte=period.first)


def _items(period: Period) -> Iterator[Item]:
    """One row for each account that a review asked about. One that nobody decided on is among them, and says so."""
    latest = Decision.objects.filter(account=OuterRef("pk")).order_by("-id")
    rows = _decided(period).annotate(by=Subquery(latest.values("decided_by_name")[:1]), gone_at=F("removal__gone_at"))
    for each in rows.select_related("campaign", "account_list__system").order_by("id").iterator(chunk_size=1000):
        yield Item("room", f"{each.campaign.ref}/{each.pk}", {
            "review": each.campaign.ref, "system": each.account_list.system.name, "account": each.name, "reviewer": each.by,
            "decision": each.get_verdict_display() if each.verdict else None,
            "decided_at": each.decided_at.isoformat() if each.decided_at else None,
            "removed_at": each.gone_at.isoformat() if each.gone_at else None,
        })  # fmt: skip


SOURCE = RoomSource(
    "room.access_reviews", "Access reviews", "access_reviews", "Access reviews: every account asked about in the period", _items,
    lambda period: _decided(period).count(),
)  # fmt: skip
