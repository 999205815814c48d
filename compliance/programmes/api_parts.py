"""A programme's parts over the API: timing, exit conditions, selection, who asked, the budget."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import IdFilter, filters

from . import services
from .conditions import exits_of
from .models import BudgetLine, Demand, PhaseKind, Programme
from .selectors import programmes
from .serializers_of_parts import (
    BudgetLineChange,
    BudgetLineInput,
    BudgetLineSerializer,
    DemandChange,
    DemandInput,
    DemandSerializer,
    ExitsSerializer,
    SelectionInput,
    SelectionSerializer,
    TimingSerializer,
    selection_shown,
    timing_shown,
)
from .timeline import timeline_of


class _OfProgramme(Endpoint):
    """Something that is worked out of one programme."""

    queryset = Programme.objects.all()

    def programme(self) -> Programme:
        return self.above(programmes(), "programme")


class TimingEndpoint(_OfProgramme):
    """Timing advice, worked back from the day fieldwork starts."""

    noun = "timing of a programme"
    serializer_class = TimingSerializer
    scopes = {"read": Permission.PROGRAMME_VIEW}

    def retrieve(self, request: Request, programme: str) -> Response:
        """Read the latest day of each phase and control, whether the date can be met, and what to move.

        Computed for this answer, as of today where the organisation is.
        """
        return self.read(timing_shown(timeline_of(self.programme(), today(here().timezone))))


class ExitsEndpoint(_OfProgramme):
    """The exit conditions of a programme's phases."""

    noun = "exit conditions of a programme"
    serializer_class = ExitsSerializer
    scopes = {"read": Permission.PROGRAMME_VIEW}

    def retrieve(self, request: Request, programme: str) -> Response:
        """Read what must hold before each phase is over, computed for this answer."""
        return self.read({"phases": exits_of(self.programme())})


class SelectionEndpoint(_OfProgramme):
    """Why this report was chosen, and what it will say."""

    noun = "the selection of a programme"
    serializer_class = SelectionSerializer
    scopes = {"read": Permission.PROGRAMME_VIEW, "write": Permission.PROGRAMME_CHANGE}
    inputs = {"update": SelectionInput}

    def retrieve(self, request: Request, programme: str) -> Response:
        """Read the reason, its approval, and the claim."""
        return self.read(selection_shown(self.programme()))

    def update(self, request: Request, programme: str) -> Response:
        """Write the reason.

        Another reason takes an approval back; a person other than the author approves it, on the page.
        """
        found = self.programme()
        services.write_selection(actor=self.actor, programme=found, author=self.maker(), **self.input())
        return self.answer(selection_shown(found))


class PartFilter(filters.FilterSet):
    programme = IdFilter(field_name="programme_id")


class DemandEndpoint(Listed, Shown, Endpoint):
    """Who asked for a report, and what would satisfy them."""

    noun = "report demands"
    one = "a report demand"
    queryset = Demand.objects.all()
    serializer_class = DemandSerializer
    filterset_class = PartFilter
    scopes = {"read": Permission.PROGRAMME_VIEW, "write": Permission.PROGRAMME_CHANGE}
    inputs = {"create": DemandInput, "partial_update": DemandChange}

    def get_queryset(self) -> QuerySet[Demand]:
        return self.queryset.select_related("programme")

    def create(self, request: Request) -> Response:
        """Note that somebody asked."""
        return self.answer(services.add_demand(actor=self.actor, **self.input()))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what was asked."""
        return self.answer(services.change_demand(actor=self.actor, demand=self.found(), **self.input()))

    def destroy(self, request: Request, pk: str) -> Response:
        """Take a demand out; the trail keeps it."""
        services.remove_demand(actor=self.actor, demand=self.found())
        return Response(status=204)


class BudgetFilter(PartFilter):
    phase = filters.ChoiceFilter(choices=PhaseKind.choices)


class BudgetLineEndpoint(Listed, Shown, Endpoint):
    """What phases are to cost and have cost."""

    noun = "budget lines"
    one = "a budget line"
    queryset = BudgetLine.objects.all()
    serializer_class = BudgetLineSerializer
    filterset_class = BudgetFilter
    scopes = {"read": Permission.PROGRAMME_VIEW, "write": Permission.PROGRAMME_CHANGE}
    inputs = {"create": BudgetLineInput, "partial_update": BudgetLineChange}

    def get_queryset(self) -> QuerySet[BudgetLine]:
        return self.queryset.select_related("programme")

    def create(self, request: Request) -> Response:
        """Plan a cost."""
        return self.answer(services.add_budget_line(actor=self.actor, **self.input()))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a cost, or say what it came to."""
        return self.answer(services.change_budget_line(actor=self.actor, line=self.found(), **self.input()))

    def destroy(self, request: Request, pk: str) -> Response:
        """Take a line out; the trail keeps it."""
        services.remove_budget_line(actor=self.actor, line=self.found())
        return Response(status=204)
