"""Scope warnings, as the API shows and decides on them."""

from __future__ import annotations

from rest_framework import serializers

from compliance.web.serializers import Day, Input, Output, Text

from .lines import place_of, why_of
from .models import ScopeWarning


class ScopeWarningSerializer(Output):
    """What a rule says of one thing: the reason, why an auditor would mind, what settles it, and where."""

    why = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    system = serializers.UUIDField(source="system_id", allow_null=True)
    programme = serializers.UUIDField(source="programme_id", allow_null=True)

    class Meta:
        model = ScopeWarning
        fields = [
            "id", "rule", "severity", "title", "subject", "reason", "why", "todo", "url", "system", "programme", "state",
            "first_raised_at", "raised_at", "gone_at",
        ]  # fmt: skip

    def get_why(self, row: ScopeWarning) -> str:
        return why_of(row)

    def get_url(self, row: ScopeWarning) -> str:
        return place_of(row)


class WarningDecisionInput(Input):
    """Why it may be left as it is, and the day on which it is looked at again."""

    reason = Text(max_length=5_000)
    review_on = Day(help_text="A day to come, within a year.")
