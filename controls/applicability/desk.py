"""What of statements waits for people: exclusions that came back, for who owns them, and versions that wait for approval."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse

from compliance.access.permissions import Permission
from compliance.access.roles import permissions_of
from compliance.desk.entries import DigestLine, WorkItem
from compliance.people.models import Membership
from compliance.tenancy.rooms import here
from compliance.web.documents.versions import waits_for

from .models import Row, Version
from .reading import Shown, read_rows
from .selectors import excluded_rows

HARM_AGAIN, HARM_APPROVAL = 40, 50


def work_for(membership: Membership) -> Iterable[WorkItem]:
    """Exclusions to look at again, and the newest complete version for who may approve it and wrote none of it."""
    found = [_exclusion(row, shown) for row, shown in again_for(membership)]
    if Permission.APPLICABILITY_APPROVE in permissions_of(membership.role):
        found += [_approval(version) for version in _newest() if waits_for(version, membership.pk)]
    return found


def lines_for(membership: Membership) -> Iterator[DigestLine]:
    """The same exclusions, a line each."""
    for row, shown in again_for(membership):
        yield DigestLine(
            key=f"applicability:{row.pk}", kind="applicability", url=_url(row), due=row.review_on, urgent=False,
            text=f"The exclusion of {shown.ref} {shown.title} has to be looked at again. {shown.again[0]}",
        )  # fmt: skip


def again_for(membership: Membership) -> list[tuple[Row, Shown]]:
    """Exclusions that came back and that a member owns; for who may change statements also those whose owner has left."""
    changing = Permission.APPLICABILITY_CHANGE in permissions_of(membership.role)
    rows = [row for row in excluded_rows() if _is_for(row, membership, changing)]
    return [(row, shown) for row, shown in zip(rows, read_rows(rows), strict=True) if shown.again] if rows else []


def _is_for(row: Row, membership: Membership, changing: bool) -> bool:
    if row.owner_id == membership.pk:
        return True
    return changing and (row.owner is None or not row.owner.is_active)


def _exclusion(row: Row, shown: Shown) -> WorkItem:
    return WorkItem(
        key=f"applicability:{row.pk}", kind="applicability", ref=shown.ref, url=_url(row), due=row.review_on, harm=HARM_AGAIN,
        title=f"Look at the exclusion of {shown.title} again", state="again", why=" ".join(shown.again),
    )  # fmt: skip


def _newest() -> list[Version]:
    newest: dict[object, Version] = {}
    found = Version.objects.filter(statement__programme__closed_at__isnull=True).defer("rows")
    for version in found.select_related("statement__programme", "approval").order_by("number"):
        newest[version.statement_id] = version
    return list(newest.values())


def _approval(version: Version) -> WorkItem:
    programme = version.statement.programme
    return WorkItem(
        key=f"applicability-version:{version.pk}", kind="applicability", ref=f"Version {version.number}",
        title=f"Approve the statement of applicability of {programme.name}",
        why="Its exclusions count for readiness once it is approved, and the auditor works from the approved version.",
        url=reverse("applicability:version", args=[here().slug, programme.pk, version.number]), due=None, harm=HARM_APPROVAL,
        state="draft",
    )  # fmt: skip


def _url(row: Row) -> str:
    return reverse("applicability:row", args=[here().slug, row.statement.programme_id, row.pk])
