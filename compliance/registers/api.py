"""The scope register, its decisions, and the roster of workers."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint, person
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import FlagFilter, IdFilter, WordFilter, filters

from .models import Decision, Kind, ScopeDecision, System, Worker
from .serializers import (
    DecisionInput,
    DecisionSerializer,
    RecordedSerializer,
    RosterInput,
    SystemInput,
    SystemSerializer,
    WorkerSerializer,
)
from .services import add_system, change_system, decide_scope, record_workers


class SystemFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=Kind.choices)
    decision = filters.ChoiceFilter(choices=Decision.choices)
    external_id = WordFilter()
    owner = IdFilter(field_name="owner_id")
    service_account = FlagFilter()


class SystemEndpoint(Listed, Shown, Endpoint):
    """The scope register: systems, and whether each is in scope."""

    noun = "systems"
    one = "a system"
    queryset = System.objects.prefetch_related(person("owner"), "service_links")
    serializer_class = SystemSerializer
    filterset_class = SystemFilter
    scopes = {"read": Permission.SCOPE_VIEW, "write": Permission.SCOPE_CHANGE, "decide": Permission.SCOPE_DECIDE}
    inputs = {"create": SystemInput, "partial_update": SystemInput, "decide": DecisionInput}

    def create(self, request: Request) -> Response:
        """Enter a system by hand, undecided."""
        return self.answer(self.fresh(add_system(actor=self.actor, **self.input()).pk))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is known of a system."""
        system = change_system(actor=self.actor, system=self.found(), **self.input())
        return self.answer(self.fresh(system.pk))

    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Decide that a system is in or out of scope, and why.

        The decisions before stay on record.
        """
        system = self.found()
        decide_scope(actor=self.actor, system=system, **self.input())
        return self.answer(self.fresh(system.pk))


class DecisionEndpoint(Listed, Endpoint):
    """Every decision on one system, newest first."""

    noun = "decisions on a system"
    queryset = ScopeDecision.objects.all()
    serializer_class = DecisionSerializer
    scopes = {"read": Permission.SCOPE_VIEW}

    def get_queryset(self) -> QuerySet[ScopeDecision]:
        return ScopeDecision.objects.filter(system=self.above(System.objects.all(), "system"))


class WorkerFilter(filters.FilterSet):
    source = WordFilter()
    external_id = WordFilter()
    email = WordFilter(lookup_expr="iexact")
    left = FlagFilter(method="by_last_day", label="Whether their last day has passed.")

    def by_last_day(self, found: QuerySet[Worker], name: str, value: bool | None) -> QuerySet[Worker]:
        if value is None:
            return found
        passed = Q(end_date__lt=today(here().timezone))
        return found.filter(passed) if value else found.exclude(passed)


class WorkerEndpoint(Listed, Shown, Endpoint):
    """The people list that accounts are held against. A worker is no user: most never sign in here."""

    noun = "workers"
    one = "a worker"
    queryset = Worker.objects.all()
    serializer_class = WorkerSerializer
    filterset_class = WorkerFilter
    scopes = {"read": Permission.SCOPE_VIEW, "write": Permission.SCOPE_CHANGE}


class RosterEndpoint(Endpoint):
    """Taking in a people list."""

    noun = "workers"
    queryset = Worker.objects.all()
    scopes = {"write": Permission.SCOPE_CHANGE}
    inputs = {"take_in": RosterInput}
    outputs = {"take_in": RecordedSerializer}

    def take_in(self, request: Request) -> Response:
        """Bring the people list of one source up to date.

        By their `id` in the source new workers are added and known ones changed. Who is not in the list stays: only an
        `end_date` says that somebody has left.
        """
        roster: dict[str, Any] = self.input()
        return self.answer(record_workers(actor=self.actor, rows=roster["workers"], source=roster["source"]))
