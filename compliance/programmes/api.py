"""Programmes: what is aimed at, by when, and what of it does not apply."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import FlagFilter, IdFilter, filters
from compliance.web.serializers import Nothing

from .models import Programme, ProgrammeKind
from .serializers import LeaveOutInput, ProgrammeChange, ProgrammeInput, ProgrammeSerializer, TakeInInput
from .serializers_of_parts import CoverInput
from .services import (
    change_programme,
    close_programme,
    cover_services,
    create_programme,
    mark_not_relevant,
    mark_relevant,
)


class ProgrammeFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=ProgrammeKind.choices)
    framework = IdFilter(field_name="framework_id")
    closed = FlagFilter(field_name="closed_at", lookup_expr="isnull", exclude=True)


class ProgrammeEndpoint(Listed, Shown, Endpoint):
    """Certification efforts, each against one framework. `/programmes/{id}/readiness/` says how far one has come."""

    noun = "programmes"
    one = "a programme"
    queryset = Programme.objects.select_related("framework").prefetch_related("phases", "covered")
    serializer_class = ProgrammeSerializer
    filterset_class = ProgrammeFilter
    scopes = {"read": Permission.PROGRAMME_VIEW, "write": Permission.PROGRAMME_CHANGE}
    inputs = {
        "create": ProgrammeInput, "partial_update": ProgrammeChange, "close": Nothing, "leave_out": LeaveOutInput,
        "take_in": TakeInInput, "cover": CoverInput,
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Programme]:
        return self.queryset.all()

    def create(self, request: Request) -> Response:
        """Begin a programme.

        Its phases are worked back from `fieldwork_start`; without that day there are none yet.
        """
        return self.answer(self.fresh(create_programme(actor=self.actor, **self.input()).pk))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a programme's name, options or dates.

        The phases stay as they are planned.
        """
        programme = change_programme(actor=self.actor, programme=self.found(), **self.input())
        return self.answer(self.fresh(programme.pk))

    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """End a programme.

        It no longer counts, and stays readable.
        """
        self.input()
        return self.answer(close_programme(actor=self.actor, programme=self.found()))

    @action(detail=True, methods=["post"], url_path="leave-out")
    def leave_out(self, request: Request, pk: str) -> Response:
        """Leave a criterion out of a programme, with the reason."""
        programme = self.found()
        mark_not_relevant(actor=self.actor, programme=programme, **self.input())
        return self.answer(self.fresh(programme.pk))

    @action(detail=True, methods=["post"], url_path="take-in")
    def take_in(self, request: Request, pk: str) -> Response:
        """Take a criterion back into a programme."""
        programme = self.found()
        mark_relevant(actor=self.actor, programme=programme, **self.input())
        return self.answer(self.fresh(programme.pk))

    @action(detail=True, methods=["post"])
    def cover(self, request: Request, pk: str) -> Response:
        """Name the services that a programme covers. An empty list means all."""
        programme = cover_services(actor=self.actor, programme=self.found(), **self.input())
        return self.answer(self.fresh(programme.pk))
