"""The boundary as the API shows it: nodes and edges, as any drawing program takes them."""

from __future__ import annotations

from rest_framework import serializers

from compliance.programmes.models import Programme
from compliance.registers.models import Decision, Direction, Kind, Service
from compliance.web.serializers import Input, Reference, Text

from .landscape import Place


class BoundaryNodeSerializer(serializers.Serializer):
    """A system of the register. `place` says where it stands: `inside` the boundary; a third `party`, outside it;
    `beside`, in scope for other services than were asked for; `out` of scope."""

    id = serializers.UUIDField(source="key")
    ref = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    environment = serializers.CharField(help_text="Empty where none is said: counts as production.")
    place = serializers.ChoiceField(choices=[(place.value, place.name.capitalize()) for place in Place])
    decision = serializers.ChoiceField(choices=Decision.choices, help_text="Undecided counts as in scope.")
    data_classes = serializers.ListField(child=serializers.CharField(), source="holds")
    services = serializers.ListField(child=serializers.CharField(), help_text="Names. None: it serves them all.")


class BoundaryEdgeSerializer(serializers.Serializer):
    """A data flow between two nodes. `crosses` says whether one end is inside the boundary and one is not."""

    id = serializers.UUIDField(source="key")
    ref = serializers.CharField()
    source = serializers.UUIDField(help_text="The id of a node.")  # type: ignore[assignment]
    target = serializers.UUIDField(help_text="The id of a node.")
    data_classes = serializers.ListField(child=serializers.CharField(), source="carries")
    direction = serializers.ChoiceField(choices=Direction.choices)
    encrypted = serializers.BooleanField(allow_null=True, help_text="Null until somebody has said.")
    crosses = serializers.BooleanField()


class BoundarySerializer(serializers.Serializer):
    """What the boundary diagram shows. `left_out` counts systems and flows beyond the first 2,000 of each."""

    summary = serializers.CharField()
    nodes = BoundaryNodeSerializer(many=True)
    edges = BoundaryEdgeSerializer(many=True)
    left_out = serializers.IntegerField()


class BoundaryQuery(Input):
    """What the boundary is narrowed to."""

    programme = Reference(Programme.objects.all(), required=False)
    service = Reference(Service.objects.all(), required=False)
    environment = Text(max_length=40, required=False)
