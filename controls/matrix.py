"""The matrix: the criteria of a programme or of a framework, each with the controls that are mapped to it.

What is shown is cut out of a light index of references, so that a page of fifty rows costs nearly the same in a room of
thirty controls and of a thousand, and a criterion that no control meets is never left out. References are unique in an
organisation and in a framework, and cheaper to carry by the thousand than ids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Values
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import TextField
from django.db.models.functions import Cast

from compliance.frameworks.models import Framework, PointOfFocus, Requirement
from compliance.programmes.models import Programme
from compliance.programmes.selectors import requirements_in_scope

from .columns import COLUMNS, Column
from .models import Control, Implementation, Mapping
from .selectors import controls_in_rows, controls_matching, sorted_controls

SIZE = 50
#: Filters that leave out criteria, and no controls.
_OF_CRITERIA = {"series", "judged"}


class Criterion(NamedTuple):
    """A requirement as the matrix needs it."""

    id: UUID
    ref: str
    title: str
    series: str


@dataclass
class Group:
    """A criterion on one page with its rows; `criterion` None holds what is mapped to none of them.

    `number` is how many of its controls fit the filters, on all pages. `continued`: it began on the page before.
    `guidance` holds its points of focus, reference and text, where the group begins: never assessed instead of it.
    """

    criterion: Criterion | None
    number: int
    continued: bool
    rows: list[Control] = field(default_factory=list)
    guidance: list[tuple[str, str]] = field(default_factory=list)

    @property
    def under(self) -> str:
        """The criterion's reference; empty where there is none."""
        return self.criterion.ref if self.criterion else ""


class Place(NamedTuple):
    """One line of the index: a control (by its reference) under a criterion, or a criterion without any."""

    criterion: Criterion | None
    ref: str


class Matrix:
    """One reading of the matrix: `asked` are the filters (see `controls_matching`) and `series`."""

    def __init__(self, criteria: list[Criterion], asked: Values[str, str], sort: str = "") -> None:
        self.criteria, self.asked, self.sort = criteria, asked, sort

    @property
    def narrowed(self) -> bool:
        """Whether a filter of controls is set: then a criterion without a fitting control is not shown."""
        return any(value for name, value in self.asked.items() if name not in _OF_CRITERIA)

    @cached_property
    def shown(self) -> list[Criterion]:
        """The criteria of the series that is asked for, and, where that is asked, only those judged by hand."""
        series, by_hand = self.asked.get("series"), self.asked.get("judged") == "manual"
        found = [each for each in self.criteria if not series or each.series == series]
        return [each for each in found if each.ref in self.manual] if by_hand else found

    @cached_property
    def _standing(self) -> dict[str, tuple[str | None, int | None]]:
        """Operation and number of checks by control, of those that fit the filters, in the order that is asked for."""
        found = sorted_controls(controls_matching(self.asked), self.sort)
        return {ref: (operation, checks) for ref, operation, checks in found.values_list("ref", "standing__operation", "standing__checks")}

    @cached_property
    def _operation(self) -> dict[str, str]:
        return {ref: operation or "not_observed" for ref, (operation, _) in self._standing.items()}

    @cached_property
    def _checks(self) -> dict[str, int | None]:
        """How many checks are bound to each control in use, whatever is filtered."""
        if not self.narrowed:  # then the controls shown are those in use
            return {ref: checks for ref, (_, checks) in self._standing.items()}
        used = Control.objects.exclude(implementation=Implementation.RETIRED).order_by()
        return dict(used.values_list("ref", "standing__checks"))

    @cached_property
    def _mapped(self) -> dict[str, set[str]]:
        """By criterion, the controls mapped to it. All of them, whatever is filtered."""
        mapped: dict[str, set[str]] = {str(each.id): set() for each in self.criteria}
        found = Mapping.objects.filter(requirement_id__in=[each.id for each in self.criteria]).order_by()
        as_text = Cast("requirement_id", TextField())  # thousands of ids, of which none is needed as an object
        for control, requirement in found.values_list("control__ref", as_text):
            mapped[requirement].add(control)
        return {each.ref: mapped[str(each.id)] for each in self.criteria}

    @cached_property
    def manual(self) -> set[str]:
        """Criteria that have controls, none of which is bound to a check: people alone judge whether they are met."""
        checks = self._checks
        by_hand = {ref for ref, number in checks.items() if not number}
        live = {criterion: mapped & checks.keys() for criterion, mapped in self._mapped.items()}
        return {criterion for criterion, mapped in live.items() if mapped and mapped <= by_hand}

    @cached_property
    def manual_shown(self) -> int:
        """How many of the criteria shown are judged by hand."""
        return sum(each.ref in self.manual for each in self.shown)

    @cached_property
    def places(self) -> list[Place]:
        """Everything that is shown, line by line, in the publisher's order."""
        order = {ref: place for place, ref in enumerate(self._operation)}
        places = []
        for criterion in self.shown:
            fitting = sorted(self._mapped[criterion.ref] & order.keys(), key=order.__getitem__)
            if self.asked.get("maps") == "none":
                continue
            places += [Place(criterion, ref) for ref in fitting]
            if not fitting and not self.narrowed:
                places.append(Place(criterion, ""))
        return places + [Place(None, ref) for ref in self._unmapped]

    @cached_property
    def _unmapped(self) -> list[str]:
        """Controls that meet nothing of this framework. They belong to no series."""
        if self.asked.get("series") or self.asked.get("judged") or self.asked.get("maps") == "some":
            return []
        mapped = set().union(*self._mapped.values())
        return [ref for ref in self._operation if ref not in mapped]

    @cached_property
    def controls_shown(self) -> set[str]:
        """The distinct controls on all pages."""
        return {place.ref for place in self.places} - {""}

    @cached_property
    def operations(self) -> Counter[str]:
        """How many of the controls shown are in each state of operation."""
        return Counter(self._operation[ref] for ref in self.controls_shown)

    @cached_property
    def without_control(self) -> int:
        """Criteria of those shown that no control is mapped to."""
        return sum(not self._mapped[each.ref] for each in self.shown)

    def page(
        self, number: Any, holding: str = "", columns: Sequence[Column] = COLUMNS
    ) -> tuple[Page[Place], list[Group]]:
        """A page of rows with their groups, and the page itself for moving on. One query, for what `columns` show.

        Without a number it is the first page that holds the control `holding`, else the first.
        """
        if not number and holding:
            found_at = (place for place, each in enumerate(self.places) if each.ref == holding)
            number = next(found_at, 0) // SIZE + 1
        page = Paginator(self.places, SIZE).get_page(number)
        numbers = Counter(place.criterion.ref if place.criterion else "" for place in self.places if place.ref)
        before = self.places[page.start_index() - 2].criterion if page.start_index() > 1 else _NOTHING
        reads = [name for column in columns for name in column.reads]
        found = {each.ref: each for each in controls_in_rows({place.ref for place in page}, reads)}
        groups: list[Group] = []
        for place in page:
            if not groups or groups[-1].criterion != place.criterion:
                continued = not groups and before == place.criterion
                number = numbers[place.criterion.ref if place.criterion else ""]
                groups.append(Group(place.criterion, number, continued))
            if place.ref in found:
                groups[-1].rows.append(found[place.ref])
        return page, groups


