"""Evidence requests, as the API shows and takes them. A link is never shown: it is mailed."""

from __future__ import annotations

from rest_framework import serializers

from compliance.people.models import Membership
from compliance.web.serializers import Day, Input, Output, PersonBrief, Reference, Text
from evidence.models import EvidenceRequirement

from .models import Ask, AskState


class EvidenceAskSerializer(Output):
    """What is asked of whom by when. `version` is what was last handed in, under `/versions/`."""

    requirement = serializers.UUIDField(source="requirement_id")
    member = PersonBrief(allow_null=True)
    state = serializers.ChoiceField(choices=AskState.choices)
    version = serializers.UUIDField(source="version_id", allow_null=True)

    class Meta:
        model = Ask
        fields = [
            "id", "ref", "requirement", "member", "email", "name", "due_on", "note", "state", "reason", "version", "asked_by_name",
            "asked_at", "settled_at",
        ]  # fmt: skip


class EvidenceAskInput(Input):
    """Either a member, or the address and the name of somebody outside, who gets a link by mail."""

    requirement = Reference(EvidenceRequirement.objects.select_related("control"))
    member = Reference(Membership.objects.filter(ended_at__isnull=True), allow_null=True, required=False, default=None)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    name = Text(max_length=200, required=False, allow_blank=True, default="")
    due_on = Day()
    note = Text(max_length=5_000, required=False, allow_blank=True, default="")


class EvidenceAskAcceptInput(Input):
    """Approve what was handed in."""

    reason = Text(max_length=5_000, required=False, allow_blank=True, default="")
