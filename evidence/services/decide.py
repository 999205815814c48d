"""Approving and returning evidence: a person's judgement, kept apart from its freshness."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.people.selectors import addresses_of
from compliance.tenancy.news import announce
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..events import version_decided
from ..leaves import DECISION, told
from ..log.services.append import append_leaves
from ..models import Acceptance, Artefact, Version, VersionDecision
from .freshness import refresh_requirements
from .span import latest_end


@transaction.atomic
def decide_version(*, actor: Actor, version: Version, acceptance: str, reason: str = "") -> VersionDecision:
    """Approve a version, or return it with a reason. Never by the one who provided it; a returned one fills nothing.

    Raises PermissionDenied for the provider and for whoever is no member, ValidationError where a return says no reason.
    """
    refuse_all_but_another(actor, version)
    if acceptance == Acceptance.RETURNED and not reason.strip():
        raise ValidationError({"reason": "Say what is wrong with it, so that it can be put right."})
    decision = VersionDecision.objects.create(
        version=version, acceptance=acceptance, reason=reason.strip(), decided_by=actor.label[:254],
        decided_by_member_id=actor.membership_id,
    )  # fmt: skip
    artefact = Artefact.objects.select_for_update().get(pk=version.artefact_id)
    if version.number == artefact.latest_number:
        artefact.acceptance = acceptance
    artefact.latest_effective_end = latest_end(artefact)
    artefact.save(update_fields=["acceptance", "latest_effective_end"])
    refresh_requirements(actor=actor, requirement_ids=list(artefact.links.values_list("requirement_id", flat=True)))
    record(
        actor=actor, action=f"evidence.version.{acceptance}", target=artefact, label=f"{artefact.ref} v{version.number}",
        after={"reason": reason, "number": version.number},
    )
    append_leaves([told(DECISION, decision)])
    announce(version_decided, artefact_id=artefact.pk)
    return decision


def refuse_all_but_another(actor: Actor, version: Version) -> None:
    """Raises PermissionDenied for whoever brought a version, and for a token that no member made: a judgement is a person's, and
    of a token of nobody's none can tell that it is not the provider's."""
    if actor.membership_id is None:
        raise PermissionDenied("Evidence is judged by a member, or by a token that a member made: this one is nobody's.")
    if _is_provider(actor, version):
        raise PermissionDenied("Evidence is never approved by the one who provided it.")


def _is_provider(actor: Actor, version: Version) -> bool:
    """Whether the actor brought it: as a member, or by a link that went to an address of theirs before they were one."""
    if version.provided_by_id == actor.membership_id:
        return True
    email = str(version.provenance.get("email") or "").lower()
    if not email or actor.membership_id is None:
        return False
    member = Membership.objects.select_related("user").filter(pk=actor.membership_id).first()
    return member is not None and email in addresses_of(member)
