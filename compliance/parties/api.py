"""Third parties, what they show of themselves, and what we make of it."""

from __future__ import annotations

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint, person
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import FlagFilter, IdFilter, filters
from compliance.web.serializers import Nothing

from . import services
from .models import (
    BridgeLetter,
    ExpectedControl,
    Method,
    NestedCarveOut,
    Outcome,
    OwnUserEntityControl,
    Party,
    PartyReport,
    PartyReview,
    ReportKind,
    Role,
)
from .serializers import (
    CarveOutAnswer,
    CarveOutSerializer,
    ExpectedControlChange,
    ExpectedControlInput,
    ExpectedControlSerializer,
    LetterChange,
    LetterInput,
    LetterSerializer,
    OwnCuecInput,
    OwnCuecSerializer,
    PartyChange,
    PartyInput,
    PartySerializer,
    ReportChange,
    ReportInput,
    ReportSerializer,
    ReviewInput,
    ReviewSerializer,
)

SCOPES = {"read": Permission.SCOPE_VIEW, "write": Permission.SCOPE_CHANGE}


class PartyFilter(filters.FilterSet):
    role = filters.ChoiceFilter(choices=Role.choices)
    method = filters.ChoiceFilter(choices=Method.choices)
    system = IdFilter(field_name="system_id")
    reviewer = IdFilter(field_name="reviewer_id")


class PartyEndpoint(Listed, Shown, Endpoint):
    """Third parties: vendors and subservice organisations, with what we use of them."""

    noun = "third parties"
    one = "a third party"
    queryset = Party.objects.select_related("system").prefetch_related(person("reviewer"))
    serializer_class = PartySerializer
    filterset_class = PartyFilter
    scopes = SCOPES
    inputs = {"create": PartyInput, "partial_update": PartyChange}

    def create(self, request: Request) -> Response:
        """Give a third party its role."""
        return self.answer(self.fresh(services.add_party(actor=self.actor, **self.input()).pk))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is known of a third party."""
        services.change_party(actor=self.actor, party=self.found(), **self.input())
        return self.answer(self.fresh(pk))


class ReviewFilter(filters.FilterSet):
    party = IdFilter(field_name="party_id")
    outcome = filters.ChoiceFilter(choices=Outcome.choices)


class ReviewEndpoint(Listed, Shown, Endpoint):
    """Our reviews of third parties, newest first. They only grow."""

    noun = "reviews of third parties"
    one = "a review of a third party"
    queryset = PartyReview.objects.all()
    serializer_class = ReviewSerializer
    filterset_class = ReviewFilter
    scopes = SCOPES
    inputs = {"create": ReviewInput}

    def create(self, request: Request) -> Response:
        """Record the review that is open: the one overdue, else the next.

        What was skipped before it is written down as skipped.
        """
        return self.answer(services.record_review(actor=self.actor, **self.input()))


class OfPartyFilter(filters.FilterSet):
    party = IdFilter(field_name="party_id")


class ExpectedControlEndpoint(Listed, Shown, Endpoint):
    """Controls that we take subservice organisations to have, and the criteria they bear on (DC 7)."""

    noun = "expected controls"
    one = "an expected control"
    queryset = ExpectedControl.objects.prefetch_related("bears_on__requirement")
    serializer_class = ExpectedControlSerializer
    filterset_class = OfPartyFilter
    scopes = SCOPES
    inputs = {"create": ExpectedControlInput, "partial_update": ExpectedControlChange}

    def create(self, request: Request) -> Response:
        """Expect a control of a party."""
        return self.answer(self.fresh(services.expect_control(actor=self.actor, **self.input()).pk))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Word it anew, or let it bear on other criteria."""
        expected = self.found()
        present = {"text": expected.text, "requirements": [each.requirement for each in expected.bears_on.all()]}
        services.change_expected_control(actor=self.actor, expected=expected, **(present | self.input()))
        return self.answer(self.fresh(pk))

    def destroy(self, request: Request, pk: str) -> Response:
        """We no longer expect it. The trail keeps what it said."""
        services.drop_expected_control(actor=self.actor, expected=self.found())
        return Response(status=204)


class ReportFilter(OfPartyFilter):
    kind = filters.ChoiceFilter(choices=ReportKind.choices)


class ReportEndpoint(Listed, Shown, Endpoint):
    """Reports and certificates of third parties."""

    noun = "reports of third parties"
    one = "a report of a third party"
    queryset = PartyReport.objects.all()
    serializer_class = ReportSerializer
    filterset_class = ReportFilter
    scopes = SCOPES
    inputs = {"create": ReportInput, "partial_update": ReportChange}

    def create(self, request: Request) -> Response:
        """Enter a report or certificate."""
        return self.answer(services.add_report(actor=self.actor, **self.input()))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Put right what a report says of itself."""
        return self.answer(services.change_report(actor=self.actor, report=self.found(), **self.input()))


class CarveOutFilter(filters.FilterSet):
    report = IdFilter(field_name="report_id")
    party = IdFilter(field_name="report__party_id")


class CarveOutEndpoint(Listed, Shown, Endpoint):
    """Organisations that third parties' reports carve out themselves."""

    noun = "carve-outs within reports"
    one = "a carve-out within a report"
    queryset = NestedCarveOut.objects.all()
    serializer_class = CarveOutSerializer
    filterset_class = CarveOutFilter
    scopes = SCOPES
    inputs = {"partial_update": CarveOutAnswer}

    def partial_update(self, request: Request, pk: str) -> Response:
        """Say how we deal with it."""
        nested = self.found()
        given = self.input()
        return self.answer(services.answer_carve_out(actor=self.actor, nested=nested, **given) if given else nested)


class LetterEndpoint(Listed, Shown, Endpoint):
    """Bridge letters: what the management of a third party says of the days after a report."""

    noun = "bridge letters"
    one = "a bridge letter"
    queryset = BridgeLetter.objects.all()
    serializer_class = LetterSerializer
    filterset_class = OfPartyFilter
    scopes = SCOPES
    inputs = {"create": LetterInput, "partial_update": LetterChange}

    def create(self, request: Request) -> Response:
        """Enter a bridge letter."""
        return self.answer(services.add_letter(actor=self.actor, **self.input()))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Put right what a letter says."""
        return self.answer(services.change_letter(actor=self.actor, letter=self.found(), **self.input()))


class OwnCuecFilter(filters.FilterSet):
    withdrawn = FlagFilter(field_name="withdrawn_on", lookup_expr="isnull", exclude=True)


class OwnCuecEndpoint(Listed, Shown, Endpoint):
    """Controls that our own report expects of customers (DC 6)."""

    noun = "controls that we expect of customers"
    one = "a control that we expect of customers"
    queryset = OwnUserEntityControl.objects.prefetch_related("bears_on__requirement")
    serializer_class = OwnCuecSerializer
    filterset_class = OwnCuecFilter
    scopes = SCOPES
    inputs = {"create": OwnCuecInput, "partial_update": OwnCuecInput, "withdraw": Nothing}

    def create(self, request: Request) -> Response:
        """Expect a control of customers."""
        return self.answer(self.fresh(services.add_own_cuec(actor=self.actor, **self.input()).pk))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Word it anew, or let it bear on other criteria."""
        own = self.found()
        present = {"text": own.text, "requirements": [each.requirement for each in own.bears_on.all()]}
        services.change_own_cuec(actor=self.actor, own=own, **(present | self.input()))
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Customers need no longer do it. It stays on record."""
        services.withdraw_own_cuec(actor=self.actor, own=self.found())
        return self.answer(self.fresh(pk))
