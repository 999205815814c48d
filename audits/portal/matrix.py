"""The control matrix as an auditor reads it: what is asked, and what is done, by whom, how often, how tested."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet

from compliance.frameworks.models import Requirement
from compliance.programmes.selectors import requirements_in_scope
from controls.models import Control, Implementation, Mapping
from controls.reach import applies_to

from ..models import Request, Seat

#: What is only planned is a draft, and what is retired is no control any more.
_STATED = (Implementation.IMPLEMENTED, Implementation.PARTLY)
_SHOWN = (
    "id",
    "ref",
    "title",
    "statement",
    "owner",
    "owner_role",
    "frequency",
    "nature",
    "kind",
    "population",
    "test_procedures",
)


@dataclass
class Row:
    """One requirement with the controls stated for it, each with the part that it meets, where one is named."""

    requirement: Requirement
    controls: list[tuple[Control, str]] = field(default_factory=list)


def series_for(seat: Seat) -> dict[str, int]:
    """The parts that the framework falls into, in order, with the number of requirements in scope of each."""
    counts: dict[str, int] = {}
    for requirement in requirements_in_scope(seat.audit.programme):
        counts[series_of(requirement)] = counts.get(series_of(requirement), 0) + 1
    return counts


def series_of(requirement: Requirement) -> str:
    """The part of its framework that a requirement belongs to."""
    return requirement.series or requirement.theme or requirement.category or "All"


def matrix_for(seat: Seat, series: str) -> list[Row]:
    """The requirements in scope of one series, each with its controls. Two queries, however many there are."""
    requirements = requirements_in_scope(seat.audit.programme)
    rows = {each.pk: Row(each) for each in requirements if series_of(each) == series}
    mappings = Mapping.objects.filter(
        applies_to(seat.audit.programme, "control"), requirement_id__in=list(rows), control__implementation__in=_STATED
    )
    for mapping in mappings.select_related("control__owner").order_by("control__ref"):
        rows[mapping.requirement_id].controls.append((mapping.control, mapping.part))
    return list(rows.values())


def control_for(seat: Seat, pk: UUID) -> Control | None:
    """One of the audit's controls; else None."""
    return controls_for(seat).filter(pk=pk).first()


def controls_for(seat: Seat) -> QuerySet[Control]:
    """Stated controls that are mapped to a requirement in scope and apply to a service of the programme."""
    programme = seat.audit.programme
    mapped = Mapping.objects.filter(requirement__in=requirements_in_scope(programme)).values("control_id")
    return stated_controls().filter(applies_to(programme), pk__in=mapped)


def stated_controls() -> QuerySet[Control]:
    """Controls that the organisation says are in place, with the columns an auditor sees and no others."""
    return Control.objects.filter(implementation__in=_STATED).select_related("owner").only(
        *(name for name in _SHOWN if name != "owner"), "owner__name", "organization_id"
    )  # fmt: skip


def requirements_met_by(seat: Seat, control: Control) -> list[str]:
    """The references in scope that a control is mapped to."""
    mapped = Mapping.objects.filter(control=control).values("requirement_id")
    return [requirement.ref for requirement in requirements_in_scope(seat.audit.programme).filter(pk__in=mapped)]


def requests_about(seat: Seat, control: Control) -> QuerySet[Request]:
    """The requests of this audit that concern a control."""
    return Request.objects.filter(audit_id=seat.audit_id, control=control).order_by("ref")
