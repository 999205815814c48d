"""The commitments register (DC 2)."""

from __future__ import annotations

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import FlagFilter, filters
from compliance.web.serializers import ReasonInput

from . import services
from .models import Commitment, Kind, Promise
from .serializers import CommitmentInput, CommitmentSerializer


class CommitmentFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=Kind.choices)
    promise = filters.ChoiceFilter(choices=Promise.choices)
    withdrawn = FlagFilter(field_name="withdrawn_on", lookup_expr="isnull", exclude=True)


class CommitmentEndpoint(Listed, Shown, Endpoint):
    """Principal service commitments and system requirements, with the criteria that bear on them."""

    noun = "commitments"
    one = "a commitment"
    queryset = Commitment.objects.prefetch_related("bears_on__requirement", "services__service")
    serializer_class = CommitmentSerializer
    filterset_class = CommitmentFilter
    scopes = {"read": Permission.SCOPE_VIEW, "write": Permission.SCOPE_CHANGE}
    inputs = {"create": CommitmentInput, "partial_update": CommitmentInput, "withdraw": ReasonInput}

    def create(self, request: Request) -> Response:
        """Enter a promise."""
        return self.answer(self.fresh(services.add_commitment(actor=self.actor, **self.input()).pk))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is known of one."""
        services.change_commitment(actor=self.actor, commitment=self.found(), **self.input())
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """It is promised no more, and why. It stays on record."""
        services.withdraw_commitment(actor=self.actor, commitment=self.found(), **self.input())
        return self.answer(self.fresh(pk))
