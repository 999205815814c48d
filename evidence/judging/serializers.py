"""Checks and what they found, as the API shows them."""

from __future__ import annotations

from rest_framework import serializers

from compliance.web.serializers import Output
from evidence.checks.base import Reason, Severity
from evidence.collectors.serializers import ConnectionBrief

from .models import OUTCOMES, CheckState, ResourceInterval

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
    counts = serializers.DictField(child=serializers.IntegerField())

    class Meta:
        model = CheckState
        fields = [
            "id", "connection", "check", "outcome", "reason", "message", "since", "judged_at", "facts_at", "counts",
            "check_version",
        ]  # fmt: skip


class IntervalSerializer(Output):
    """One resource's outcome of one check from one time to another. `ended_at` null: it still holds."""

    connection = ConnectionBrief()
    check = serializers.CharField(source="check_id")
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    reason = serializers.ChoiceField(choices=_REASONS, allow_blank=True)

    class Meta:
        model = ResourceInterval
        fields = [
            "id", "connection", "check", "resource", "outcome", "reason", "message", "started_at", "seen_until", "ended_at",
        ]  # fmt: skip
