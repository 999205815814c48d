"""Coverage of the period, and the audit firm's tolerance."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.programmes.models import Programme
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import IdFilter, filters

from .forms import STATES
from .models import Coverage, Tolerance, Worst
from .selectors import tolerance_of
from .serializers import (
    PeriodCoverageInFull,
    PeriodCoverageSerializer,
    ToleranceInput,
    ToleranceSerializer,
    with_operating,
)
from .services import set_tolerance

_WITH = {
    "hole": Q(missed__gt=0) | Q(unknown__gt=0), "lost": Q(lost__gt=0), "unknown": Q(unknown__gt=0), "late": Q(late__gt=0),
    "open": Q(open__gt=0), "whole": Q(missed=0, unknown=0),
}  # fmt: skip


class CoverageFilter(filters.FilterSet):
    programme = IdFilter(field_name="programme_id")
    requirement = IdFilter(field_name="requirement_id")
    control = IdFilter(field_name="requirement__control_id")
    owner = IdFilter(method="owned_by", label="Who answers for the requirement, else for its control.")
    state = filters.ChoiceFilter(choices=STATES, method="in_state")
    worst = filters.ChoiceFilter(choices=Worst.choices)

    def owned_by(self, found: QuerySet[Coverage], name: str, value: Any) -> QuerySet[Coverage]:
        own = Q(requirement__owner_id=value)
        return found.filter(own | Q(requirement__owner__isnull=True, requirement__control__owner_id=value))

    def in_state(self, found: QuerySet[Coverage], name: str, value: str) -> QuerySet[Coverage]:
        return found.filter(_WITH[value])


class CoverageEndpoint(Listed, Shown, Endpoint):
    """For each evidence requirement and programme under way: what became of the expected intervals of the period."""

    noun = "coverage"
    one = "the coverage of a requirement"
    queryset = Coverage.objects.all()
    serializer_class = PeriodCoverageSerializer
    outputs = {"retrieve": PeriodCoverageInFull}
    filterset_class = CoverageFilter
    ordering = ("id",)
    scopes = {"read": Permission.EVIDENCE_VIEW}

    def get_queryset(self) -> QuerySet[Coverage]:
        found = Coverage.objects.select_related("programme", "requirement__control__owner", "requirement__owner")
        return found.defer("strip")

    def furnish(self, rows: list[Any]) -> None:
        with_operating(rows)


class ToleranceEndpoint(Endpoint):
    """What a programme's audit firm takes of things done once a year."""

    noun = "the tolerance of a programme"
    queryset = Tolerance.objects.all()
    serializer_class = ToleranceSerializer
    scopes = {"read": Permission.PROGRAMME_VIEW, "write": Permission.PROGRAMME_CHANGE}
    inputs = {"update": ToleranceInput}

    def retrieve(self, request: Request, programme: str) -> Response:
        """Read the tolerance; where nobody said anything, the definitions' own."""
        return self.read(tolerance_of(self.above(Programme.objects.all(), "programme")))

    def update(self, request: Request, programme: str) -> Response:
        """Say what the audit firm tolerates. Coverage is counted anew with it."""
        found = self.above(Programme.objects.all(), "programme")
        return self.answer(set_tolerance(actor=self.actor, programme=found, **self.input()))
