"""Evidence requests. A token acts for the member who made it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint, person
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import IdFilter, WordFilter, filters
from compliance.web.problems import Conflict
from compliance.web.serializers import Nothing, ReasonInput
from evidence.services.authority import may_provide

from .models import Ask, AskState
from .serializers import EvidenceAskAcceptInput, EvidenceAskInput, EvidenceAskSerializer
from .services.answer import accept, send_back
from .services.ask import ask_for, send_again, withdraw_ask
from .services.writing import NotNowError


class EvidenceAskFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=AskState.choices)
    requirement = IdFilter(field_name="requirement_id")
    member = IdFilter(field_name="member_id")
    email = WordFilter()
    due_to = filters.DateFilter(field_name="due_on", lookup_expr="lte")


class EvidenceAskEndpoint(Listed, Shown, Endpoint):
    """What named people are asked to hand in."""

    noun = "evidence requests"
    one = "an evidence request"
    queryset = Ask.objects.select_related("requirement__control").prefetch_related(person("member"))
    serializer_class = EvidenceAskSerializer
    filterset_class = EvidenceAskFilter
    scopes = {
        "read": Permission.EVIDENCE_VIEW, "write": Permission.EVIDENCE_PROVIDE, "accept": Permission.EVIDENCE_REVIEW,
        "send_back": Permission.EVIDENCE_REVIEW,
    }  # fmt: skip
    inputs = {
        "create": EvidenceAskInput, "send": Nothing, "withdraw": ReasonInput, "accept": EvidenceAskAcceptInput, "send_back": ReasonInput,
    }  # fmt: skip

    def create(self, request: Request) -> Response:
        """Ask somebody. Somebody outside is mailed a link that opens this request alone."""
        return self.answer(self.fresh(ask_for(actor=self.actor, asker=self.maker(), **self.input()).pk))

    @action(detail=True, methods=["post"])
    def send(self, request: Request, pk: str) -> Response:
        """Mail a new link; those before no longer open."""
        self.input()
        self._do(send_again, self._managed())
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Ask no more. Its links no longer open."""
        given = self.input()
        self._do(withdraw_ask, self._managed(), **given)
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Approve what was handed in. Never by who handed it in."""
        given = self.input()
        self._do(accept, self.found(), reviewer=self.maker(), **given)
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: str) -> Response:
        """Return what was handed in, with a reason. It may be handed in anew."""
        given = self.input()
        self._do(send_back, self.found(), reviewer=self.maker(), **given)
        return self.answer(self.fresh(pk))

    def _managed(self) -> Ask:
        found: Ask = self.found()
        maker = self.maker()
        if maker is None or not may_provide(maker, found.requirement):
            raise PermissionDenied("Whoever owns the requirement or its control manages its requests, or the compliance manager.")
        return found

    def _do(self, service: Callable[..., Any], ask: Ask, **given: Any) -> None:
        try:
            service(actor=self.actor, ask=ask, **given)
        except NotNowError as error:
            raise Conflict(" ".join(error.messages)) from error
