"""Who may keep a population, who may rule on its differences, and who may not rule or not confirm."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import PermissionDenied

from compliance.access.permissions import Permission
from compliance.access.roles import ROLES
from compliance.people.models import Membership
from compliance.trail.actors import Actor

from ..answering import answerable, froze, others
from ..models import Population, PopulationVersion

#: Who rules on a difference of two lists: who brings evidence for all, or judges it; of those, who never answered for the list.
RULERS = (Permission.EVIDENCE_PROVIDE, Permission.EVIDENCE_REVIEW)
CONFIRMERS = (Permission.EVIDENCE_REVIEW,)


def may_keep(membership: Membership | None, population: Population) -> bool:
    """Whether a member may freeze it, bring files for it and work through its steps: who provides evidence for all, else its
    owner."""
    if membership is None:
        return False
    own = membership.pk == population.owner_id and membership.may(Permission.EVIDENCE_PROVIDE_OWN)
    return own or membership.may(Permission.EVIDENCE_PROVIDE)


def may_rule(membership: Membership | None) -> bool:
    """Whether a member's role lets them say what a difference is, of a list that they did not answer for."""
    return membership is not None and any(membership.may(each) for each in RULERS)


def refuse_answerable(actor: Actor, version: PopulationVersion, rights: tuple[Permission, ...]) -> None:
    """Raises PermissionDenied where the actor is nobody here, or answered for what the list shows at any time since its first
    day (`answering.py`), or is to confirm what they froze; the message says why, and who of those with the rights can."""
    if actor.membership_id is None:
        raise PermissionDenied("Only a member rules on a population or confirms it.")
    barred = barred_from(version, rights)
    if actor.membership_id in barred:
        raise PermissionDenied(refusal(barred, actor.membership_id, rights))


def barred_from(version: PopulationVersion, rights: tuple[Permission, ...]) -> dict[UUID, str]:
    """By member, why they may not do with a version what the rights would let them: who froze it rules on its differences,
    and does not confirm it."""
    return answerable(version) if rights == RULERS else froze(version) | answerable(version)


def refusal(barred: Mapping[UUID, str], member: UUID, rights: tuple[Permission, ...]) -> str:
    """Why a member who answered for a list is refused, and who can instead."""
    roles = [role.value for role, held in ROLES.items() if held & set(rights)]
    able = others(barred, roles)
    return (
        f"You {barred[member]}. Nobody who answered for a list since its first day, or brought its file, rules on it or confirms "
        f"it; nobody confirms what they froze. {f'Can: {able}.' if able else 'Nobody else here can: ask a compliance manager in.'}"
    )
