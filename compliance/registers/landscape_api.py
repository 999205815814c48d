"""Services that customers get, data flows, and the organisation's own data classes."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint, person
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import FlagFilter, IdFilter, filters

from . import services
from .landscape_serializers import (
    DataClassInput,
    DataClassSerializer,
    FlowInput,
    FlowSerializer,
    ServiceInput,
    ServiceSerializer,
)
from .models import DataClass, Direction, Flow, Service

_SCOPES = {"read": Permission.SCOPE_VIEW, "write": Permission.SCOPE_CHANGE}


class ServiceFilter(filters.FilterSet):
    active = FlagFilter()


class ServiceEndpoint(Listed, Shown, Endpoint):
    """What customers get. A programme covers one or several; a control applies to all or to those that it names."""

    noun = "services"
    one = "a service"
    queryset = Service.objects.prefetch_related(person("owner"))
    serializer_class = ServiceSerializer
    filterset_class = ServiceFilter
    scopes = _SCOPES
    inputs = {"create": ServiceInput, "partial_update": ServiceInput}

    def create(self, request: Request) -> Response:
        """Enter a service."""
        return self.answer(services.add_service(actor=self.actor, **self.input()))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is known of a service, or end it."""
        service = self.found()
        return self.answer(services.change_service(actor=self.actor, service=service, **self.input()))


class FlowFilter(filters.FilterSet):
    source = IdFilter(field_name="source_id")
    target = IdFilter(field_name="target_id")
    direction = filters.ChoiceFilter(choices=Direction.choices)
    encrypted = FlagFilter()


class FlowEndpoint(Listed, Shown, Endpoint):
    """Data flows between entries of the scope register."""

    noun = "flows"
    one = "a data flow"
    queryset = Flow.objects.select_related("source", "target")
    serializer_class = FlowSerializer
    filterset_class = FlowFilter
    scopes = _SCOPES
    inputs = {"create": FlowInput, "partial_update": FlowInput}

    def create(self, request: Request) -> Response:
        """Enter a data flow."""
        return self.answer(services.add_flow(actor=self.actor, **self.input()))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a data flow."""
        flow = self.found()
        return self.answer(services.change_flow(actor=self.actor, flow=flow, **self.input()))

    def destroy(self, request: Request, pk: str) -> Response:
        """Take a flow out that is no more. The trail keeps what it was."""
        services.remove_flow(actor=self.actor, flow=self.found())
        return Response(status=204)


class DataClassEndpoint(Listed, Endpoint):
    """Data classes of the organisation's own, beside the shipped ones: `customer`, `personal`, `cardholder`,
    `credentials`, `source_code`, `financial`, `employee`, `internal`, `public`."""

    noun = "data classes"
    one = "a data class"
    queryset = DataClass.objects.all()
    serializer_class = DataClassSerializer
    scopes = _SCOPES
    inputs = {"create": DataClassInput}

    def create(self, request: Request) -> Response:
        """Add a data class."""
        return self.answer(services.add_data_class(actor=self.actor, **self.input()))
