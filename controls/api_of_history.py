"""What a control stated and when, how its design was concluded on, and what stands in for it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed
from compliance.web.api_filters import filters
from compliance.web.serializers import ReasonInput

from .history import version_in_force
from .models import Compensation, Control, ControlVersion, DesignConclusion
from .serializers_of_history import (
    CompensationInput,
    CompensationSerializer,
    ControlVersionSerializer,
    DesignConclusionSerializer,
)
from .services.compensate import compensate_control, end_compensation


class OfControl(Listed, Endpoint):
    """A noun that hangs on one control."""

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(control=self._control())

    def _control(self) -> Control:
        return self.above(Control.objects.all(), "control")


class ControlVersionFilter(filters.FilterSet):
    on = filters.DateFilter(method="in_force", label="Only the version that was in force at the end of this day.")

    def in_force(self, found: QuerySet[ControlVersion], name: str, value: date) -> QuerySet[ControlVersion]:
        control = Control(pk=self.request.parser_context["kwargs"]["control"])
        version = version_in_force(control, value)
        return found.filter(pk=version.pk) if version else found.none()


class ControlVersionEndpoint(OfControl):
    """What one control stated, the newest first. `?on=2026-03-03` gives the version in force on a day, or nothing."""

    noun = "versions of a control"
    queryset = ControlVersion.objects.all()
    serializer_class = ControlVersionSerializer
    filterset_class = ControlVersionFilter
    scopes = {"read": Permission.CONTROL_VIEW}
    ordering = ("-number",)


class DesignConclusionEndpoint(OfControl):
    """Every conclusion on one control's design, the newest first."""

    noun = "conclusions on a control's design"
    queryset = DesignConclusion.objects.select_related("version")
    serializer_class = DesignConclusionSerializer
    scopes = {"read": Permission.CONTROL_VIEW}
    ordering = ("-id",)


class CompensationEndpoint(OfControl):
    """The controls that stand, or stood, in for one control."""

    noun = "compensations of a control"
    queryset = Compensation.objects.select_related("by")
    serializer_class = CompensationSerializer
    scopes = {"read": Permission.CONTROL_VIEW, "write": Permission.CONTROL_CHANGE, "end": Permission.CONTROL_CHANGE}
    inputs = {"create": CompensationInput, "end": ReasonInput}
    ordering = ("-id",)

    def create(self, request: Request, control: str) -> Response:
        """Say that another control does the work of this one, since when and how."""
        return self.answer(compensate_control(actor=self.actor, control=self._control(), **self.input()))

    @action(detail=True, methods=["post"])
    def end(self, request: Request, control: str, pk: str) -> Response:
        """Say that it no longer stands in, from tomorrow on. That it did stays."""
        return self.answer(self.fresh(end_compensation(actor=self.actor, compensation=self.found(), **self.input()).pk))
