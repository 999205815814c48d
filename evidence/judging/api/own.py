"""Checks of one's own, thresholds, and days that have passed, as the API takes and shows them."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import FlagFilter, IdFilter, WordFilter, filters
from compliance.web.problems import Conflict
from compliance.web.serializers import Choice, Day, Input, Nothing, Output, Reference, Text, Words
from controls.models import Control
from evidence.checks import catalogue
from evidence.checks.base import Severity
from evidence.checks.cel.asking import LONGEST
from evidence.collectors.models import Connection
from evidence.collectors.serializers import ConnectionBrief

from ..models import CustomCheck, CustomCheckVersion, LookBack, ThresholdSetting
from ..services import own as services
from ..services.hold_to import set_threshold
from ..services.look_back import begin_look_back
from ..tasks import look_back

_LONG = 5_000
_SEVERITIES = [(each.value, each.value) for each in Severity]
_EXAMPLE_OUTCOMES = [(each, each) for each in services.OUTCOMES]


class ExampleSerializer(serializers.Serializer):
    """A row, and what the check has to say of it."""

    row = serializers.DictField()
    outcome = serializers.ChoiceField(choices=_EXAMPLE_OUTCOMES)


class OwnCheckVersionSerializer(Output):
    """What a check of one's own asks."""

    severity = serializers.ChoiceField(choices=_SEVERITIES)
    criteria = serializers.ListField(child=serializers.CharField())
    annex_a = serializers.ListField(child=serializers.CharField())
    examples = ExampleSerializer(many=True)

    class Meta:
        model = CustomCheckVersion
        fields = [
            "number", "title", "fact_kind", "passes", "applies", "resource", "noun", "severity", "criteria", "annex_a", "why",
            "remedy", "examples", "written_by_name", "written_at",
        ]  # fmt: skip


class OwnCheckSerializer(Output):
    """A check of one's own with its newest version. `check` is its id among all checks."""

    check = serializers.CharField(source="check_id")
    newest = OwnCheckVersionSerializer()

    class Meta:
        model = CustomCheck
        fields = ["id", "slug", "check", "enabled", "created_at", "newest"]


class ExampleInput(Input):
    """A row, and what the check has to say of it."""

    row = serializers.DictField()
    outcome = Choice(choices=_EXAMPLE_OUTCOMES)


class ChangeOwnCheckInput(Input):
    """The next version: what is not named stays. Saved only where every example gives what it should."""

    title = Text(max_length=200)
    fact_kind = Text(max_length=80)
    passes = Text(max_length=LONGEST)
    applies = Text(max_length=LONGEST, required=False, allow_blank=True)
    resource = Text(max_length=LONGEST)
    noun = Text(max_length=60, required=False)
    severity = Choice(choices=_SEVERITIES)
    criteria = Words(most=40, longest=20, required=False)
    annex_a = Words(most=40, longest=20, required=False)
    why = Text(max_length=_LONG)
    remedy = Text(max_length=_LONG)
    examples = ExampleInput(many=True)


class WriteOwnCheckInput(ChangeOwnCheckInput):
    """A new check of one's own, and the examples that it has to meet."""

    slug = Text(max_length=60)


class OwnCheckFilter(filters.FilterSet):
    enabled = FlagFilter(field_name="enabled")


