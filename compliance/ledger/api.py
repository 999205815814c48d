"""The ledger: incidents (DC 4) and business changes (DC 9)."""

from __future__ import annotations

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import filters

from . import services
from .models import Change, ChangeKind, Disclosure, Incident
from .serializers import (
    BusinessChangeInput,
    BusinessChangeSerializer,
    DisclosureInput,
    IncidentInput,
    IncidentSerializer,
)

_SCOPES = {"read": Permission.LEDGER_VIEW, "write": Permission.LEDGER_CHANGE}


class IncidentFilter(filters.FilterSet):
    disclosure = filters.ChoiceFilter(choices=Disclosure.choices)


class IncidentEndpoint(Listed, Shown, Endpoint):
    """Incidents, each with its nature, timing, extent and disposition."""

    noun = "incidents"
    one = "an incident"
    queryset = Incident.objects.prefetch_related("touched")
    serializer_class = IncidentSerializer
    filterset_class = IncidentFilter
    scopes = _SCOPES
    inputs = {"create": IncidentInput, "partial_update": IncidentInput, "decide": DisclosureInput}

    def create(self, request: Request) -> Response:
        """Write an incident down."""
        return self.answer(self.fresh(services.record_incident(actor=self.actor, **self.input()).pk))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Put an incident right."""
        services.change_incident(actor=self.actor, incident=self.found(), **self.input())
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Decide whether the description tells it."""
        services.decide_disclosure(actor=self.actor, entry=self.found(), **self.input())
        return self.answer(self.fresh(pk))


class ChangeFilter(IncidentFilter):
    kind = filters.ChoiceFilter(choices=ChangeKind.choices)


class ChangeEndpoint(Listed, Shown, Endpoint):
    """Changes of the business and its system that a reader of the report may need to know of."""

    noun = "business changes"
    one = "a business change"
    queryset = Change.objects.prefetch_related("touched")
    serializer_class = BusinessChangeSerializer
    filterset_class = ChangeFilter
    scopes = _SCOPES
    inputs = {"create": BusinessChangeInput, "partial_update": BusinessChangeInput, "decide": DisclosureInput}

    def create(self, request: Request) -> Response:
        """Write a change down."""
        return self.answer(self.fresh(services.record_change(actor=self.actor, **self.input()).pk))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Put a change right."""
        services.change_change(actor=self.actor, change=self.found(), **self.input())
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Decide whether the description tells it."""
        services.decide_disclosure(actor=self.actor, entry=self.found(), **self.input())
        return self.answer(self.fresh(pk))
