"""Versions of controls, conclusions on their design and what stands in for them, as the API shows and takes them."""

from __future__ import annotations

from rest_framework import serializers

from compliance.registers.models import Service, System
from compliance.web.serializers import Day, Input, Output, Reference, Text, ThingBrief

from .models import Compensation, Control, ControlVersion, Design, DesignConclusion


class PlaceBrief(serializers.Serializer):
    """A system or a service, in short."""

    id = serializers.UUIDField()
    ref = serializers.CharField()
    name = serializers.CharField()


class ControlVersionSerializer(Output):
    """What a control stated from `valid_from` until the next version's. `changed` names what differs from the one before."""

    stated = serializers.DictField(help_text="The values as they were; people, systems and services by id and name.")
    changed = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = ControlVersion
        fields = ["id", "number", "valid_from", "stated", "changed", "reason", "made_by"]


class DesignConclusionSerializer(Output):
    """A conclusion on a control's design, and the number of the version that it speaks of."""

    design = serializers.ChoiceField(choices=Design.choices)
    version = serializers.IntegerField(source="version.number")

    class Meta:
        model = DesignConclusion
        fields = ["id", "design", "reason", "version", "concluded_by", "concluded_at"]


class CompensationSerializer(Output):
    """Another control that does the work of this one. Whether it operates is its own standing."""

    by = ThingBrief()

    class Meta:
        model = Compensation
        fields = ["id", "by", "reason", "starts_on", "ends_on", "end_reason", "made_by", "made_at"]


class CompensationInput(Input):
    """Which control stands in, since when, and how it does the work."""

    by = Reference(Control.objects.all())
    reason = Text(max_length=5_000)
    starts_on = Day()


class ApplyInput(Input):
    """Where the control applies. They take the place of those named before; no service means all of them."""

    systems = serializers.ListField(child=Reference(System.objects.all()), max_length=500)
    services = serializers.ListField(child=Reference(Service.objects.all()), max_length=100)
    reason = Text(max_length=2_000, allow_blank=True, required=False)