class OwnCheckEndpoint(Listed, Shown, Endpoint):
    """Checks that the organisation wrote itself."""

    noun = "checks of one's own"
    one = "a check of one's own"
    queryset = CustomCheck.objects.all()
    serializer_class = OwnCheckSerializer
    filterset_class = OwnCheckFilter
    ordering = ("slug", "id")
    scopes = {
        "read": Permission.EVIDENCE_VIEW, "write": Permission.CHECK_CHANGE, "enable": Permission.CHECK_CHANGE,
        "disable": Permission.CHECK_CHANGE,
    }  # fmt: skip
    inputs = {"create": WriteOwnCheckInput, "partial_update": ChangeOwnCheckInput, "enable": Nothing, "disable": Nothing}

    def get_queryset(self) -> QuerySet[CustomCheck]:
        newest = CustomCheckVersion.objects.order_by("custom_check_id", "-number").distinct("custom_check_id")
        return CustomCheck.objects.prefetch_related(Prefetch("versions", newest, to_attr="_newest"))

    def create(self, request: Request) -> Response:
        """Write one."""
        made = services.write_check(actor=self.actor, member=self.maker(), **_plain(self.input()))
        return self.answer(self.fresh(made.pk))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Write its next version."""
        given = _plain(self.input())
        services.change_check(actor=self.actor, member=self.maker(), own=self.found(), **given)
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def enable(self, request: Request, pk: str) -> Response:
        """Judge it again."""
        self.input()
        services.enable_check(actor=self.actor, own=self.found())
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def disable(self, request: Request, pk: str) -> Response:
        """Judge it no more. What it found stays."""
        self.input()
        services.disable_check(actor=self.actor, own=self.found())
        return self.answer(self.fresh(pk))


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    """The input as services take it."""
    if "examples" in given:
        given["examples"] = [{"row": dict(each["row"]), "outcome": each["outcome"]} for each in given["examples"]]
    return given


class ThresholdSettingSerializer(Output):
    """A threshold of a check as it was set. The newest of a name counts; `value` null is the default again."""

    check = serializers.CharField(source="check_id")
    control = serializers.UUIDField(source="control_id", allow_null=True)
    value = serializers.JSONField(allow_null=True)

    class Meta:
        model = ThresholdSetting
        fields = ["id", "check", "name", "value", "control", "reason", "set_by_name", "set_at"]


class ThresholdSettingInput(Input):
    """Hold a check to what the control states."""

    check = Text(max_length=80)
    name = Text(max_length=60)
    value = serializers.JSONField(allow_null=True)
    control = Reference(Control.objects.all(), required=False, allow_null=True, default=None)
    reason = Text(max_length=_LONG)


class ThresholdSettingFilter(filters.FilterSet):
    check = WordFilter(field_name="check_id")


class ThresholdSettingEndpoint(Listed, Shown, Endpoint):
    """What checks are held to, now and before."""

    noun = "thresholds"
    one = "a threshold"
    queryset = ThresholdSetting.objects.all()
    serializer_class = ThresholdSettingSerializer
    filterset_class = ThresholdSettingFilter
    scopes = {"read": Permission.EVIDENCE_VIEW, "write": Permission.CHECK_CHANGE}
    inputs = {"create": ThresholdSettingInput}

    def create(self, request: Request) -> Response:
        """Set one. What was judged before stays as it was judged."""
        given = self.input()
        check = catalogue.get(given.pop("check"))
        if check is None:
            raise serializers.ValidationError({"check": ["No check is called this."]})
        made = set_threshold(actor=self.actor, member=self.maker(), check=check, **given)
        return self.answer(self.fresh(made.pk))


class LookBackSerializer(Output):
    """A check judging the days before it first spoke on a connection. `reached`: the first day still to be judged."""

    check = serializers.CharField(source="check_id")
    connection = ConnectionBrief()

    class Meta:
        model = LookBack
        fields = [
            "id", "check", "check_version", "connection", "since", "before", "reached", "written", "asked_by_name", "asked_at",
            "finished_at",
        ]  # fmt: skip


class LookBackInput(Input):
    """Judge the past of a connection by a check; without a day since the observation period began."""

    check = Text(max_length=80)
    connection = Reference(Connection.objects.filter(retired_at__isnull=True))
    since = Day(required=False, allow_null=True, default=None)


class LookBackFilter(filters.FilterSet):
    check = WordFilter(field_name="check_id")
    connection = IdFilter(field_name="connection_id")
    finished = FlagFilter(field_name="finished_at", lookup_expr="isnull", exclude=True)


class LookBackEndpoint(Listed, Shown, Endpoint):
    """Checks judging days that have passed. What they write is marked as judged later."""

    noun = "look-backs"
    one = "a look-back"
    queryset = LookBack.objects.select_related("connection").defer("connection__secret")
    serializer_class = LookBackSerializer
    filterset_class = LookBackFilter
    scopes = {"read": Permission.EVIDENCE_VIEW, "write": Permission.CHECK_CHANGE}
    inputs = {"create": LookBackInput}

    def create(self, request: Request) -> Response:
        """Begin one. Answered as a conflict where the check has spoken of those days already."""
        given = self.input()
        begun = begin_look_back(
            actor=self.actor, connection=given["connection"], check_ids=[given["check"]], since=given["since"]
        )
        if not begun:
            raise Conflict("There is nothing before it first spoke, or it is being judged already.")
        look_back.delay(str(begun[0].organization_id), str(begun[0].pk))
        return self.answer(self.fresh(begun[0].pk))
