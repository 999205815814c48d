"""The auditor's confirmations, and programme reviews with their actions."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint, person
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import FlagFilter, IdFilter, filters
from compliance.web.problems import Conflict
from compliance.web.serializers import Nothing

from . import services
from .models import Action, Cadence, Confirmation, Review
from .serializers import (
    ProgrammeReviewInput,
    ProgrammeReviewSerializer,
    ReviewActionDone,
    ReviewActionInput,
    ReviewActionSerializer,
    ReviewNotesInput,
    ScopeConfirmationInput,
    ScopeConfirmationSerializer,
)

_SCOPES = {"read": Permission.ROUND_VIEW, "write": Permission.ROUND_CHANGE}


class ConfirmationFilter(filters.FilterSet):
    programme = IdFilter(field_name="programme_id")


class ConfirmationEndpoint(Listed, Shown, Endpoint):
    """What auditors confirmed of scope, period, categories and method. Confirmations only grow."""

    noun = "scope confirmations"
    one = "a scope confirmation"
    queryset = Confirmation.objects.all()
    serializer_class = ScopeConfirmationSerializer
    filterset_class = ConfirmationFilter
    scopes = _SCOPES
    inputs = {"create": ScopeConfirmationInput}

    def create(self, request: Request) -> Response:
        """Record that an auditor confirmed what now stands."""
        return self.answer(services.record_confirmation(actor=self.actor, **self.input()))


class ReviewFilter(ConfirmationFilter):
    cadence = filters.ChoiceFilter(choices=Cadence.choices)
    closed = FlagFilter(field_name="closed_at", lookup_expr="isnull", exclude=True)


class ProgrammeReviewEndpoint(Listed, Shown, Endpoint):
    """Monthly and annual programme reviews."""

    noun = "programme reviews"
    one = "a programme review"
    queryset = Review.objects.all()
    serializer_class = ProgrammeReviewSerializer
    filterset_class = ReviewFilter
    scopes = _SCOPES
    inputs = {"create": ProgrammeReviewInput, "partial_update": ReviewNotesInput, "close": Nothing}

    def create(self, request: Request) -> Response:
        """Begin a review."""
        return self.answer(services.open_review(actor=self.actor, **self.input()))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Write into a review that is open."""
        review = self.found()
        if review.closed_at is not None:
            raise Conflict("This review is closed, and its record does not change.")
        return self.answer(services.write_review(actor=self.actor, review=review, **self.input()))

    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close a review for good, with the facts as they now stand."""
        self.input()
        review = self.found()
        if review.closed_at is not None:
            raise Conflict("This review is closed already.")
        return self.answer(services.close_review(actor=self.actor, review=review))


class ReviewActionEndpoint(Listed, Endpoint):
    """What one review asks of people."""

    noun = "actions of a review"
    queryset = Action.objects.all()
    serializer_class = ReviewActionSerializer
    scopes = _SCOPES
    inputs = {"create": ReviewActionInput}

    def get_queryset(self) -> QuerySet[Action]:
        return Action.objects.filter(review=self.above(Review.objects.all(), "review")).prefetch_related(person("owner"))

    def create(self, request: Request, **above: str) -> Response:
        """Ask something of somebody."""
        review = self.above(Review.objects.all(), "review")
        if review.closed_at is not None:
            raise Conflict("This review is closed, and its record does not change.")
        made = services.add_action(actor=self.actor, review=review, **self.input())
        return self.answer(self.get_queryset().get(pk=made.pk))


class ActionFilter(filters.FilterSet):
    owner = IdFilter(field_name="owner_id")
    done = FlagFilter(field_name="done_at", lookup_expr="isnull", exclude=True)


class ActionEndpoint(Listed, Shown, Endpoint):
    """Actions of every review."""

    noun = "review actions"
    one = "a review action"
    queryset = Action.objects.prefetch_related(person("owner"))
    serializer_class = ReviewActionSerializer
    filterset_class = ActionFilter
    scopes = _SCOPES
    inputs = {"finish": ReviewActionDone}

    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """Say that an action is done."""
        try:
            services.finish_action(actor=self.actor, action=self.found(), **self.input())
        except ValidationError as error:
            raise Conflict(" ".join(error.messages)) from error
        return self.answer(self.fresh(pk))
