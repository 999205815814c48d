"""Control reviews, their answers, the plans that they follow, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint, person
from compliance.web.api import Listed, Shown, brief
from compliance.web.api_filters import FlagFilter, IdFilter, filters
from compliance.web.problems import Conflict
from compliance.web.serializers import Nothing, ReasonInput
from controls.models import Control

from .models import CADENCES, Answer, Delegation, Review, ReviewPlan, ReviewState
from .serializers import (
    AttestInput,
    ControlReviewSerializer,
    DelegationInput,
    DelegationSerializer,
    ExceptionInput,
    ReviewAnswerSerializer,
    ReviewPlanInput,
    ReviewPlanSerializer,
)
from .services.answer import attest, report_exception, skip
from .services.delegate import delegate_reviews, end_delegation
from .services.plan import choose_cadence
from .services.remind import remind
from .services.writing import SettledError


def _control() -> Prefetch:
    return brief("control", Control.objects.all(), "organization_id", "ref", "title")


class ControlReviewFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=ReviewState.choices)
    control = IdFilter(field_name="control_id")
    assignee = IdFilter(field_name="assignee_id")
    escalated = FlagFilter(field_name="escalated_at", lookup_expr="isnull", exclude=True)
    due_from = filters.DateFilter(field_name="due_on", lookup_expr="gte")
    due_to = filters.DateFilter(field_name="due_on", lookup_expr="lte")


class ControlReviewEndpoint(Listed, Shown, Endpoint):
    """Reviews of controls. A token answers those of the member who made it, and of whom that member stands in for."""

    noun = "control reviews"
    one = "a control review"
    queryset = Review.objects.prefetch_related(_control(), person("assignee"))
    serializer_class = ControlReviewSerializer
    filterset_class = ControlReviewFilter
    scopes = {
        "read": Permission.REVIEW_VIEW, "attest": Permission.REVIEW_ANSWER_OWN,
        "report_exception": Permission.REVIEW_ANSWER_OWN, "skip": Permission.REVIEW_ANSWER_OWN,
        "remind": Permission.REVIEW_MANAGE,
    }  # fmt: skip
    inputs = {"attest": AttestInput, "report_exception": ExceptionInput, "skip": ReasonInput, "remind": Nothing}

    @action(detail=True, methods=["post"])
    def attest(self, request: Request, pk: str) -> Response:
        """Attest that the control was performed. Late where its block has ended; beside it where it is skipped already."""
        return self._answered(pk, attest)

    @action(detail=True, methods=["post"], url_path="report-exception")
    def report_exception(self, request: Request, pk: str) -> Response:
        """Report that the control was not performed as it is stated. Nobody takes it back."""
        return self._answered(pk, report_exception)

    @action(detail=True, methods=["post"])
    def skip(self, request: Request, pk: str) -> Response:
        """Say that it will not take place. It stays skipped."""
        return self._answered(pk, skip)

    @action(detail=True, methods=["post"])
    def remind(self, request: Request, pk: str) -> Response:
        """Put it before whoever has to answer, today."""
        self.input()
        _or_conflict(remind, actor=self.actor, review=self.found())
        return self.answer(self.fresh(pk))

    def _answered(self, pk: str, service: Callable[..., Any]) -> Response:
        given = self.input()
        _or_conflict(service, actor=self.actor, member=self.maker(), review=self.found(), **given)
        return self.answer(self.fresh(pk))


def _or_conflict(service: Callable[..., Any], **given: Any) -> Any:
    try:
        return service(**given)
    except SettledError as error:
        raise Conflict(" ".join(error.messages)) from error


class ReviewAnswerEndpoint(Listed, Endpoint):
    """What was said of one review. Answers only grow."""

    noun = "answers of a control review"
    queryset = Answer.objects.all()
    serializer_class = ReviewAnswerSerializer
    scopes = {"read": Permission.REVIEW_VIEW}

    def get_queryset(self) -> QuerySet[Answer]:
        return Answer.objects.filter(review=self.above(Review.objects.all(), "control_review"))


class ReviewPlanFilter(filters.FilterSet):
    control = IdFilter(field_name="control_id")
    cadence = filters.ChoiceFilter(choices=CADENCES)
    ended = FlagFilter(field_name="ended_on", lookup_expr="isnull", exclude=True)


class ReviewPlanEndpoint(Listed, Shown, Endpoint):
    """How often controls are reviewed, now and before."""

    noun = "review plans"
    one = "a review plan"
    queryset = ReviewPlan.objects.prefetch_related(_control())
    serializer_class = ReviewPlanSerializer
    filterset_class = ReviewPlanFilter
    scopes = {"read": Permission.REVIEW_VIEW, "write": Permission.REVIEW_MANAGE}
    inputs = {"create": ReviewPlanInput}

    def create(self, request: Request) -> Response:
        """Review a control at a cadence from today on."""
        return self.answer(self.fresh(choose_cadence(actor=self.actor, **self.input()).pk))


class DelegationFilter(filters.FilterSet):
    owner = IdFilter(field_name="owner_id")
    delegate = IdFilter(field_name="delegate_id")


class DelegationEndpoint(Listed, Shown, Endpoint):
    """Who answers whose reviews while they are on leave."""

    noun = "review delegations"
    one = "a review delegation"
    queryset = Delegation.objects.all()
    serializer_class = DelegationSerializer
    filterset_class = DelegationFilter
    scopes = {"read": Permission.REVIEW_VIEW, "write": Permission.REVIEW_ANSWER_OWN}
    inputs = {"create": DelegationInput, "end": Nothing}

    def create(self, request: Request) -> Response:
        """Record that somebody is on leave."""
        return self.answer(delegate_reviews(actor=self.actor, member=self.maker(), **self.input()))

    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End it before its last day."""
        self.input()
        try:
            ended = end_delegation(actor=self.actor, member=self.maker(), delegation=self.found())
        except ValidationError as error:
            raise Conflict(" ".join(error.messages)) from error
        return self.answer(ended)
