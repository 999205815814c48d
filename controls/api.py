"""Controls: what we say we do, what it is mapped to, and what others conclude of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Case, DateTimeField, F, IntegerField, Prefetch, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint, person
from compliance.people.models import Membership
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import FlagFilter, IdFilter, WordFilter, filters
from compliance.web.serializers import FIRST_MOMENT, Nothing, ReasonInput

from .models import Control, ControlService, ControlSystem, Design, Implementation, Mapping
from .reach import applies_to_service
from .selectors import FRESHNESS
from .serializers import (
    OPERATIONS,
    ConclusionInput,
    ControlEdit,
    ControlInput,
    ControlSerializer,
    MappingInput,
    MappingSerializer,
    PopulationInput,
)
from .serializers_of_history import ApplyInput
from .services.add import add_control
from .services.apply import apply_control
from .services.change import change_control, reinstate_control, retire_control
from .services.conclude import conclude_design, confirm_population
from .services.mapping import map_control, unmap_control

#: Parameters that ask what the floors above wrote of a control.
_BY_STANDING = frozenset({"evidence", "operation", "has_gaps", "ordering"})
#: The worst first; what has no standing has shown nothing yet.
_OPERATION = ("fail", "unknown", "excepted", "not_observed", "not_applicable", "pass")


def _words(values: Any) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class ControlFilter(filters.FilterSet):
    ref = WordFilter()
    area = WordFilter()
    owner = IdFilter(field_name="owner_id")
    unowned = FlagFilter(field_name="owner_id", lookup_expr="isnull")
    key = FlagFilter()
    implementation = filters.ChoiceFilter(choices=Implementation.choices)
    design = filters.ChoiceFilter(choices=Design.choices)
    requirement = IdFilter(method="mapped", label="Controls that are mapped to it.")
    evidence = filters.ChoiceFilter(
        choices=_words(FRESHNESS), field_name="evidence_state", label="Its worst freshness."
    )
    operation = filters.ChoiceFilter(choices=_words(OPERATIONS), field_name="operation_state")
    has_gaps = FlagFilter(method="with_gaps")
    system = IdFilter(field_name="system_links__system_id", label="Controls that name this system.")
    service = IdFilter(method="for_service", label="Controls that apply to this service: that name it, or none.")

    def mapped(self, found: QuerySet[Control], name: str, value: Any) -> QuerySet[Control]:
        return found.filter(pk__in=Mapping.objects.filter(requirement_id=value).values("control_id"))

    def for_service(self, found: QuerySet[Control], name: str, value: Any) -> QuerySet[Control]:
        return found.filter(applies_to_service(value))

    def with_gaps(self, found: QuerySet[Control], name: str, value: bool | None) -> QuerySet[Control]:
        return found if value is None else found.filter(gaps_order__gt=0) if value else found.filter(gaps_order=0)


def _rank(field: str, values: tuple[str, ...]) -> Case:
    return Case(
        *[When(**{field: word}, then=Value(n)) for n, word in enumerate(values)],
        default=Value(99),
        output_field=IntegerField(),
    )


_MAPPINGS = (
    Mapping.objects.select_related("requirement")
    .only("control_id", "part", "requirement__framework_id", "requirement__ref", "requirement__title")
    .order_by("requirement__framework_id", "requirement__position")
)


def mapped_to(controls: Sequence[Control]) -> dict[str, list[dict[str, Any]]]:
    """The mappings of controls, by the control's id, each as `MappingSerializer` reads it.

    Ids come as text: a page has hundreds, and each would be made an object only to be written again.
    """
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    ids = (_text(name) for name in ("control_id", "id", "requirement_id", "requirement__framework_id"))
    rows = _MAPPINGS.filter(control__in=controls).values_list(*ids, "part", "requirement__ref", "requirement__title")
    for control_id, pk, requirement_id, framework_id, part, ref, title in rows:
        shown = {"id": requirement_id, "framework_id": framework_id, "ref": ref, "title": title}
        found[control_id].append({"id": pk, "part": part, "requirement": shown})
    return found


def placed(controls: Sequence[Control]) -> tuple[dict[Any, list[dict[str, Any]]], dict[Any, list[dict[str, Any]]]]:
    """The systems and the services that controls name, by the control's id, each as `PlaceBrief` reads it. One query."""
    systems = _named(ControlSystem.objects.filter(control__in=controls), "system")
    services = _named(ControlService.objects.filter(control__in=controls), "service")
    found: dict[str, dict[Any, list[dict[str, Any]]]] = {"system": defaultdict(list), "service": defaultdict(list)}
    for of, ref, control_id, pk, name in systems.union(services, all=True).order_by("of", "ref"):
        found[of][control_id].append({"id": pk, "ref": ref, "name": name})
    return found["system"], found["service"]


def _named(links: QuerySet[Any], of: str) -> QuerySet[Any, tuple[Any, ...]]:
    named = links.order_by().annotate(of=Value(of), ref=F(f"{of}__ref"), called=F(f"{of}__name"))
    return named.values_list("of", "ref", "control_id", f"{of}_id", "called")


def _text(name: str) -> Cast:
    return Cast(name, TextField())


def _with_standing(found: QuerySet[Control]) -> QuerySet[Control]:
    return found.annotate(
        gaps_order=Coalesce(F("standing__open_gaps"), Value(0)),
        evidence_state=Coalesce(F("standing__evidence"), Value("missing")),
        operation_state=Coalesce(F("standing__operation"), Value("not_observed")),
        last_order=Coalesce(F("standing__last_evidence_at"), Value(FIRST_MOMENT), output_field=DateTimeField()),
    ).annotate(evidence_order=_rank("evidence_state", FRESHNESS), operation_order=_rank("operation_state", _OPERATION))


