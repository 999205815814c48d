"""What of evidence waits for a member: for their work and their daily digest, in a few queries each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.urls import reverse

from compliance.access.permissions import Permission
from compliance.desk.entries import DigestLine, WorkItem
from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import here

from .cadence import local_day
from .models import Artefact, EvidenceRequirement, Freshness, Source, Version
from .selectors import requirements_asked, waiting_for_approval

#: Harm, 0 to 100: evidence that was never there is a finding by itself; what is stale still shows what was.
MISSING, STALE, APPROVAL, DUE_SOON = 70, 60, 45, 35
_KEY_CONTROL = 8
_ASKING = (Freshness.MISSING, Freshness.STALE, Freshness.DUE_SOON)
_WAITS_LONG = timedelta(days=7)
_HARM = {Freshness.MISSING.value: MISSING, Freshness.STALE.value: STALE, Freshness.DUE_SOON.value: DUE_SOON}


def work_for(membership: Membership) -> list[WorkItem]:
    """Evidence that this member has to bring; collections that fail them; and what they may approve."""
    mine = list(_mine(membership))
    items = [_to_bring(each) for each in mine if each.source == Source.PERSON]
    items += _collections(membership, [each for each in mine if each.source == Source.COLLECTOR])
    if membership.may(Permission.EVIDENCE_REVIEW):
        items += _to_approve(membership)
    return items


def news_for(membership: Membership) -> list[DigestLine]:
    """A line for each state in which this member's evidence asks for something, and one for what waits for approval."""
    mine = list(_mine(membership))
    lines = [
        line
        for state in _ASKING
        if (line := _line(membership, state, [each for each in mine if each.freshness == state]))
    ]
    if membership.may(Permission.EVIDENCE_REVIEW) and (waiting := len(_approvable(membership))):
        noun = "artefact waits" if waiting == 1 else "artefacts wait"
        url = f"{reverse('evidence:artefacts', args=[here().slug])}?source=person&acceptance=received"
        lines.append(
            DigestLine(key="evidence:approval", kind="evidence", text=f"{waiting} {noun} for approval.", url=url)
        )
    return lines


def _mine(membership: Membership) -> QuerySet[EvidenceRequirement]:
    """What the member owns, or what is asked of a control that they own."""
    own = Q(owner=membership) | Q(control__owner=membership)
    return requirements_asked().filter(own, freshness__in=_ASKING).order_by("stale_at", "ref")


def _to_bring(requirement: EvidenceRequirement) -> WorkItem:
    return WorkItem(
        key=f"evidence:{requirement.ref}", kind="evidence", ref=requirement.ref,
        title=f"Bring evidence: {requirement.title}", why=_why(requirement), due=_due(requirement.stale_at),
        url=reverse("evidence:requirement", args=[here().slug, requirement.pk]),
        harm=_HARM[requirement.freshness] + (_KEY_CONTROL if requirement.control.key else 0),
        state=requirement.freshness,
    )  # fmt: skip


def _why(requirement: EvidenceRequirement) -> str:
    control = requirement.control.ref
    if requirement.freshness == Freshness.MISSING:
        return f"The first was due, and nothing shows that {control} is done."
    if requirement.freshness == Freshness.STALE:
        return f"What shows that {control} is done has grown too old to count."
    return f"What shows that {control} is done will soon be too old to count."


def _collections(membership: Membership, requirements: list[EvidenceRequirement]) -> Iterator[WorkItem]:
    """One item a vendor: what is collected is put right at the connection, not piece by piece."""
    late: dict[str, list[EvidenceRequirement]] = {}
    for requirement in requirements:
        if requirement.freshness != Freshness.DUE_SOON:
            late.setdefault(_vendor(requirement), []).append(requirement)
    for vendor, rows in late.items():
        worst = Freshness.MISSING if any(row.freshness == Freshness.MISSING for row in rows) else Freshness.STALE
        noun = "piece of evidence is" if len(rows) == 1 else "pieces of evidence are"
        address = f"{reverse('evidence:list', args=[here().slug])}?state=overdue&source=collector&owner={membership.pk}"
        yield WorkItem(
            key=f"evidence:collection:{vendor}:{membership.pk}", kind="evidence", ref=rows[0].ref,
            title=f"{len(rows)} {noun} not collected from {_NAMES.get(vendor, vendor or 'its system')}",
            why="No collection brings it any more. Whoever manages the connection has to look at its last run.",
            url=f"{address}&vendor={vendor}" if vendor else address, due=_due(rows[0].stale_at), harm=_HARM[worst],
            state=worst.value,
        )  # fmt: skip


_NAMES = {"aws": "AWS", "github": "GitHub", "okta": "Okta", "push": "a source without an API"}


def _vendor(requirement: EvidenceRequirement) -> str:
    return str(requirement.fact_kinds[0]).split(".", 1)[0] if requirement.fact_kinds else ""


def _to_approve(membership: Membership) -> Iterator[WorkItem]:
    moment = now()
    for artefact in _approvable(membership):
        received = artefact.latest_received_at
        waited = moment - received if received else timedelta()
        why = (
            f"It was received on {_day(received):%-d %B} and counts for nothing before another person has approved it."
            if received
            else ""
        )
        yield WorkItem(
            key=f"artefact:{artefact.ref}", kind="approval", ref=artefact.ref,
            title=f"Approve or return {artefact.ref}: {artefact.title}", why=why,
            url=reverse("evidence:artefact", args=[here().slug, artefact.pk]), due=None,
            harm=APPROVAL + (10 if waited > _WAITS_LONG else 0), state=artefact.acceptance,
        )  # fmt: skip


def _approvable(membership: Membership) -> list[Artefact]:
    """What waits for approval, without what this member brought: it is never approved by its provider."""
    waiting = list(waiting_for_approval())
    own = Version.objects.filter(artefact__in=waiting, provided_by=membership).values_list("artefact_id", "number")
    mine = set(own)
    return [artefact for artefact in waiting if (artefact.pk, artefact.latest_number) not in mine]


def _line(membership: Membership, state: Freshness, rows: list[EvidenceRequirement]) -> DigestLine | None:
    if not rows:
        return None
    noun = "piece of your evidence is" if len(rows) == 1 else "pieces of your evidence are"
    named = ", ".join(row.ref for row in rows[:3]) + (", …" if len(rows) > 3 else "")
    return DigestLine(
        key=f"evidence:{state.value}", kind="evidence", text=f"{len(rows)} {noun} {state.label.lower()}: {named}.",
        url=f"{reverse('evidence:list', args=[here().slug])}?state={state.value}&owner={membership.pk}",
        due=_due(rows[0].stale_at), urgent=state != Freshness.DUE_SOON,
    )  # fmt: skip


def _due(at: datetime | None) -> date | None:
    return _day(at) if at else None


def _day(at: datetime) -> date:
    return local_day(at, ZoneInfo(here().timezone))
