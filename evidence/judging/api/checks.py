"""The catalogue of checks, and what they found."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import FlagFilter, IdFilter, MomentFilter, WordFilter, filters
from evidence.checks import catalogue
from evidence.checks.base import Reason
from evidence.collectors.api import Catalogue
from evidence.collectors.models import SPEAKS, Connection
from evidence.collectors.registry import NAMES

from ..models import OUTCOMES, CheckState, ResourceInterval
from ..selectors_of_past import in_use_on, judge_day
from ..serializers import CheckResultSerializer, CheckSerializer, IntervalSerializer, JudgeDayInput, JudgedDaySerializer

_REASONS = [(reason.value, reason.value) for reason in Reason]
_VENDORS = [(name, name) for name in NAMES]


class CheckEndpoint(Catalogue):
    """Every check: what it asks, why, and how to put it right."""

    noun = "checks"
    one = "a check"
    serializer_class = CheckSerializer
    scopes = {"read": Permission.EVIDENCE_VIEW, "judge_day": Permission.EVIDENCE_VIEW}
    inputs = {"judge_day": JudgeDayInput}
    outputs = {"judge_day": JudgedDaySerializer}

    def entries(self) -> list[Any]:
        return catalogue.all_checks()

    @action(detail=True, methods=["post"], url_path="judge-day")
    def judge_day(self, request: Request, pk: str) -> Response:
        """What today's version gives on the facts of a past day: configuration as they show it, never that a review took
        place. Nothing is written."""
        given, found = self.input(), catalogue.get(pk)
        if found is None:
            raise NotFound
        if given["day"] > today(here().timezone):
            raise ValidationError({"day": ["That day has not come."]})
        connections = in_use_on(Connection.objects.filter(vendor=found.vendor).defer("secret").order_by("name"), given["day"])
        return self.answer({"check": found, "day": given["day"], "connections": judge_day(found, connections, given["day"])})


class CheckResultFilter(filters.FilterSet):
    connection = IdFilter(field_name="connection_id")
    vendor = filters.ChoiceFilter(choices=_VENDORS, field_name="connection__vendor")
    check = WordFilter(field_name="check_id")
    outcome = filters.ChoiceFilter(choices=OUTCOMES)
    reason = filters.ChoiceFilter(choices=_REASONS)


class CheckResultEndpoint(Listed, Shown, Endpoint):
    """Each check of each connection that is not retired, as last judged."""

    noun = "check results"
    one = "a check result"
    queryset = CheckState.objects.select_related("connection").defer("connection__secret")
    serializer_class = CheckResultSerializer
    filterset_class = CheckResultFilter
    ordering = ("check_id", "id")
    scopes = {"read": Permission.EVIDENCE_VIEW}

    def get_queryset(self) -> QuerySet[CheckState]:
        return self.queryset.filter(SPEAKS)


class IntervalFilter(filters.FilterSet):
    connection = IdFilter(field_name="connection_id")
    check = WordFilter(field_name="check_id")
    resource = WordFilter()
    outcome = filters.ChoiceFilter(choices=OUTCOMES)
    open = FlagFilter(field_name="ended_at", lookup_expr="isnull", label="Whether it still holds.")
    until = MomentFilter(field_name="started_at", lookup_expr="lt", label="It began before.")
    since = MomentFilter(field_name="seen_until", lookup_expr="gte", label="It was still seen then.")


class IntervalEndpoint(Listed, Shown, Endpoint):
    """What the checks found of each resource, over time: `since` and `until` cut out a span."""

    noun = "check intervals"
    one = "a check interval"
    queryset = ResourceInterval.objects.select_related("connection").defer("connection__secret")
    serializer_class = IntervalSerializer
    filterset_class = IntervalFilter
    ordering = ("-id",)
    scopes = {"read": Permission.EVIDENCE_VIEW}
