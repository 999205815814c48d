"""Controls, what they are mapped to and how they stand, as the API shows and takes them."""

from __future__ import annotations

from rest_framework import serializers

from compliance.frameworks.models import Requirement
from compliance.frameworks.serializers import RequirementBrief
from compliance.people.models import Membership
from compliance.web.serializers import Choice, Day, Flag, Input, Output, PersonBrief, Reference, Text

from .models import Control, Design, Frequency, Implementation, Mapping, Standing
from .serializers_of_history import PlaceBrief

NATURES = ["manual", "automated"]
KINDS = ["preventive", "detective", "corrective"]
TESTS = ["inquiry", "observation", "inspection", "reperformance"]
OPERATIONS = ["pass", "fail", "unknown", "excepted", "not_observed", "not_applicable"]


class TestSerializer(serializers.Serializer):
    """One way to test a control."""

    type = serializers.CharField()
    text = serializers.CharField()


class MappingSerializer(Output):
    """A requirement that the control meets, or the named part of it."""

    requirement = RequirementBrief()

    class Meta:
        model = Mapping
        fields = ["id", "requirement", "part"]


class StandingSerializer(Output):
    """What evidence, checks and gaps say of a control. `missing` names what keeps it from being auditable."""

    evidence_counts = serializers.DictField(child=serializers.IntegerField())
    operation_counts = serializers.DictField(child=serializers.IntegerField())
    missing = serializers.ListField(child=serializers.CharField())
    coverage = serializers.DictField()

    class Meta:
        model = Standing
        fields = [
            "evidence", "evidence_counts", "operation", "operation_counts", "missing", "unapproved", "checks", "coverage",
            "last_evidence_at", "last_review_at", "assessed", "open_gaps", "worst_gap", "top_gap_ref", "top_gap_id", "updated_at",
        ]  # fmt: skip


class ControlSerializer(Output):
    """A control as stated, concluded on, and standing. `standing` is null until it was first looked at."""

    owner = PersonBrief(allow_null=True)
    frequency = serializers.ChoiceField(choices=Frequency.choices, allow_blank=True)
    implementation = serializers.ChoiceField(choices=Implementation.choices)
    design = serializers.ChoiceField(choices=Design.choices)
    design_by = PersonBrief(allow_null=True)
    test_procedures = TestSerializer(many=True)
    mappings = MappingSerializer(many=True, source="mapped")
    systems = PlaceBrief(many=True, source="placed_on", help_text="Where it operates; empty: on no system in particular.")
    services = PlaceBrief(many=True, source="placed_for", help_text="What it applies to; empty: all services.")
    standing = StandingSerializer(allow_null=True)

    class Meta:
        model = Control
        fields = [
            "id", "ref", "title", "statement", "area", "owner", "owner_role", "frequency", "nature", "kind", "key",
            "tested_by_sample", "population", "population_confirmed_by", "population_confirmed_at", "population_note",
            "test_procedures", "implementation", "design", "design_reason", "design_by", "design_at", "starts_on",
            "starter_key", "created_at", "mappings", "systems", "services", "standing",
        ]  # fmt: skip


class TestInput(Input):
    """One way to test a control. Asking alone proves nothing."""

    type = Choice(choices=TESTS)
    text = Text(max_length=5_000)


class ControlChange(Input):
    """What a control states. A changed statement, frequency, nature or kind has to be concluded on anew."""

    title = Text(max_length=200)
    statement = Text(max_length=10_000)
    area = Text(max_length=60, allow_blank=True, required=False)
    owner = Reference(Membership.objects.filter(ended_at__isnull=True), allow_null=True, required=False)
    owner_role = Text(
        max_length=120, allow_blank=True, required=False, help_text="Who should own it, until one is named."
    )
    frequency = Choice(choices=Frequency.choices, allow_blank=True, required=False)
    nature = Choice(choices=NATURES, required=False)
    kind = Choice(choices=KINDS, required=False)
    key = Flag(required=False)
    tested_by_sample = Flag(required=False)
    population = Text(max_length=200, allow_blank=True, required=False)
    test_procedures = TestInput(many=True, required=False, max_length=50)
    implementation = Choice(
        choices=[(value, label) for value, label in Implementation.choices if value != Implementation.RETIRED],
        required=False,
    )
    starts_on = Day(
        allow_null=True, required=False,
        help_text="Since when it operates: intervals are expected from then. Said later, it takes back no day since it was made.",
    )  # fmt: skip


class ControlEdit(ControlChange):
    """A change of what a control states, and why."""

    reason = Text(max_length=2_000, allow_blank=True, required=False, help_text="Stands with the version that it makes.")


class ControlInput(ControlChange):
    """A control of one's own."""

    ref = serializers.RegexField(
        r"^[A-Z][A-Z0-9]{0,5}-[0-9]{1,4}$",
        max_length=12,
        help_text="Capital letters, a hyphen and a number: `AC-07`. It stays.",
    )


class ConclusionInput(Input):
    """Whether the control, operating as stated, would meet what it is mapped to, and what that rests on."""

    design = Choice(choices=[(value, label) for value, label in Design.choices if value != Design.NOT_ASSESSED])
    reason = Text(max_length=5_000)


class PopulationInput(Input):
    """How the completeness of the population was seen."""

    note = Text(max_length=5_000)


class MappingInput(Input):
    """A requirement that the control meets, or the part of it that it meets."""

    requirement = Reference(Requirement.objects.all())
    part = Text(max_length=300, allow_blank=True, required=False)
