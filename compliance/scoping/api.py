"""Warnings of scope."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import IdFilter, WordFilter, filters
from compliance.web.serializers import ReasonInput

from . import services
from .models import ScopeWarning, Severity, State
from .selectors import concerns
from .serializers import ScopeWarningSerializer, WarningDecisionInput


class ScopeWarningFilter(filters.FilterSet):
    rule = WordFilter()
    severity = filters.ChoiceFilter(choices=Severity.choices)
    state = filters.ChoiceFilter(choices=State.choices)
    system = IdFilter(field_name="system_id")
    programme = IdFilter(method="of_programme", label="What the programme has to mind: also what is about the whole room.")

    def of_programme(self, found: QuerySet[ScopeWarning], name: str, value: UUID | None) -> QuerySet[ScopeWarning]:
        return found.filter(concerns(value)) if value else found


class ScopeWarningEndpoint(Listed, Shown, Endpoint):
    """What the rules of scope and of third parties say, the decided and the gone ones too: filter by `state`."""

    noun = "scope warnings"
    one = "a scope warning"
    queryset = ScopeWarning.objects.all()
    serializer_class = ScopeWarningSerializer
    filterset_class = ScopeWarningFilter
    scopes = {"read": Permission.SCOPE_VIEW, "write": Permission.SCOPE_DECIDE}
    inputs = {"decide": WarningDecisionInput, "withdraw": ReasonInput}

    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Leave it as it is, and say why and until when.

        It returns on that day, and before if the facts change. The decisions before stay on record.
        """
        services.decide_warning(actor=self.actor, warning=self.found(), **self.input())
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a decision back, and say why: the warning is open again."""
        services.withdraw_decision(actor=self.actor, warning=self.found(), **self.input())
        return self.answer(self.fresh(pk))
