"""What of the register waits for a member: for their work and their daily digest, in a few queries each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count, Q
from django.urls import reverse

from compliance.access.permissions import Permission
from compliance.desk.entries import DigestLine, WorkItem
from compliance.people.models import Membership
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here

from .models import Gap, GapState, Severity
from .selectors import STANDING, gaps, open_gaps

#: Harm, 0 to 100, beside which an overdue answer to an auditor is 85: what would qualify the report comes first.
HARM = {Severity.CRITICAL.value: 90, Severity.SIGNIFICANT.value: 60, Severity.MINOR.value: 20}
OVERDUE = 8
_A_DAY = timedelta(days=1)


def work_for(membership: Membership) -> list[WorkItem]:
    """The gaps that this member is to put right; for managers one item more for those that nobody is."""
    day = today(here().timezone)
    items = [_item(gap, day) for gap in open_gaps().filter(owner=membership)]
    if membership.may(Permission.GAP_CHANGE):
        items += list(_ownerless())
    return items


def news_for(membership: Membership) -> list[DigestLine]:
    """What was opened or opened again since yesterday among their own gaps, and what closed; the critical ones urgent."""
    since = now() - _A_DAY
    own = gaps().filter(owner=membership).order_by("rank", "ref")
    fresh = Q(opened_at__gt=since) | Q(reopened_at__gt=since)
    lines = [_line(gap, "opened again" if gap.reopened_times else "opened") for gap in own.filter(fresh, state__in=STANDING)]
    return lines + [_line(gap, "closed on re-test") for gap in own.filter(state=GapState.CLOSED, closed_at__gt=since)]


def _item(gap: Gap, day: date) -> WorkItem:
    late = gap.due_date is not None and gap.due_date < day
    return WorkItem(
        key=f"gap:{gap.ref}", kind="gap", ref=gap.ref, title=gap.title, why=_why(gap), url=_url(gap), due=gap.due_date,
        harm=HARM[gap.effective_severity] + (OVERDUE if late else 0), state=gap.state,
    )  # fmt: skip


def _why(gap: Gap) -> str:
    """The sentence of its severity, and what puts it right."""
    return " ".join(filter(None, [gap.reasons[0] if gap.reasons else gap.cause, gap.remedy]))


def _ownerless() -> Iterator[WorkItem]:
    """One item, since a list of every one would bury the rest."""
    nobodys = Gap.objects.filter(state__in=STANDING, owner__isnull=True)
    grave = Q(severity="critical", severity_override="") | Q(severity_override="critical")
    counted = nobodys.aggregate(all=Count("pk"), critical=Count("pk", filter=grave))
    if not counted["all"]:
        return
    many, critical = counted["all"], counted["critical"]
    yield WorkItem(
        key="gaps:ownerless", kind="gap", ref="", due=None, state=GapState.OPEN.value,
        title="1 gap has nobody to put it right" if many == 1 else f"{many} gaps have nobody to put them right",
        why=f"{critical} of them would qualify the report. Name an owner for each." if critical else "Name an owner for each.",
        url=f"{reverse('gaps:list', args=[here().slug])}?owner=none",
        harm=HARM["critical" if critical else "minor"],
    )  # fmt: skip


def _line(gap: Gap, what: str) -> DigestLine:
    urgent = gap.effective_severity == Severity.CRITICAL and gap.state != GapState.CLOSED
    text = f"{gap.ref} {what}: {gap.title.rstrip('.')}."
    return DigestLine(key=f"gap:{gap.ref}", kind="gap", text=text, url=_url(gap), due=gap.due_date, urgent=urgent)


def _url(gap: Gap) -> str:
    return reverse("gaps:detail", args=[here().slug, gap.pk])
