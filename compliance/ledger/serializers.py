"""Incidents and changes, as the API shows and takes them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from compliance.registers.models import System
from compliance.web.serializers import Choice, Day, Flag, Input, Output, Reference, Text, Words

from .models import Change, ChangeKind, Disclosure, Incident

_ALL = ["disclosure", "disclosure_reason", "disclosure_by", "disclosure_at", "created_at"]


class _Entry(Output):
    disclosure = serializers.ChoiceField(choices=Disclosure.choices)
    systems = serializers.SerializerMethodField()

    def get_systems(self, row: Incident | Change) -> list[UUID]:
        return [each.system_id for each in row.touched.all()]


class IncidentSerializer(_Entry):
    """An incident: its nature, timing, extent and disposition, and whether the description tells it."""

    commitments = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Incident
        fields = [
            "id", "ref", "title", "nature", "started_on", "ended_on", "extent", "disposition", "from_controls",
            "broke_commitments", "commitments", "systems", *_ALL,
        ]  # fmt: skip


class BusinessChangeSerializer(_Entry):
    """A business change, and whether the description tells it."""

    kind = serializers.ChoiceField(choices=ChangeKind.choices)

    class Meta:
        model = Change
        fields = ["id", "ref", "kind", "title", "text", "happened_on", "systems", *_ALL]


class IncidentInput(Input):
    """What happened. Whether the description tells it is decided apart, with its reason."""

    title = Text(max_length=200)
    nature = Text(max_length=10_000)
    started_on = Day()
    ended_on = Day(required=False, allow_null=True, help_text="Null while it goes on.")
    extent = Text(max_length=10_000, required=False, allow_blank=True)
    disposition = Text(max_length=10_000, required=False, allow_blank=True)
    from_controls = Flag(required=False)
    broke_commitments = Flag(required=False)
    commitments = Words(required=False, help_text="References of commitments: `COM-001`.")
    systems = serializers.ListField(child=Reference(System.objects.all()), max_length=500, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("started_on") and attrs.get("ended_on") and attrs["ended_on"] < attrs["started_on"]:
            raise serializers.ValidationError({"ended_on": ["It ends before it began."]})
        return attrs


class BusinessChangeInput(Input):
    """What changed."""

    kind = Choice(choices=ChangeKind.choices)
    title = Text(max_length=200)
    happened_on = Day()
    text = Text(max_length=10_000, required=False, allow_blank=True)
    systems = serializers.ListField(child=Reference(System.objects.all()), max_length=500, required=False)


class DisclosureInput(Input):
    """Told or not, and why. An auditor reads the reason."""

    disclosure = Choice(choices=[(each.value, each.label) for each in (Disclosure.DISCLOSE, Disclosure.KEEP_OUT)])
    reason = Text(max_length=5_000)
