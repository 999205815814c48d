"""Commitments, as the API shows and takes them."""

from __future__ import annotations

from uuid import UUID

from rest_framework import serializers

from compliance.frameworks.models import Requirement
from compliance.frameworks.serializers import RequirementBrief
from compliance.registers.models import Service
from compliance.web.serializers import Choice, Input, Output, Reference, Text

from .models import Commitment, Kind, Promise


class CommitmentSerializer(Output):
    """A promise to customers, or what the system must do to keep one, with the clause that says so."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    promise = serializers.ChoiceField(choices=Promise.choices)
    requirements = serializers.SerializerMethodField()

    services = serializers.SerializerMethodField()

    class Meta:
        model = Commitment
        fields = [
            "id", "ref", "kind", "promise", "text", "source", "requirements", "services", "withdrawn_on", "created_at"
        ]

    def get_requirements(self, row: Commitment) -> RequirementBrief(many=True):  # type: ignore[valid-type]
        return RequirementBrief([each.requirement for each in row.bears_on.all()], many=True).data

    def get_services(self, row: Commitment) -> list[UUID]:
        return [each.service_id for each in row.services.all()]


class CommitmentInput(Input):
    """A promise and where it stands written."""

    kind = Choice(choices=Kind.choices)
    promise = Choice(choices=Promise.choices)
    text = Text(max_length=10_000)
    source = Text(max_length=300)
    requirements = serializers.ListField(child=Reference(Requirement.objects.all()), max_length=60, required=False)
    services = serializers.ListField(
        child=Reference(Service.objects.all()), max_length=60, required=False, help_text="None: it is about all of them."
    )
