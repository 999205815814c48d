"""Gaps and the resources that show them, as the API shows and takes them."""

from __future__ import annotations

from rest_framework import serializers

from compliance.people.models import Membership
from compliance.web.serializers import Choice, Day, Input, Output, PersonBrief, Reference, Text, ThingBrief
from evidence.collectors.serializers import ConnectionBrief

from .models import Gap, GapState, Occurrence, Severity


class GapSerializer(Output):
    """One cause. `severity` is computed, `severity_in_force` is what an override made of it; `rank` is 1 for what fails
    an audit first, null once it is closed; `reasons` says why, in sentences."""

    connection = ConnectionBrief(allow_null=True)
    severity = serializers.ChoiceField(choices=Severity.choices)
    severity_override = serializers.ChoiceField(choices=Severity.choices, allow_blank=True)
    severity_in_force = serializers.ChoiceField(choices=Severity.choices, source="effective_severity")
    criteria = serializers.ListField(child=serializers.CharField())
    reasons = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(choices=GapState.choices)
    control = ThingBrief(allow_null=True)
    requirement = ThingBrief(allow_null=True, help_text="The evidence requirement that is not met.")
    owner = PersonBrief(allow_null=True)

    class Meta:
        model = Gap
        fields = [
            "id", "ref", "rule", "subject", "connection", "title", "cause", "remedy", "area", "criteria", "severity",
            "severity_override", "override_reason", "severity_in_force", "points", "rank", "reasons", "state", "control",
            "requirement", "owner", "due_date", "due_set_by_hand", "opened_at", "facts_at", "closed_at", "reopened_at",
            "reopened_times", "closing_note",
        ]  # fmt: skip


class GapChange(Input):
    """What people decide about a gap. Nothing here closes one: that is left to evidence."""

    owner = Reference(Membership.objects.filter(ended_at__isnull=True), required=False)
    due_date = Day(allow_null=True, required=False, help_text="Null goes back to the usual days for its severity.")
    severity_override = Choice(
        choices=Severity.choices, allow_blank=True, required=False, help_text="Empty goes back to what is computed."
    )
    override_reason = Text(max_length=5_000, allow_blank=True, required=False)


class OccurrenceSerializer(Output):
    """One resource of a gap. `gone_at` null: it still shows it."""

    class Meta:
        model = Occurrence
        fields = ["id", "resource", "message", "first_seen_at", "last_seen_at", "gone_at"]
