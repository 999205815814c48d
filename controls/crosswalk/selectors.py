"""Reading what carries over to a programme's framework."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from compliance.frameworks.selectors import relations_touching
from compliance.programmes.models import Programme
from compliance.programmes.selectors import requirements_in_scope

from ..models import Implementation, Mapping
from .models import Dismissal
from .proposals import Carried, carried

_CONTROL = ("control__ref", "control__title", "control__organization_id", "control__implementation")


def mappings_in_use() -> QuerySet[Mapping]:
    """Mappings of controls that are not retired, each with its control and its requirement in short."""
    found = Mapping.objects.exclude(control__implementation=Implementation.RETIRED)
    found = found.select_related("control", "requirement__framework").order_by("control__ref")
    return found.only(
        "organization_id", "control_id", "requirement_id", "part", *_CONTROL, "requirement__ref", "requirement__title",
        "requirement__organization_id", "requirement__framework__short_title", "requirement__framework__organization_id",
    )  # fmt: skip


def carried_to(programme: Programme) -> list[Carried]:
    """Every requirement in the programme's scope, with what carries it: five queries, however many there are."""
    asked = list(requirements_in_scope(programme))
    relations = relations_touching(programme.framework)
    dismissed = set(dismissals(programme).values_list("control_id", "requirement_id"))
    return carried(asked, list(mappings_in_use()), relations, dismissed)


def dismissals(programme: Programme) -> QuerySet[Dismissal]:
    """Proposals for a programme's framework that were dismissed, the latest first."""
    found = Dismissal.objects.filter(requirement__framework_id=programme.framework_id)
    return found.select_related("control", "requirement").order_by("-dismissed_at", "-id")


def proposal_of(programme: Programme, control: UUID, requirement: UUID) -> tuple[UUID, UUID] | None:
    """The pair where it is proposed for the programme, or a candidate; None where it is neither any more."""
    found = (proposal.pair for each in carried_to(programme) for proposal in each.proposals)
    return next((pair for pair in found if pair == (control, requirement)), None)
