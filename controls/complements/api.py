"""What third parties' reports expect of us, and which of our controls do it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.parties.models import PartyReport, UserEntityControl
from compliance.parties.services import add_cuecs
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import FlagFilter, IdFilter, filters
from compliance.web.serializers import Input, Output, Reference, Text, ThingBrief
from controls.models import Control

from .models import Complement
from .selectors import complements_of
from .services import map_cuec


class CuecSerializer(Output):
    """A control that a report takes us to run. It waits while `controls` and `not_applicable` are both empty."""

    report = serializers.UUIDField(source="report_id")
    controls = serializers.SerializerMethodField()

    class Meta:
        model = UserEntityControl
        fields = ["id", "report", "number", "text", "controls", "not_applicable", "decided_by", "decided_at"]

    def get_controls(self, row: UserEntityControl) -> ThingBrief(many=True):  # type: ignore[valid-type]
        mapped = row.mapped if hasattr(row, "mapped") else complements_of([row]).get(row.pk, [])
        return ThingBrief([each.control for each in mapped], many=True).data


class CuecInput(Input):
    """A control that a report takes us to run."""

    report = Reference(PartyReport.objects.all())
    number = Text(max_length=20, allow_blank=True, required=False)
    text = Text(max_length=10_000)


class MapInput(Input):
    """The controls of ours that do it, or why it is not applicable to us; never both. With neither it waits again."""

    controls = serializers.ListField(child=Reference(Control.objects.all()), max_length=30, required=False)
    not_applicable = Text(max_length=2_000, allow_blank=True, required=False)


class CuecFilter(filters.FilterSet):
    report = IdFilter(field_name="report_id")
    party = IdFilter(field_name="report__party_id")
    waiting = FlagFilter(method="by_waiting", label="Whether nobody has mapped it yet.")

    def by_waiting(self, found: QuerySet[UserEntityControl], name: str, value: bool | None) -> QuerySet[UserEntityControl]:
        if value is None:
            return found
        found = found.annotate(is_mapped=Exists(Complement.objects.filter(cuec=OuterRef("pk"))))
        waiting = found.filter(is_mapped=False, not_applicable="")
        return waiting if value else found.exclude(is_mapped=False, not_applicable="")


class CuecEndpoint(Listed, Shown, Endpoint):
    """Complementary user entity controls of third parties' reports, and the controls of ours that do them."""

    noun = "user entity controls"
    one = "a user entity control"
    queryset = UserEntityControl.objects.all()
    serializer_class = CuecSerializer
    filterset_class = CuecFilter
    scopes = {"read": Permission.CONTROL_VIEW, "write": Permission.CONTROL_CHANGE}
    inputs = {"create": CuecInput, "map_to_controls": MapInput}

    def furnish(self, rows: list[UserEntityControl]) -> None:
        """All that a page's rows are mapped to, in one query."""
        mapped = complements_of(rows)
        for row in rows:
            row.mapped = mapped.get(row.pk, [])  # type: ignore[attr-defined]

    def create(self, request: Request) -> Response:
        """Enter a control that a report takes us to run."""
        asked = self.input()
        rows = [(asked.get("number", ""), asked["text"])]
        return self.answer(add_cuecs(actor=self.actor, report=asked["report"], rows=rows)[0])

    @action(detail=True, methods=["post"], url_path="map")
    def map_to_controls(self, request: Request, pk: str) -> Response:
        """Say which controls of ours do it, or why it is not applicable."""
        asked = self.input()
        map_cuec(
            actor=self.actor, cuec=self.found(), controls=asked.get("controls", []),
            not_applicable=asked.get("not_applicable", ""),
        )  # fmt: skip
        return self.answer(self.fresh(pk))
