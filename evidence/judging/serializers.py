"""Checks and what they found, as the API shows them."""

from __future__ import annotations

from rest_framework import serializers

from compliance.web.serializers import Day, Input, Output
from evidence.checks.base import Reason, Severity
from evidence.collectors.serializers import ConnectionBrief, InWords

from .models import OUTCOMES, CheckState, ResourceInterval
from .selectors_of_past import DayJudged, worst_first

_REASONS = [(reason.value, reason.value.replace("_", " ")) for reason in Reason]


class CheckSerializer(serializers.Serializer):
    """A check: a pure function of stored facts, and what it bears on. One of a population lists; it never passes by
    existing."""

    id = serializers.CharField()
    vendor = serializers.CharField()
    title = serializers.CharField()
    resource = serializers.CharField(help_text="What it judges one by one.")
    severity = serializers.ChoiceField(choices=[(each.value, each.value) for each in Severity])
    criteria = serializers.ListField(child=serializers.CharField(), help_text="SOC 2.")
    annex_a = serializers.ListField(child=serializers.CharField(), help_text="ISO/IEC 27001:2022, Annex A.")
    facts = serializers.ListField(child=serializers.CharField())
    why = serializers.CharField()
    remedy = serializers.CharField()
    population = serializers.BooleanField()
    version = serializers.IntegerField()
    thresholds = serializers.DictField()


class CheckResultSerializer(Output):
    """A check on a connection, in sum over its resources. `unknown` is never a pass: `reason` says why."""

    connection = ConnectionBrief()
    check = serializers.CharField(source="check_id")
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    reason = serializers.ChoiceField(choices=_REASONS, allow_blank=True)
    message = InWords()
    counts = serializers.DictField(child=serializers.IntegerField())

    class Meta:
        model = CheckState
        fields = [
            "id", "connection", "check", "outcome", "reason", "message", "since", "judged_at", "facts_at", "counts",
            "check_version",
        ]  # fmt: skip


class IntervalSerializer(Output):
    """One resource's outcome of one check from one time to another. `ended_at` null: it still holds. `judged_later`: the
    facts of those days, judged by a check that was not there on them."""

    connection = ConnectionBrief()
    check = serializers.CharField(source="check_id")
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    reason = serializers.ChoiceField(choices=_REASONS, allow_blank=True)
    message = InWords()

    class Meta:
        model = ResourceInterval
        fields = [
            "id", "connection", "check", "resource", "outcome", "reason", "message", "started_at", "seen_until", "ended_at",
            "judged_later", "check_version",
        ]  # fmt: skip


class JudgeDayInput(Input):
    """A day that has passed, in the organisation's time zone."""

    day = Day()


class FindingSerializer(serializers.Serializer):
    """What a check gives for one resource."""

    resource = serializers.CharField()
    outcome = serializers.CharField(source="outcome.value")
    reason = serializers.CharField(source="reason.value", default="", allow_blank=True)
    message = InWords()


class JudgedConnectionSerializer(serializers.Serializer):
    """One connection on that day. `outcome` null: nothing that the check reads was collected by then."""

    connection = ConnectionBrief()
    outcome = serializers.CharField(source="outcome.value", default=None, allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    findings = serializers.SerializerMethodField()
    versions = serializers.SerializerMethodField(help_text="The stored version of each kind that was read.")

    def get_findings(self, judged: DayJudged) -> list[dict[str, str]]:
        return list(FindingSerializer(worst_first(judged.findings)[:500], many=True).data)

    def get_versions(self, judged: DayJudged) -> dict[str, str]:
        return {kind: str(look.version_id) for kind, look in judged.looks.items() if look.version_id}


class JudgedDaySerializer(serializers.Serializer):
    """A past day judged again. It proves configuration then, never that a review took place."""

    check = serializers.CharField(source="check.id")
    check_version = serializers.IntegerField(source="check.version")
    day = serializers.DateField()
    connections = JudgedConnectionSerializer(many=True)
