"""Access reviews, their lists, the accounts on them, and what became of removals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint, person
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import FlagFilter, IdFilter, filters
from compliance.web.problems import Conflict
from compliance.web.serializers import Nothing, ReasonInput

from .models import Account, AccountList, Campaign, CampaignState, Origin, Removal, RemovalState, Verdict
from .serializers import (
    AccessDecisionInput,
    AccessListAssignInput,
    AccessListBringInput,
    AccessListSignInput,
    AccessRemovalSerializer,
    AccessReviewInput,
    AccessReviewSerializer,
    ListUnderReviewSerializer,
    ReviewedAccessSerializer,
)
from .services.bring import bring_list
from .services.complete import complete_campaign
from .services.decide import Choice, ChoiceError, decide, sign_list
from .services.freeze import take_list
from .services.prepare import assign_reviewers, prepare_campaign, skip_campaign, start_campaign
from .services.writing import SettledError


def _or_conflict(service: Callable[..., Any], **given: Any) -> Any:
    """What is settled, or not ready yet, is a conflict; what is wrong with a field stays an error of the field."""
    try:
        return service(**given)
    except SettledError as error:
        raise Conflict(" ".join(error.messages)) from error
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            raise
        raise Conflict(" ".join(error.messages)) from error


class AccessReviewFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=CampaignState.choices)
    requirement = IdFilter(field_name="requirement_id")
    late = FlagFilter()
    due_from = filters.DateFilter(field_name="due_on", lookup_expr="gte")
    due_to = filters.DateFilter(field_name="due_on", lookup_expr="lte")


class AccessReviewEndpoint(Listed, Shown, Endpoint):
    """Reviews of who has access."""

    noun = "access reviews"
    one = "an access review"
    queryset = Campaign.objects.all()
    serializer_class = AccessReviewSerializer
    filterset_class = AccessReviewFilter
    scopes = {"read": Permission.ACCESS_REVIEW_VIEW, "write": Permission.ACCESS_REVIEW_MANAGE}
    inputs = {"create": AccessReviewInput, "start": Nothing, "complete": Nothing, "skip": ReasonInput}

    def create(self, request: Request) -> Response:
        """Prepare a review: the list of each system is taken from the newest facts, as far as they have it."""
        return self.answer(self.fresh(prepare_campaign(actor=self.actor, member=self.maker(), **self.input()).pk))

    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Begin it: lists are frozen for good, and each account waits for its reviewer."""
        self.input()
        _or_conflict(start_campaign, actor=self.actor, campaign=self.found())
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: str) -> Response:
        """Complete it, once every list is signed. Its result becomes evidence that another person approves."""
        self.input()
        _or_conflict(complete_campaign, actor=self.actor, member=self.maker(), campaign=self.found())
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def skip(self, request: Request, pk: str) -> Response:
        """Say that it will not be completed. It stays skipped."""
        given = self.input()
        _or_conflict(skip_campaign, actor=self.actor, campaign=self.found(), **given)
        return self.answer(self.fresh(pk))


class AccessListFilter(filters.FilterSet):
    access_review = IdFilter(field_name="campaign_id")
    system = IdFilter(field_name="system_id")
    origin = filters.ChoiceFilter(choices=Origin.choices)
    reviewer = IdFilter(field_name="reviewer_id")
    signed = FlagFilter(field_name="signed_at", lookup_expr="isnull", exclude=True)