class ControlEndpoint(Listed, Shown, Endpoint):
    """Controls with their mappings and their standing. Retired ones are listed too: `implementation` tells."""

    noun = "controls"
    one = "a control"
    queryset = Control.objects.all()
    serializer_class = ControlSerializer
    filterset_class = ControlFilter
    ordering = ("ref", "id")
    orderings = {
        "ref": ("ref", "id"), "gaps": ("-gaps_order", "ref", "id"), "evidence": ("evidence_order", "ref", "id"),
        "operation": ("operation_order", "ref", "id"), "last_evidence": ("last_order", "ref", "id"),
    }  # fmt: skip
    scopes = {
        "read": Permission.CONTROL_VIEW, "write": Permission.CONTROL_CHANGE, "conclude": Permission.CONTROL_CONCLUDE,
        "confirm_population": Permission.CONTROL_CONCLUDE, "apply": Permission.CONTROL_CHANGE,
    }  # fmt: skip
    inputs = {
        "create": ControlInput, "partial_update": ControlEdit, "retire": ReasonInput, "reinstate": Nothing,
        "conclude": ConclusionInput, "confirm_population": PopulationInput, "apply": ApplyInput,
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Control]:
        """Controls with what they are shown with, fetched for the rows of the page alone; standings are joined only
        where they decide which rows these are."""
        found = Control.objects.prefetch_related("standing")
        if self.action != "list":
            return found.prefetch_related(
                person("owner"), person("design_by"), Prefetch("mappings", _MAPPINGS, to_attr="mapped")
            )
        return _with_standing(found) if _BY_STANDING & set(self.request.query_params) else found

    def furnish(self, rows: list[Control]) -> None:
        """What each is mapped to, as plain values: with several requirements each these were most objects of a page."""
        mapped = mapped_to(rows)
        for row in rows:
            row.mapped = mapped.get(str(row.pk), [])  # type: ignore[attr-defined]
        self._name(rows)
        self._place(rows)

    def _name(self, rows: list[Control]) -> None:
        """Owners and those who concluded on the design, together: mostly the same people."""
        ids = {pk for row in rows for pk in (row.owner_id, row.design_by_id) if pk}
        people = Membership.objects.only("name").in_bulk(ids) if ids else {}
        for row in rows:
            row.owner = people.get(row.owner_id) if row.owner_id else None
            row.design_by = people.get(row.design_by_id) if row.design_by_id else None

    def get_object(self) -> Control:
        found: Control = super().get_object()
        self._place([found])
        return found

    def fresh(self, pk: Any) -> Control:
        found: Control = super().fresh(pk)
        self._place([found])
        return found

    def _place(self, rows: Sequence[Control]) -> None:
        systems, services = placed(rows)
        for row in rows:
            row.placed_on, row.placed_for = systems[row.pk], services[row.pk]  # type: ignore[attr-defined]

    def create(self, request: Request) -> Response:
        """Write a control.

        Its design is not assessed yet, and no population is confirmed.
        """
        return self.answer(self.fresh(add_control(actor=self.actor, **self.input()).pk))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what a control states."""
        control = change_control(actor=self.actor, control=self.found(), **self.input())
        return self.answer(self.fresh(control.pk))

    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Take a control out of use, with the reason.

        It counts for nothing from then on; all that it showed stays. If it is taken up again, the days between count too.
        """
        return self.answer(self.fresh(retire_control(actor=self.actor, control=self.found(), **self.input()).pk))

    @action(detail=True, methods=["post"])
    def reinstate(self, request: Request, pk: str) -> Response:
        """Take a retired control up again. It begins as planned; the days on which it stood as retired count in every period in
        which it was in use before."""
        self.input()
        return self.answer(self.fresh(reinstate_control(actor=self.actor, control=self.found()).pk))

    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str) -> Response:
        """Name the services that a control applies to and the systems that it operates on.

        A control that names services counts in programmes that cover one of them; without any it counts in all.
        """
        return self.answer(self.fresh(apply_control(actor=self.actor, control=self.found(), **self.input()).pk))

    @action(detail=True, methods=["post"])
    def conclude(self, request: Request, pk: str) -> Response:
        """Conclude on the design of a control.

        Never by its owner: a token concludes for the member who made it, and one made at the command line for nobody.
        """
        return self.answer(self.fresh(conclude_design(actor=self.actor, control=self.found(), **self.input()).pk))

    @action(detail=True, methods=["post"], url_path="confirm-population")
    def confirm_population(self, request: Request, pk: str) -> Response:
        """Confirm that the population is complete and accurate. Never by the control's owner."""
        return self.answer(self.fresh(confirm_population(actor=self.actor, control=self.found(), **self.input()).pk))


class MappingEndpoint(Listed, Endpoint):
    """The requirements that one control meets."""

    noun = "mappings of a control"
    queryset = Mapping.objects.select_related("requirement")
    serializer_class = MappingSerializer
    scopes = {"read": Permission.CONTROL_VIEW, "write": Permission.CONTROL_CHANGE}
    inputs = {"create": MappingInput}
    ordering = ("id",)

    def get_queryset(self) -> QuerySet[Mapping]:
        return self.queryset.filter(control=self._control())

    def create(self, request: Request, control: str) -> Response:
        """Map the control to a requirement. Mapping it again replaces the part."""
        return self.answer(map_control(actor=self.actor, control=self._control(), **self.input()))

    def destroy(self, request: Request, control: str, pk: str) -> Response:
        """Take a mapping away. The control no longer counts for the requirement; both stay."""
        unmap_control(actor=self.actor, mapping=self.found())
        return Response(status=204)

    def _control(self) -> Control:
        return self.above(Control.objects.all(), "control")
