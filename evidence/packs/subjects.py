"""What a pack can be of: one control, one criterion, or one programme; and the controls that this means, in order."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from compliance.frameworks.models import Requirement
from compliance.programmes.models import Programme
from compliance.programmes.selectors import requirements_in_scope
from controls.models import Control, Mapping
from controls.reach import applies_to

from .models import PackKind


class NoSubject(LookupError):
    """There is nothing that a pack could be of under this name; the message says so, or names several."""


@dataclass(frozen=True)
class Subject:
    """What a pack is of."""

    kind: PackKind
    pk: UUID
    ref: str
    title: str


@dataclass(frozen=True)
class Place:
    """A control under the criterion that its evidence is filed under, and the further criteria that it serves here."""

    criterion: str
    criterion_title: str
    control_id: UUID
    control: str
    title: str
    statement: str
    also: tuple[str, ...] = ()


def of_control(control: Control) -> Subject:
    """A pack of one control."""
    return Subject(PackKind.CONTROL, control.pk, control.ref, f"{control.ref} {control.title}")


def of_criterion(requirement: Requirement) -> Subject:
    """A pack of one criterion: of every control that meets it, or something directly under it."""
    return Subject(
        PackKind.CRITERION, requirement.pk, requirement.ref, f"{requirement.ref} of {requirement.framework.short_title}"
    )


def of_programme(programme: Programme) -> Subject:
    """A pack of one programme: of every control that meets what it asks."""
    return Subject(PackKind.PROGRAMME, programme.pk, programme.name, programme.name)


def subject_of(kind: str, pk: UUID) -> Subject:
    """The subject of a kind by its id. Raises NoSubject."""
    try:
        if kind == PackKind.CONTROL:
            return of_control(Control.objects.get(pk=pk))
        if kind == PackKind.CRITERION:
            return of_criterion(criteria().get(pk=pk))
        return of_programme(Programme.objects.get(pk=pk))
    except (Control.DoesNotExist, Requirement.DoesNotExist, Programme.DoesNotExist):
        raise NoSubject("It is not there any more.") from None


def criteria() -> QuerySet[Requirement]:
    """Criteria that some control meets, by framework, in the publisher's order."""
    met = Mapping.objects.order_by().values("requirement_id")
    return (
        Requirement.objects.filter(pk__in=met)
        .select_related("framework")
        .order_by("framework__short_title", "framework_id", "position")
    )


def places_of(subject: Subject) -> list[Place]:
    """The controls of a pack, each once, under the first criterion that it meets there."""
    found: dict[UUID, Place] = {}
    for mapping in _mappings(subject).iterator(chunk_size=2000):
        held, control, requirement = found.get(mapping.control_id), mapping.control, mapping.requirement
        if held is None:
            found[control.pk] = Place(
                requirement.ref, requirement.title, control.pk, control.ref, control.title, control.statement
            )
        else:
            found[control.pk] = Place(**{**vars(held), "also": (*held.also, requirement.ref)})
    if subject.kind == PackKind.CONTROL and not found:
        control = Control.objects.get(pk=subject.pk)
        found[control.pk] = Place("", "", control.pk, control.ref, control.title, control.statement)
    return list(found.values())


def _mappings(subject: Subject) -> QuerySet[Mapping]:
    found = Mapping.objects.select_related("control", "requirement")
    if subject.kind == PackKind.CONTROL:
        found = found.filter(control=subject.pk)
    elif subject.kind == PackKind.CRITERION:
        found = found.filter(Q(requirement=subject.pk) | Q(requirement__parent=subject.pk))
    else:
        programme = Programme.objects.select_related("framework").get(pk=subject.pk)
        found = found.filter(requirement__in=requirements_in_scope(programme)).filter(applies_to(programme, "control"))
    return found.order_by("requirement__framework_id", "requirement__position", "control__ref")
