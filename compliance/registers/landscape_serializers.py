"""Services, data flows and data classes, as the API shows and takes them."""

from __future__ import annotations

from rest_framework import serializers

from compliance.people.models import Membership
from compliance.web.serializers import Choice, Flag, Input, Output, PersonBrief, Reference, Text, Words

from .models import DataClass, Direction, Flow, Service, System
from .serializers import SystemBrief


class ServiceSerializer(Output):
    """What customers get. One that has ended is not `active`, and stays."""

    owner = PersonBrief(allow_null=True)

    class Meta:
        model = Service
        fields = ["id", "ref", "name", "description", "owner", "active"]


class ServiceInput(Input):
    """What a service is."""

    name = Text(max_length=120)
    description = Text(max_length=10_000, allow_blank=True, required=False)
    owner = Reference(Membership.objects.filter(ended_at__isnull=True), allow_null=True, required=False)
    active = Flag(required=False)


class FlowSerializer(Output):
    """Data that goes from one entry of the register to another. `encrypted` is null until somebody has said."""

    source = SystemBrief()  # type: ignore[assignment]
    target = SystemBrief()
    data_classes = serializers.ListField(child=serializers.CharField())
    direction = serializers.ChoiceField(choices=Direction.choices)

    class Meta:
        model = Flow
        fields = ["id", "ref", "source", "target", "data_classes", "description", "direction", "encrypted"]


class FlowInput(Input):
    """From where, to where, what, and how."""

    source = Reference(System.objects.all())  # type: ignore[assignment]
    target = Reference(System.objects.all())
    data_classes = Words(required=False, help_text="Codes of data classes, shipped or of your own.")
    description = Text(max_length=10_000, allow_blank=True, required=False)
    direction = Choice(choices=Direction.choices, required=False)
    encrypted = Flag(allow_null=True, required=False)


class DataClassSerializer(Output):
    """A data class of the organisation's own. `code` is what systems and flows keep."""

    class Meta:
        model = DataClass
        fields = ["id", "code", "name"]


class DataClassInput(Input):
    """A name; the code comes of it."""

    name = Text(max_length=80)
