"""What of coverage waits for a member: intervals that are over and can still be filled, and what will be stale in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.urls import reverse

from compliance.desk.entries import DigestLine, WorkItem
from compliance.people.models import Membership
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.web.words import day
from controls.models import Implementation

from ..intervals import State
from ..models import EvidenceRequirement, Source
from .ahead import ahead_of
from .models import Coverage
from .selectors import programmes_counted
from .strips import Run, read
from .words import label_of

#: Harm, 0 to 100: above evidence that was never there, since after these days it is lost for good.
RUNNING_OUT = 75


def work_for(membership: Membership) -> list[WorkItem]:
    """An item for each interval that is over and that this member can still fill, as late, in the days of its grace."""
    return [
        WorkItem(
            key=f"coverage:{requirement.ref}:{run.first.isoformat()}", kind="evidence", ref=requirement.ref,
            title=f"{label_of(run.first, run.last)} is not shown: {requirement.title}",
            why=f"The interval is over. What is performed by {day(run.until)} still fills it, as late; after that it is lost.",
            url=reverse("evidence:provide", args=[here().slug, requirement.pk]), due=run.until, harm=RUNNING_OUT, state="due",
        )
        for requirement, run in _running_out(membership) if run.until
    ]  # fmt: skip


def news_for(membership: Membership) -> list[DigestLine]:
    """A line for what runs out, and one for what will be stale before the period ends."""
    lines = []
    running = [run.until for _, run in _running_out(membership) if run.until]
    if running:
        noun = "interval that is over can" if len(running) == 1 else "intervals that are over can"
        lines.append(DigestLine(
            key="coverage:running_out", kind="evidence", due=min(running), urgent=True,
            text=f"{len(running)} {noun} still be filled, the first until {day(min(running))}.",
            url=f"{reverse('coverage:year', args=[here().slug])}?state=open&owner={membership.pk}",
        ))  # fmt: skip
    for programme, period in programmes_counted()[:1]:
        mine = [each for each in ahead_of(programme, period.last) if each.owner == membership and not each.by_itself]
        if mine:
            noun = "piece of your evidence goes" if len(mine) == 1 else "pieces of your evidence go"
            lines.append(DigestLine(
                key="coverage:ahead", kind="evidence", due=mine[0].days[0],
                text=f"{len(mine)} {noun} stale before the period ends on {day(period.last)}, the first on {day(mine[0].days[0])}.",
                url=f"{reverse('coverage:ahead', args=[here().slug])}?programme={programme.pk}",
            ))  # fmt: skip
    return lines


def _running_out(membership: Membership) -> Iterator[tuple[EvidenceRequirement, Run]]:
    """Intervals of this member that are over and open, of what a person performs; once, however many programmes count them."""
    own = Q(requirement__owner=membership) | Q(requirement__owner__isnull=True, requirement__control__owner=membership)
    rows = Coverage.objects.filter(own, open__gt=0, requirement__source=Source.PERSON, programme__closed_at__isnull=True)
    rows = rows.exclude(requirement__control__implementation=Implementation.RETIRED)  # of which nothing is taken any more
    on, told = today(here().timezone), set[tuple[str, date]]()
    for row in rows.select_related("requirement__control").order_by("closes", "requirement__ref"):
        for run in map(read, row.strip):
            key = (row.requirement.ref, run.first)
            if run.state == State.OPEN and run.last < on and run.until and run.until >= on and key not in told:
                told.add(key)
                yield row.requirement, run
