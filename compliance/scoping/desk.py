"""Warnings of scope that wait for a member: of the systems that they own, and for whoever decides on scope the others."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q

from compliance.access.permissions import Permission
from compliance.access.roles import permissions_of
from compliance.desk.entries import DigestLine, WorkItem
from compliance.people.models import Membership
from compliance.tenancy.rooms import here
from compliance.web.addresses import address, address_of

from .catalogue import LATE_SYSTEM
from .models import ScopeWarning, Severity
from .selectors import warnings

#: Harm, 0 to 100, beside gaps and reviews: a hole in the boundary is found first, an observation last.
HARM: dict[str, int] = {Severity.CRITICAL: 80, Severity.SIGNIFICANT: 50, Severity.MINOR: 15}


def work_for(membership: Membership) -> list[WorkItem]:
    """A line for each rule that waits for the member, however many things it names; one for each check list."""
    slug = here().slug
    return [_item(slug, group) for group in _groups(membership)]


def news_for(membership: Membership) -> list[DigestLine]:
    """A line for each of them; what is critical leads."""
    slug = here().slug
    return [
        DigestLine(
            key=_key(group), kind="scope", text=f"{_title(group)}.", url=_url(slug, group), due=None,
            urgent=group[0].severity == Severity.CRITICAL,
        )
        for group in _groups(membership) if group[0].severity != Severity.MINOR
    ]  # fmt: skip


def _groups(membership: Membership) -> list[list[ScopeWarning]]:
    held = permissions_of(membership.role)
    if Permission.SCOPE_VIEW not in held:
        return []
    mine = Q(system__owner=membership)
    if Permission.SCOPE_DECIDE in held:
        mine |= Q(system__isnull=True) | Q(system__owner__isnull=True)
    groups: dict[tuple[str, str, str], list[ScopeWarning]] = defaultdict(list)
    for warning in warnings().filter(mine):
        alone = str(warning.pk) if warning.rule == LATE_SYSTEM.id else ""
        groups[warning.rule, warning.severity, alone].append(warning)
    return list(groups.values())


def _item(slug: str, group: list[ScopeWarning]) -> WorkItem:
    first = group[0]
    return WorkItem(
        key=_key(group), kind="scope", ref=first.rule, title=_title(group), why=first.todo, url=_url(slug, group), due=None,
        harm=HARM.get(first.severity, 0), state="open",
    )  # fmt: skip


def _title(group: list[ScopeWarning]) -> str:
    first = group[0]
    return f"{first.title}: {first.subject}" if len(group) == 1 else f"{first.title}: {len(group)} of them"


def _key(group: list[ScopeWarning]) -> str:
    first = group[0]
    return f"scope-warning:{first.pk}" if first.rule == LATE_SYSTEM.id else f"scope-warning:{first.rule}:{first.severity}"


def _url(slug: str, group: list[ScopeWarning]) -> str:
    first = group[0]
    if first.rule == LATE_SYSTEM.id and first.place_id:
        return address_of("scoping:check_list", slug, first.place_id)
    if len(group) == 1:
        return address_of("scoping:warning", slug, first.pk)
    return f"{address('scoping:warnings', slug)}?rule={first.rule}&severity={first.severity}"
