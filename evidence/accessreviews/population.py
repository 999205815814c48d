"""The population of access reviews: one row for each review of a period, whatever became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from evidence.populations.items import Item
from evidence.populations.rooms import RoomSource
from evidence.populations.spans import Period

from .models import STANDING, Account, Campaign, Decision, RemovalState, Verdict


def population_rows(period: tuple[date, date]) -> Iterator[dict[str, Any]]:
    """Every review whose own period meets this one (local days, both included), in the order of its days.

    The skipped and the unfinished are among them: a population that leaves out what was missed is none.
    """
    first, last = period
    found = Campaign.objects.filter(covers_from__lte=last, covers_to__gte=first).select_related("requirement__control", "book__artefact")
    rows: Iterable[Any] = found.annotate(**_counts()).order_by("covers_from", "due_on", "id")
    for each in rows:
        yield {
            "ref": each.ref, "name": each.name, "control": each.requirement.control.ref, "covers_from": each.covers_from,
            "covers_to": each.covers_to, "due_on": each.due_on, "state": each.state, "late": each.late,
            "started_at": each.started_at, "completed_at": each.settled_at if each.state == "completed" else None,
            "completed_by": each.settled_by if each.state == "completed" else "", "systems": each.system_count,
            "accounts": each.account_count, "kept": each.kept_count, "changed": each.changed_count, "removed": each.removed_count,
            "removals_standing": each.standing_count, "removals_gone": each.gone_count,
            "evidence": each.book.artefact.ref if each.book else "", "reason": each.reason,
        }  # fmt: skip


def _counts() -> dict[str, Count]:
    def accounts(**only: Any) -> Count:
        return Count("accounts", filter=Q(**only) if only else None, distinct=True)

    def gone(states: tuple[str, ...]) -> Count:
        return Count("removals", filter=Q(removals__state__in=states), distinct=True)

    return {
        "system_count": Count("lists", distinct=True), "account_count": accounts(),
        "kept_count": accounts(accounts__verdict=Verdict.KEEP), "changed_count": accounts(accounts__verdict=Verdict.CHANGE),
        "removed_count": accounts(accounts__verdict=Verdict.REMOVE), "standing_count": gone(STANDING),
        "gone_count": gone((RemovalState.GONE,)),
    }  # fmt: skip


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
