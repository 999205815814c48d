"""Submitting a statement as a version, and approving it: then its exclusions hold for readiness."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.programmes.services import follow_exclusions
from compliance.trail.actors import Actor
from compliance.trail.services import record
from compliance.web.documents import versions

from ..models import Approval, Decision, Statement, Version
from ..reading import climate_kept, lacks_in_words, present_rows
from .beginning import refuse_closed


@transaction.atomic
def submit_statement(*, actor: Actor, statement: Statement, note: str = "") -> Version:
    """Keep the statement as it now stands as the next version, for somebody else to approve. It never changes again.

    Raises ValidationError where nothing differs from the newest version, and for a programme that has ended.
    """
    statement = _locked(statement)
    refuse_closed(statement)
    shown = present_rows(statement)
    rows, climate = [each.kept() for each in shown], climate_kept(statement)
    newest = statement.versions.order_by("-number").first()
    if newest is not None and (newest.rows, newest.climate) == (rows, climate):
        raise ValidationError(f"Nothing has changed since version {newest.number}.")
    authors = {*statement.authors, *([str(actor.membership_id)] if actor.membership_id else [])}
    framework = statement.programme.framework
    version = Version.objects.create(
        statement=statement, number=newest.number + 1 if newest else 1, note=note.strip()[:300], rows=rows, climate=climate,
        framework=f"{framework.short_title}, {framework.version}", lacks=lacks_in_words(statement, shown),
        authors=sorted(authors), submitted_by=actor.label[:254],
    )  # fmt: skip
    record(
        actor=actor, action="applicability.version.submitted", target=version, label=_label(version),
        after={"number": version.number, "note": version.note, "lacks": len(version.lacks)},
    )  # fmt: skip
    return version


@transaction.atomic
def approve_version(*, actor: Actor, version: Version, approver: Membership) -> Approval:
    """Approve a version; what it excludes is out of the programme's scope from then on, and all else is in.

    Raises ValidationError for whoever wrote any of it, for one that lacks something, that is approved already or that a
    newer version has replaced, and for a programme that has ended.
    """
    statement = _locked(version.statement)
    refuse_closed(statement)
    refusal = refusal_to_approve(version, approver)
    if refusal:
        raise ValidationError(refusal)
    approval = Approval.objects.create(version=version, approved_by=approver, approved_by_label=actor.label[:254])
    record(
        actor=actor, action="applicability.version.approved", target=version, label=_label(version),
        after={"number": version.number},
    )  # fmt: skip
    excluded = {row["ref"]: row["scope_reason"] for row in version.rows if row["decision"] == Decision.EXCLUDED}
    follow_exclusions(actor=actor, programme=statement.programme, reasons=excluded)
    return approval


def refusal_to_approve(version: Version, approver: Membership) -> str:
    """Why a member may not approve a version; empty where they may."""
    return versions.refusal_to_approve(
        version, approver.pk, approved=Approval.objects.filter(version=version).exists(),
        replaced=Version.objects.filter(statement=version.statement_id, number__gt=version.number).exists(), again="submit",
    )  # fmt: skip


def _locked(statement: Statement) -> Statement:
    found = Statement.objects.select_for_update(of=("self",)).select_related("programme__framework")
    return found.get(pk=statement.pk)


def _label(version: Version) -> str:
    return f"{version.statement}, version {version.number}"
