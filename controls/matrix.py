"""The matrix: the criteria of a programme or of a framework, each with the controls that are mapped to it.

What is shown is cut out of a light index (ids only), so that a page of fifty rows costs the same in a room of thirty
controls and of a thousand, and a criterion that no control meets is never left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping as Values
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator

from compliance.frameworks.models import Framework, Requirement
from compliance.programmes.models import Programme
from compliance.programmes.selectors import requirements_in_scope

from .models import Control, Mapping
from .selectors import controls, controls_matching, sorted_controls

SIZE = 50


@dataclass(frozen=True)
class Criterion:
    """A requirement as the matrix needs it."""

    id: UUID
    ref: str
    title: str
    series: str


@dataclass
class Group:
    """A criterion on one page with its rows; `criterion` None holds what is mapped to none of them.

    `number` is how many of its controls fit the filters, on all pages. `continued`: it began on the page before.
    """

    criterion: Criterion | None
    number: int
    continued: bool
    rows: list[tuple[Control, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Place:
    """One line of the index: a control under a criterion, or a criterion without any."""

    criterion: Criterion | None
    control_id: UUID | None


class Matrix:
    """One reading of the matrix: `asked` are the filters (see `controls_matching`) and `series`."""

    def __init__(self, criteria: list[Criterion], asked: Values[str, str], sort: str = "") -> None:
        self.criteria, self.asked, self.sort = criteria, asked, sort

    @property
    def narrowed(self) -> bool:
        """Whether a filter but the series is set: then a criterion without a fitting control is not shown."""
        return any(value for name, value in self.asked.items() if name != "series")

    @cached_property
    def shown(self) -> list[Criterion]:
        """The criteria of the series that is asked for."""
        series = self.asked.get("series")
        return [each for each in self.criteria if not series or each.series == series]

    @cached_property
    def series(self) -> list[str]:
        """The parts of the framework, in its order."""
        return list(dict.fromkeys(each.series for each in self.criteria))

    @cached_property
    def standings(self) -> dict[UUID, str]:
        """Operation by control, of those that fit the filters, in the order that is asked for."""
        found = sorted_controls(controls_matching(self.asked), self.sort)
        return {pk: operation or "not_observed" for pk, operation in found.values_list("pk", "standing__operation")}

    @cached_property
    def _mapped(self) -> dict[UUID, dict[UUID, str]]:
        """By criterion, the controls mapped to it and the part that each meets. All of them, whatever is filtered."""
        mapped: dict[UUID, dict[UUID, str]] = {each.id: {} for each in self.criteria}
        found = Mapping.objects.filter(requirement_id__in=list(mapped)).order_by()
        for control_id, requirement_id, part in found.values_list("control_id", "requirement_id", "part"):
            mapped[requirement_id][control_id] = part
        return mapped

    @cached_property
    def _index(self) -> list[_Place]:
        places = []
        order = {pk: place for place, pk in enumerate(self.standings)}
        for criterion in self.shown:
            fitting = sorted((pk for pk in self._mapped[criterion.id] if pk in order), key=order.__getitem__)
            places += [_Place(criterion, pk) for pk in fitting]
            if not fitting and not self.narrowed:
                places.append(_Place(criterion, None))
        return places + [_Place(None, pk) for pk in self._unmapped]

    @cached_property
    def _unmapped(self) -> list[UUID]:
        """Controls that meet nothing of this framework. They belong to no series."""
        if self.asked.get("series"):
            return []
        mapped = {pk for controls in self._mapped.values() for pk in controls}
        return [pk for pk in self.standings if pk not in mapped]

    @cached_property
    def controls_shown(self) -> set[UUID]:
        """The distinct controls on all pages."""
        return {place.control_id for place in self._index if place.control_id is not None}

    @cached_property
    def operations(self) -> Counter[str]:
        """How many of the controls shown are in each state of operation."""
        return Counter(self.standings[pk] for pk in self.controls_shown)

    @cached_property
    def without_control(self) -> int:
        """Criteria of those shown that no control is mapped to."""
        return sum(not self._mapped[each.id] for each in self.shown)

    def page(self, number: Any, holding: UUID | None = None) -> tuple[Page[_Place], list[Group]]:
        """A page of rows with their groups, and the page itself for moving on. One query.

        Without a number it is the first page that holds the control `holding`, else the first.
        """
        if not number and holding:
            places = (place for place, each in enumerate(self._index) if each.control_id == holding)
            number = next(places, 0) // SIZE + 1
        page = Paginator(self._index, SIZE).get_page(number)
        numbers = Counter(place.criterion for place in self._index if place.control_id is not None)
        before = self._index[page.start_index() - 2].criterion if page.start_index() > 1 else _NOTHING
        wanted = [place.control_id for place in page if place.control_id]
        found = {each.pk: each for each in controls().filter(pk__in=wanted)}
        groups: list[Group] = []
        for place in page:
            if not groups or groups[-1].criterion != place.criterion:
                continued = not groups and before == place.criterion
                groups.append(Group(place.criterion, numbers[place.criterion], continued))
            if place.control_id in found:
                groups[-1].rows.append((found[place.control_id], self._part(place)))
        return page, groups

    def rows(self) -> Iterable[tuple[Criterion | None, UUID | None, str]]:
        """Everything that is shown, line by line: criterion, control and the part that it meets."""
        for place in self._index:
            yield place.criterion, place.control_id, self._part(place)

    def _part(self, place: _Place) -> str:
        """The part of the criterion that the control meets; empty: all of it."""
        if place.criterion is None or place.control_id is None:
            return ""
        return self._mapped[place.criterion.id][place.control_id]


_NOTHING = Criterion(UUID(int=0), "", "", "")


def criteria_of(measure: Programme | Framework) -> list[Criterion]:
    """The criteria in scope of a programme, or all that a framework assesses, with the part each belongs to.

    A framework that names no series falls into its top groups. Two queries.
    """
    if isinstance(measure, Programme):
        framework_id, found = measure.framework_id, requirements_in_scope(measure)
    else:
        framework_id = measure.pk
        found = Requirement.objects.filter(framework=measure, assessable=True).order_by("position")
    groups = Requirement.objects.filter(framework_id=framework_id, assessable=False)
    above: dict[UUID, tuple[UUID | None, str]] = {
        pk: (parent, ref) for pk, parent, ref in groups.order_by().values_list("pk", "parent_id", "ref")
    }
    return [
        Criterion(pk, ref, title, series or _top(parent, above) or ref)
        for pk, ref, title, series, parent in found.values_list("pk", "ref", "title", "series", "parent_id")
    ]


def _top(parent: UUID | None, above: dict[UUID, tuple[UUID | None, str]]) -> str:
    ref = ""
    while parent in above:
        parent, ref = above[parent]
    return ref
