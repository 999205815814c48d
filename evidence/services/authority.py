"""Who may provide evidence for what: whoever provides for all, else the owner of the requirement or of its control."""

from __future__ import annotations

from compliance.access.permissions import Permission
from compliance.people.models import Membership

from ..models import EvidenceRequirement


def may_provide(membership: Membership, requirement: EvidenceRequirement) -> bool:
    """Whether a member may bring evidence for a requirement (its control has to be loaded with it)."""
    if membership.may(Permission.EVIDENCE_PROVIDE):
        return True
    own = membership.pk in {requirement.owner_id, requirement.control.owner_id}
    return own and membership.may(Permission.EVIDENCE_PROVIDE_OWN)
