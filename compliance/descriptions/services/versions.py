"""Keeping a version of a description, and approving it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.trail.actors import Actor
from compliance.trail.services import record
from compliance.web.documents import versions

from ..models import Approval, Description, Version
from ..reading import present_sections


@transaction.atomic
def keep_version(*, actor: Actor, description: Description, note: str = "") -> Version:
    """Keep the description as it now stands, text and tables, as the next version. It never changes again.

    Raises ValidationError where nothing differs from the newest version.
    """
    description = Description.objects.select_for_update(of=("self",)).select_related("programme__framework").get(pk=description.pk)
    sections = [shown.kept() for shown in present_sections(description)]
    newest = description.versions.order_by("-number").first()
    if newest is not None and newest.sections == sections:
        raise ValidationError(f"Nothing has changed since version {newest.number}.")
    authors = {author for section in description.sections.all() for author in section.authors}
    if actor.membership_id:
        authors.add(str(actor.membership_id))
    version = Version.objects.create(
        description=description, number=newest.number + 1 if newest else 1, note=note.strip()[:300], sections=sections,
        authors=sorted(authors), kept_by=actor.label[:254],
    )  # fmt: skip
    record(
        actor=actor, action="descriptions.version.kept", target=version, label=f"{description}, version {version.number}",
        after={"number": version.number, "note": version.note, "lacks": version.lacks},
    )  # fmt: skip
    return version


@transaction.atomic
def approve_version(*, actor: Actor, version: Version, approver: Membership) -> Approval:
    """Approve a version. Raises ValidationError for whoever wrote any of it, for one that lacks something, for one that
    is approved already, and for one that a newer version has replaced."""
    Description.objects.select_for_update(of=("self",)).get(pk=version.description_id)
    refusal = refusal_to_approve(version, approver)
    if refusal:
        raise ValidationError(refusal)
    approval = Approval.objects.create(version=version, approved_by=approver, approved_by_label=actor.label[:254])
    record(
        actor=actor, action="descriptions.version.approved", target=version,
        label=f"{version.description}, version {version.number}", after={"number": version.number},
    )  # fmt: skip
    return approval


def refusal_to_approve(version: Version, approver: Membership) -> str:
    """Why a member may not approve a version; empty where they may."""
    return versions.refusal_to_approve(
        version, approver.pk, approved=Approval.objects.filter(version=version).exists(),
        replaced=Version.objects.filter(description=version.description_id, number__gt=version.number).exists(), again="keep",
    )  # fmt: skip
