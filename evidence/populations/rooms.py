"""Sources that read our own registers: what is kept here is listed from here, and counted by a second query."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from compliance.ledger.models import Incident
from compliance.parties.models import Outcome, Party
from compliance.tenancy.clock import now
from evidence.checks.base import Reason, unknown

from .items import Item
from .sources import Ask, Built
from .spans import Period, Reach

_UNSAID = unknown(Reason.NOT_COLLECTED)


@dataclass(frozen=True)
class RoomSource:
    """Rows of a register of ours. `count` counts them by a query of its own."""

    key: str
    title: str
    template: str
    query: str
    rows: Callable[[Period], Iterator[Item]]
    count: Callable[[Period], int]
    vendors: tuple[str, ...] = ()

    def build(self, ask: Ask) -> Built:
        """Draw the rows. A register is there all the while, so it covers what of the period has passed."""
        moment = now()
        reach = Reach(ask.period.starts, min(ask.period.ends, moment))
        return Built(
            self.rows(ask.period), self.query, self.title, "Fieldwork, from its own register", moment, reach,
            {"source": self.key}, total=self.count(ask.period), basis="counted by a second query of the register",
            covers=reach.covers(ask.period),
        )  # fmt: skip


def _incidents_in(period: Period) -> Any:
    """Those that began in the period, and those that went on into it."""
    going_on = Q(ended_on__isnull=True) | Q(ended_on__gte=period.first)
    return Incident.objects.filter(going_on, started_on__lte=period.last)


def _incidents(period: Period) -> Iterator[Item]:
    for each in _incidents_in(period).order_by("ref").iterator(chunk_size=1000):
        yield Item("room", each.ref, {
            "incident": each.ref, "title": each.title, "started_on": each.started_on.isoformat(),
            "ended_on": _iso(each.ended_on), "severity": _UNSAID, "from_controls": each.from_controls,
            "broke_commitments": each.broke_commitments, "disposition": each.disposition or _UNSAID,
        })  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _vendors(period: Period) -> Iterator[Item]:
    found = Party.objects.select_related("system__owner", "reviewer").prefetch_related("reviews").order_by("id")
    for each in found:
        done = [one.due_on for one in each.reviews.all() if one.outcome != Outcome.SKIPPED and one.due_on <= period.last]
        owner = each.system.owner or each.reviewer
        yield Item("room", each.system.ref, {
            "party": each.system.ref, "name": each.system.name, "role": each.get_role_display(), "criticality": _UNSAID,
            "data_shared": ", ".join(each.system.data_classes) or None, "owner": owner.name if owner else _UNSAID,
            "since": _UNSAID, "reviewed_on": _iso(max(done, default=None)),
        })  # fmt: skip


SOURCES = (
    RoomSource(
        "room.incidents", "Incident register", "incidents", "Incident register: began or went on in the period", _incidents,
        lambda period: int(_incidents_in(period).count()),
    ),
    RoomSource(
        "room.vendors", "Third-party register", "vendors", "Third-party register: every entry", _vendors,
        lambda period: Party.objects.count(),
    ),
)  # fmt: skip