_NOTHING = Criterion(UUID(int=0), "", "", "")


def add_guidance(groups: list[Group]) -> None:
    """Give the groups that begin on a page the points of focus of their criteria. One query."""
    begun = {group.criterion.id: group for group in groups if group.criterion and not group.continued}
    points = PointOfFocus.objects.filter(requirement_id__in=list(begun)).order_by("ref", "id")
    for requirement_id, ref, text in points.values_list("requirement_id", "ref", "text"):
        begun[requirement_id].guidance.append((ref, text))


def parts_of(places: list[Place]) -> dict[tuple[UUID, str], str]:
    """The part that each control meets, by criterion and control, where one is named."""
    ids = {place.criterion.id for place in places if place.criterion}
    named = Mapping.objects.filter(requirement_id__in=ids, control__ref__in={place.ref for place in places}).exclude(
        part=""
    )
    return {(id, ref): part for id, ref, part in named.order_by().values_list("requirement_id", "control__ref", "part")}


def criteria_of(measure: Programme | Framework) -> list[Criterion]:
    """The criteria in scope of a programme, or all that a framework assesses, with the part each belongs to.

    A framework that names no series falls into its top groups. Two queries.
    """
    if isinstance(measure, Programme):
        framework_id, found = measure.framework_id, requirements_in_scope(measure)
    else:
        framework_id = measure.pk
        found = Requirement.objects.filter(framework=measure, assessable=True).order_by("position")
    return list(_criteria(framework_id, found.values_list("pk", "ref", "title", "series", "parent_id")))


def _criteria(framework_id: UUID, rows: Any) -> Iterator[Criterion]:
    above: dict[UUID, tuple[UUID | None, str]] | None = None
    for pk, ref, title, series, parent in rows:
        if not series and above is None:
            groups = Requirement.objects.filter(framework_id=framework_id, assessable=False).order_by()
            above = {pk: (upper, ref) for pk, upper, ref in groups.values_list("pk", "parent_id", "ref")}
        yield Criterion(pk, ref, title, series or _top(parent, above or {}) or ref)


def _top(parent: UUID | None, above: dict[UUID, tuple[UUID | None, str]]) -> str:
    ref = ""
    while parent in above:
        parent, ref = above[parent]
    return ref
