"""The request log: its lines, and the moves of each."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework.decorators import action
from rest_framework.request import Request as Call
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.frameworks.models import Requirement
from compliance.people.endpoints import Endpoint, person
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.web.api import Listed, Shown, brief
from compliance.web.api_filters import ContainsFilter, FlagFilter, IdFilter, WordFilter, filters
from compliance.web.problems import Conflict as Conflicting
from compliance.web.serializers import Nothing, ReasonInput
from controls.models import Control

from ..models import Audit, Request, RequestKind, RequestState
from ..moves import WAITS_FOR_US
from ..serializers import AssignInput, RequestChange, RequestInput, RequestSerializer
from ..services import (
    Conflict,
    assign_request,
    change_request,
    raise_request,
    send_back_request,
    submit_for_review,
    submit_request,
    take_up_request,
    withdraw_request,
)
from ..services.requests import fingerprint

P = Permission
_REQUESTS = Request.objects.prefetch_related(
    person("assignee"),
    brief("audit", Audit.objects.all(), "ref", "name"),
    brief("control", Control.objects.all(), "ref", "title"),
    brief("requirement", Requirement.objects.all(), "framework_id", "ref", "title"),
)


class RequestFilter(filters.FilterSet):
    ref = WordFilter()
    auditor_ref = WordFilter(lookup_expr="iexact")
    state = filters.ChoiceFilter(choices=RequestState.choices)
    kind = filters.ChoiceFilter(choices=RequestKind.choices)
    assignee = IdFilter(field_name="assignee_id")
    unassigned = FlagFilter(field_name="assignee_id", lookup_expr="isnull")
    control = IdFilter(field_name="control_id")
    criterion = ContainsFilter(field_name="criteria_refs")
    overdue = FlagFilter(method="late", label="Past its due date while it waits for the organisation.")

    def late(self, found: QuerySet[Request], name: str, value: bool | None) -> QuerySet[Request]:
        if value is None:
            return found
        late = {"state__in": WAITS_FOR_US, "due_date__lt": today(here().timezone)}
        return found.filter(**late) if value else found.exclude(**late)


class RequestLogEndpoint(Listed, Endpoint):
    """The request log of one audit, by due date."""

    noun = "auditor requests of an audit"
    queryset = _REQUESTS
    serializer_class = RequestSerializer
    filterset_class = RequestFilter
    ordering = ("due_date", "ref", "id")
    scopes = {"read": P.REQUEST_VIEW, "write": P.REQUEST_MANAGE}
    inputs = {"create": RequestInput}

    def get_queryset(self) -> QuerySet[Request]:
        return _REQUESTS.filter(audit=self.above(Audit.objects.all(), "audit"))

    def create(self, call: Call, audit: str) -> Response:
        """Raise a request. With an assignee it starts assigned."""
        found = self.above(Audit.objects.select_related("programme"), "audit")
        return self.answer(self.fresh(raise_request(actor=self.actor, audit=found, **self.input()).pk))


class RequestEndpoint(Listed, Shown, Endpoint):
    """Requests of every audit, newest first, and the moves of each: open, assigned, in internal review, submitted."""

    noun = "auditor requests"
    one = "an auditor request"
    queryset = _REQUESTS
    serializer_class = RequestSerializer
    filterset_class = RequestFilter
    scopes = {
        "read": P.REQUEST_VIEW, "write": P.REQUEST_MANAGE, "take_up": P.REQUEST_ANSWER, "review": P.REQUEST_ANSWER,
    }  # fmt: skip
    inputs = {
        "partial_update": RequestChange, "assign": AssignInput, "take_up": Nothing, "review": Nothing,
        "send_back": ReasonInput, "submit": Nothing, "withdraw": ReasonInput,
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Request]:
        return _REQUESTS.all()

    def partial_update(self, call: Call, pk: str) -> Response:
        """Change what a request asks.

        Of a request that the auditor raised only `control` can be changed. What is with the auditor stands.
        """
        item = self.found()
        try:
            change_request(actor=self.actor, request=item, seen=fingerprint(item), new=self.input())
        except Conflict as error:
            raise Conflicting(str(error)) from None
        return self.answer(self.fresh(item.pk))

    @action(detail=True, methods=["post"])
    def assign(self, call: Call, pk: str) -> Response:
        """Give a request to a member who may answer it."""
        return self.answer(self.fresh(assign_request(actor=self.actor, request=self.found(), **self.input()).pk))

    @action(detail=True, methods=["post"], url_path="take-up")
    def take_up(self, call: Call, pk: str) -> Response:
        """Go on with a request that the auditor returned."""
        self.input()
        return self.answer(self.fresh(take_up_request(actor=self.actor, request=self.found()).pk))

    @action(detail=True, methods=["post"])
    def review(self, call: Call, pk: str) -> Response:
        """Put an answer in internal review. It needs evidence, or a comment that says what answers it."""
        self.input()
        return self.answer(self.fresh(submit_for_review(actor=self.actor, request=self.found()).pk))

    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, call: Call, pk: str) -> Response:
        """Send an answer back to its assignee, with what is missing."""
        return self.answer(self.fresh(send_back_request(actor=self.actor, request=self.found(), **self.input()).pk))

    @action(detail=True, methods=["post"])
    def submit(self, call: Call, pk: str) -> Response:
        """Hand an answer to the auditor. From then on the linked versions stay."""
        self.input()
        return self.answer(self.fresh(submit_request(actor=self.actor, request=self.found()).pk))

    @action(detail=True, methods=["post"])
    def withdraw(self, call: Call, pk: str) -> Response:
        """Take a submission back into internal review. What the auditor could read stays readable."""
        return self.answer(self.fresh(withdraw_request(actor=self.actor, request=self.found(), **self.input()).pk))
