"""What of populations waits for a member: lists to freeze, what they leave of a period, steps to work through, versions to
confirm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from compliance.access.permissions import Permission
from compliance.desk.entries import DigestLine, WorkItem
from compliance.people.models import Membership
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.web.words import day as worded

from .models import Population, State
from .rest import rests
from .selectors import due_for

#: Harm, 0 to 100: without its list a control cannot be sampled at all.
OVERDUE, DUE, WORK, CONFIRM = 66, 40, 48, 46
#: So long before its day a freeze is told of.
AHEAD = timedelta(days=14)


def work_for(membership: Membership) -> list[WorkItem]:
    """Populations that this member has to freeze or work through, and those that wait for their confirmation."""
    return [*_due(membership), *_rest(membership), *_open(membership), *_to_confirm(membership)]


def news_for(membership: Membership) -> list[DigestLine]:
    """A line for the freezes that are due."""
    due = [*_due(membership), *_rest(membership)]
    if not due:
        return []
    late = [each for each in due if each.due and each.due < today(here().timezone)]
    noun = "population is" if len(due) == 1 else "populations are"
    text = f"{len(due)} of your {noun} due to be frozen: {', '.join(each.ref for each in due[:3])}."
    url = reverse("populations:list", args=[here().slug])
    return [DigestLine("populations:due", "evidence", text, url, due[0].due, bool(late))]


def _due(membership: Membership) -> Iterator[WorkItem]:
    day = today(here().timezone)
    for each in due_for(membership).filter(next_due__lte=day + AHEAD):
        late = each.next_due is not None and each.next_due < day
        yield _item(each, f"Freeze {each.name}", "Samples are drawn from a frozen list; without it the control cannot be tested.",
                    OVERDUE if late else DUE, "due", each.next_due)  # fmt: skip


def _rest(membership: Membership) -> Iterator[WorkItem]:
    """What the lists of a period that ends leave out of it, where no day that is set asks for it in time."""
    day = today(here().timezone)
    for each in rests(Population.objects.filter(owner=membership).order_by("ref"), ending_by=day + AHEAD):
        next_due = each.population.next_due
        if next_due is not None and next_due <= each.due:
            continue
        told = f"{worded(each.days[0])} to {worded(each.days[1])} of {each.programme.name} stands on no list. " \
            f"The period ends on {worded(each.due - timedelta(days=1))}; then its rest can be frozen."  # fmt: skip
        yield WorkItem(
            key=f"population:{each.population.ref}:rest:{each.programme.pk}", kind="evidence", ref=each.population.ref,
            title=f"Freeze the rest of {each.population.name}", why=told, due=each.due, harm=OVERDUE if each.due < day else DUE,
            url=reverse("populations:population", args=[here().slug, each.population.pk]), state=each.population.state,
        )  # fmt: skip


def _open(membership: Membership) -> Iterator[WorkItem]:
    for each in Population.objects.filter(owner=membership, state__in=[State.OPEN, State.FAILS]).order_by("ref"):
        fails = each.state == State.FAILS
        why = "Its newest version is not complete: see which step fails, and freeze it anew." if fails else (
            "Its newest version is frozen. Show that it is complete and accurate."
        )  # fmt: skip
        yield _item(each, f"Work through {each.name}", why, OVERDUE if fails else WORK, "open")


def _to_confirm(membership: Membership) -> Iterator[WorkItem]:
    """What others have worked through; never what the member owns."""
    if not membership.may(Permission.EVIDENCE_REVIEW):
        return
    waiting = Population.objects.filter(state=State.READY).exclude(owner=membership)
    for each in waiting.exclude(served__control__owner=membership).order_by("ref").distinct():
        why = "Every step holds. Until somebody who does not own it has confirmed it, nothing is sampled from it."
        yield _item(each, f"Confirm {each.name}", why, CONFIRM, "ready")


def _item(each: Population, title: str, why: str, harm: int, what: str, due: object = None) -> WorkItem:
    return WorkItem(
        key=f"population:{each.ref}:{what}", kind="evidence", ref=each.ref, title=title, why=why,
        due=each.next_due if due is not None else None, url=reverse("populations:population", args=[here().slug, each.pk]),
        harm=harm, state=each.state,
    )  # fmt: skip