class AccessListEndpoint(Listed, Shown, Endpoint):
    """The lists of access reviews. A token signs those of the member who made it."""

    noun = "lists of access reviews"
    one = "a list of an access review"
    queryset = AccountList.objects.select_related("campaign").prefetch_related(person("reviewer"), person("stand_in"), "sources")
    serializer_class = ListUnderReviewSerializer
    filterset_class = AccessListFilter
    parser_classes = [JSONParser, MultiPartParser]
    scopes = {
        "read": Permission.ACCESS_REVIEW_VIEW, "take": Permission.ACCESS_REVIEW_MANAGE, "assign": Permission.ACCESS_REVIEW_MANAGE,
        "bring": Permission.ACCESS_REVIEW_MANAGE, "sign": Permission.ACCESS_REVIEW_DECIDE_OWN,
    }  # fmt: skip
    inputs = {"take": Nothing, "assign": AccessListAssignInput, "bring": AccessListBringInput, "sign": AccessListSignInput}

    @action(detail=True, methods=["post"], parser_classes=[JSONParser])
    def take(self, request: Request, pk: str) -> Response:
        """Take the list from the newest facts, before the review begins."""
        self.input()
        _or_conflict(take_list, actor=self.actor, account_list=self.found())
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"], parser_classes=[JSONParser])
    def assign(self, request: Request, pk: str) -> Response:
        """Name who reviews the list. What is decided already stays."""
        given = self.input()
        _or_conflict(assign_reviewers, actor=self.actor, account_list=self.found(), **given)
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def bring(self, request: Request, pk: str) -> Response:
        """Bring the list as a file: before the review begins what is reviewed, later what removals are held against."""
        given = self.input()
        file = given["file"]
        _or_conflict(
            bring_list, actor=self.actor, member=self.maker(), account_list=self.found(), content=file.read(),
            filename=file.name, media_type=file.kind.type, drawn_on=given["drawn_on"], note=given["note"],
        )  # fmt: skip
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"], parser_classes=[JSONParser])
    def sign(self, request: Request, pk: str) -> Response:
        """Sign the list once everything on it is decided."""
        given = self.input()
        _or_conflict(sign_list, actor=self.actor, member=self.maker(), account_list=self.found(), **given)
        return self.answer(self.fresh(pk))


class AccessAccountFilter(filters.FilterSet):
    access_review = IdFilter(field_name="campaign_id")
    access_list = IdFilter(field_name="account_list_id")
    assignee = IdFilter(field_name="assignee_id")
    privileged = FlagFilter()
    unused = FlagFilter()
    orphan = FlagFilter()
    left = FlagFilter()
    verdict = filters.ChoiceFilter(choices=Verdict.choices)
    decided = FlagFilter(field_name="decided_at", lookup_expr="isnull", exclude=True)


class AccessAccountEndpoint(Listed, Shown, Endpoint):
    """The accounts of access reviews. A token decides on those that wait for the member who made it."""

    noun = "accounts of access reviews"
    one = "an account of an access review"
    queryset = Account.objects.select_related("account_list", "campaign").prefetch_related(person("assignee"))
    serializer_class = ReviewedAccessSerializer
    filterset_class = AccessAccountFilter
    scopes = {"read": Permission.ACCESS_REVIEW_VIEW, "decide": Permission.ACCESS_REVIEW_DECIDE_OWN}
    inputs = {"decide": AccessDecisionInput}

    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Decide on an account. Until its list is signed the newest decision counts."""
        given, account = self.input(), self.found()
        choice = Choice(account, given["verdict"], given["reason"], tuple(given["take"]))
        try:
            decide(actor=self.actor, member=self.maker(), campaign=account.campaign, choices=[choice])
        except ChoiceError as error:
            field, sentence = error.faults[account.pk]
            raise ValidationError({field: sentence}) from None
        except SettledError as error:
            raise Conflict(" ".join(error.messages)) from error
        return self.answer(self.fresh(pk))


class AccessRemovalFilter(filters.FilterSet):
    access_review = IdFilter(field_name="campaign_id")
    state = filters.ChoiceFilter(choices=RemovalState.choices)
    due_to = filters.DateFilter(field_name="due_on", lookup_expr="lte")


class AccessRemovalEndpoint(Listed, Shown, Endpoint):
    """Access that has to go. Nobody closes one: a later list does."""

    noun = "removals of access"
    one = "a removal of access"
    queryset = Removal.objects.all()
    serializer_class = AccessRemovalSerializer
    filterset_class = AccessRemovalFilter
    scopes = {"read": Permission.ACCESS_REVIEW_VIEW}
