"""What carries over to a programme, as the API shows it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from compliance.frameworks.models import Relation, Requirement
from compliance.frameworks.serializers import RequirementBrief
from compliance.web.serializers import Input, Reference, Text, ThingBrief

from ..models import Control
from .proposals import Proposal, Stands


class ViaSerializer(serializers.Serializer):
    """Why a control is proposed: what it meets, and how that stands to the requirement in hand."""

    requirement = RequirementBrief()
    relation = serializers.ChoiceField(choices=Relation.choices)
    part = serializers.CharField()
    confidence = serializers.CharField()
    sources = serializers.ListField(child=serializers.CharField())


class ProposalSerializer(serializers.Serializer):
    """A control that may meet a requirement. Where it is not `proposed` it is a candidate."""

    control = ThingBrief()
    proposed = serializers.BooleanField(source="is_proposed")
    part = serializers.CharField(help_text="The part to begin with; a person says which it is.")
    via = ViaSerializer(many=True)


class ConfirmedSerializer(serializers.Serializer):
    """A mapping that counts. An empty part stands for all of the requirement."""

    id = serializers.UUIDField()
    control = ThingBrief()
    part = serializers.CharField()


class CarriedSerializer(serializers.Serializer):
    """One requirement of the programme."""

    requirement = RequirementBrief()
    stands = serializers.ChoiceField(choices=[(each.value, each.value) for each in Stands])
    confirmed = ConfirmedSerializer(many=True)
    proposals = serializers.SerializerMethodField()

    @extend_schema_field(ProposalSerializer(many=True))
    def get_proposals(self, carried: Any) -> list[dict[str, Any]]:
        found: list[Proposal] = list(carried.proposals)
        shown: list[dict[str, Any]] = ProposalSerializer(found, many=True).data
        return shown


class CarriedInFull(serializers.Serializer):
    """What carries over: `confirmed`, `proposed`, `candidate` and `open` add up to `asked`. Only `confirmed` counts."""

    asked = serializers.IntegerField()
    confirmed = serializers.IntegerField()
    proposed = serializers.IntegerField()
    candidate = serializers.IntegerField()
    open = serializers.IntegerField()
    requirements = CarriedSerializer(many=True)


class _Pair(Input):
    control = Reference(Control.objects.all())
    requirement = Reference(Requirement.objects.all())


class ConfirmedPair(_Pair):
    """A proposal with the part that the control meets."""

    part = Text(max_length=300, help_text="`All of it`, or which part.")


class DismissedPair(_Pair):
    """A proposal that does not hold."""


class ConfirmInput(Input):
    """Proposals to be confirmed, all or none."""

    proposals = ConfirmedPair(many=True, allow_empty=False, max_length=500)


class DismissInput(Input):
    """Proposals to be dismissed, with the reason."""

    proposals = DismissedPair(many=True, allow_empty=False, max_length=500)
    reason = Text(max_length=5_000)
