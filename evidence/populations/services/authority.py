"""Who may keep a population, and who may not confirm it."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied

from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.trail.actors import Actor

from ..models import Population, PopulationVersion
from ..selectors import controls_served


def may_keep(membership: Membership | None, population: Population) -> bool:
    """Whether a member may freeze it, bring files for it and work through its steps: who provides evidence for all, else its
    owner."""
    if membership is None:
        return False
    own = membership.pk == population.owner_id and membership.may(Permission.EVIDENCE_PROVIDE_OWN)
    return own or membership.may(Permission.EVIDENCE_PROVIDE)


def owners_of(population: Population) -> set[UUID]:
    """Those whose own work is measured by it: its owner, and the owners of the controls that it serves."""
    owners = {each.owner_id for each in controls_served(population)} | {population.owner_id}
    return {each for each in owners if each is not None}


def refuse_owner(actor: Actor, version: PopulationVersion) -> None:
    """Raises PermissionDenied where the actor owns the population or a control of it, brought its file, or is nobody here."""
    if actor.membership_id is None or actor.membership_id in owners_of(version.population):
        raise PermissionDenied("A population is never confirmed by its owner, nor by the owner of a control that it serves.")
    if version.raw is not None and version.raw.provided_by_id == actor.membership_id:
        raise PermissionDenied("A population is never confirmed by the one who brought its file.")
