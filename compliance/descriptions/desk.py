"""What of descriptions waits for approvers: the newest version, complete and not approved."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from compliance.access.permissions import Permission
from compliance.access.roles import permissions_of
from compliance.desk.entries import WorkItem
from compliance.people.models import Membership
from compliance.tenancy.rooms import here
from compliance.web.documents.versions import waits_for

from .models import Version

HARM = 50


def work_for(membership: Membership) -> Iterable[WorkItem]:
    """The newest version of each description under way, for who may approve it and wrote none of it. One query."""
    if Permission.DESCRIPTION_APPROVE not in permissions_of(membership.role):
        return []
    newest: dict[object, Version] = {}
    found = Version.objects.filter(description__programme__closed_at__isnull=True)
    for version in found.select_related("description__programme", "approval").order_by("number"):
        newest[version.description_id] = version
    return [_item(each) for each in newest.values() if waits_for(each, membership.pk)]


def _item(version: Version) -> WorkItem:
    programme = version.description.programme
    return WorkItem(
        key=f"description:{version.pk}", kind="description", ref=f"Version {version.number}",
        title=f"Approve the system description of {programme.name}",
        why="The auditor works from the approved version; until then there is none.",
        url=reverse("descriptions:version", args=[here().slug, programme.pk, version.number]), due=None, harm=HARM, state="draft",
    )  # fmt: skip
