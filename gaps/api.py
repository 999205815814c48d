"""The gap register."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import ContainsFilter, FlagFilter, IdFilter, WordFilter, filters
from compliance.web.serializers import Nothing

from .models import RANK_ORDER, Gap, GapControl, GapState, Occurrence, Severity
from .selectors import STANDING
from .serializers import GapChange, GapSerializer, OccurrenceSerializer
from .services.change import assign_gap, override_severity, set_due_date, start_gap

#: Where what has no date stands: after everything that has.
_LAST_DAY = date(9999, 12, 31)


class GapFilter(filters.FilterSet):
    ref = WordFilter()
    state = filters.ChoiceFilter(choices=GapState.choices)
    open = FlagFilter(method="standing", label="Not closed: open, or being put right.")
    severity = filters.ChoiceFilter(choices=Severity.choices, method="in_force", label="The one in force.")
    area = WordFilter()
    rule = WordFilter()
    owner = IdFilter(field_name="owner_id")
    unowned = FlagFilter(field_name="owner_id", lookup_expr="isnull")
    control = IdFilter(method="bearing_on", label="Gaps that bear on this control.")
    connection = IdFilter(field_name="connection_id")
    criterion = ContainsFilter(field_name="criteria")
    due_before = filters.DateFilter(field_name="due_date", lookup_expr="lt")

    def standing(self, found: QuerySet[Gap], name: str, value: bool | None) -> QuerySet[Gap]:
        if value is None:
            return found
        return found.filter(state__in=STANDING) if value else found.exclude(state__in=STANDING)

    def in_force(self, found: QuerySet[Gap], name: str, value: str) -> QuerySet[Gap]:
        return found.filter(Q(severity_override=value) | Q(severity_override="", severity=value))

    def bearing_on(self, found: QuerySet[Gap], name: str, value: Any) -> QuerySet[Gap]:
        return found.filter(pk__in=GapControl.objects.filter(control_id=value).values("gap_id"))


_SHOWN = (
    *(field.attname for field in Gap._meta.concrete_fields), "owner__name", "control__ref", "control__title",
    "requirement__ref", "requirement__title", "connection__slug", "connection__vendor", "connection__name",
)  # fmt: skip


class GapEndpoint(Listed, Shown, Endpoint):
    """Gaps: one a cause. `?ordering=rank` puts what fails an audit first before the rest, and what is closed last."""

    noun = "gaps"
    one = "a gap"
    queryset = Gap.objects.all()
    serializer_class = GapSerializer
    filterset_class = GapFilter
    ordering = ("-id",)
    orderings = {"rank": ("rank_order", "id"), "due_date": ("due_order", "id"), "opened_at": ("opened_at", "id")}
    scopes = {"read": Permission.GAP_VIEW, "write": Permission.GAP_CHANGE}
    inputs = {"partial_update": GapChange, "start": Nothing}

    def get_queryset(self) -> QuerySet[Gap]:
        found = Gap.objects.select_related("owner", "control", "requirement", "connection").only(*_SHOWN)
        return found.annotate(rank_order=RANK_ORDER, due_order=Coalesce(F("due_date"), Value(_LAST_DAY)))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Name who puts it right, by when, or put another severity into force.

        The computed severity stays beside an override, which needs a reason.
        """
        gap, given = self.found(), self.input()
        if "owner" in given:
            assign_gap(actor=self.actor, gap=gap, owner=given["owner"])
        if "due_date" in given:
            set_due_date(actor=self.actor, gap=gap, due_date=given["due_date"])
        if "severity_override" in given:
            reason = given.get("override_reason", "")
            override_severity(actor=self.actor, gap=gap, severity=given["severity_override"], reason=reason)
        elif "override_reason" in given:
            raise ValidationError({"override_reason": ["Send it with the severity_override that it is the reason of."]})
        return self.answer(self.fresh(gap.pk))

    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Say that somebody is putting it right."""
        self.input()
        return self.answer(self.fresh(start_gap(actor=self.actor, gap=self.found()).pk))


class OccurrenceFilter(filters.FilterSet):
    gone = FlagFilter(field_name="gone_at", lookup_expr="isnull", exclude=True)


class OccurrenceEndpoint(Listed, Endpoint):
    """The resources of one gap: 400 open buckets are one gap that names each."""

    noun = "resources of a gap"
    queryset = Occurrence.objects.all()
    serializer_class = OccurrenceSerializer
    filterset_class = OccurrenceFilter
    scopes = {"read": Permission.GAP_VIEW}
    ordering = ("id",)

    def get_queryset(self) -> QuerySet[Occurrence]:
        return Occurrence.objects.filter(gap=self.above(Gap.objects.all(), "gap"))
