"""Programmes with their phases, as the API shows and takes them."""

from __future__ import annotations

from uuid import UUID

from rest_framework import serializers

from compliance.frameworks.models import Framework, Requirement
from compliance.web.serializers import Choice, Day, Input, Output, Reference, Text, Whole

from .kinds import CATEGORIES
from .models import PciParty, PciReport, Phase, PhaseKind, Programme, ProgrammeKind


class FrameworkBrief(serializers.Serializer):
    """A framework, in short."""

    id = serializers.UUIDField()
    key = serializers.CharField()
    version = serializers.CharField()
    short_title = serializers.CharField()


class PhaseSerializer(Output):
    """One of the five phases, with its planned days."""

    kind = serializers.ChoiceField(choices=PhaseKind.choices)

    class Meta:
        model = Phase
        fields = ["kind", "starts_on", "ends_on"]


class ProgrammeSerializer(Output):
    """One certification effort. `not_relevant` maps the ref of a criterion that was left out to the reason."""

    kind = serializers.ChoiceField(choices=ProgrammeKind.choices)
    framework = FrameworkBrief()
    categories = serializers.ListField(child=serializers.CharField())
    not_relevant = serializers.DictField(child=serializers.CharField())
    phases = PhaseSerializer(many=True)
    pci_party = serializers.ChoiceField(choices=PciParty.choices, allow_blank=True)
    pci_report = serializers.ChoiceField(choices=PciReport.choices, allow_blank=True)
    services = serializers.SerializerMethodField(help_text="The ids of those that it covers; none means all.")

    def get_services(self, programme: Programme) -> list[UUID]:
        return [each.service_id for each in programme.covered.all()]

    class Meta:
        model = Programme
        fields = [
            "id", "name", "kind", "framework", "categories", "not_relevant", "as_of", "period_start", "period_end",
            "fieldwork_start", "fieldwork_end", "pci_party", "pci_level", "pci_report", "services", "closed_at", "created_at", "phases",
        ]  # fmt: skip


class ProgrammeChange(Input):
    """Name, options and dates of a programme."""

    name = Text(max_length=200)
    categories = serializers.ListField(
        child=Choice(choices=CATEGORIES), max_length=len(CATEGORIES), required=False,
        help_text="SOC 2 only, beyond the common criteria, which always apply.",
    )  # fmt: skip
    as_of = Day(allow_null=True, required=False, help_text="The day that a Type I speaks of.")
    period_start = Day(allow_null=True, required=False, help_text="The observation period of a Type II.")
    period_end = Day(allow_null=True, required=False)
    fieldwork_start = Day(allow_null=True, required=False, help_text="When the auditor comes; all is counted back from it.")
    fieldwork_end = Day(allow_null=True, required=False)
    pci_party = Choice(choices=PciParty.choices, required=False, allow_blank=True, help_text="PCI DSS only.")
    pci_level = Whole(min_value=1, max_value=4, allow_null=True, required=False, help_text="PCI DSS only.")
    pci_report = Choice(choices=PciReport.choices, required=False, allow_blank=True, help_text="PCI DSS only.")


class ProgrammeInput(ProgrammeChange):
    """A new programme."""

    kind = Choice(choices=ProgrammeKind.choices)
    framework = Reference(Framework.objects.all())


class LeaveOutInput(Input):
    """A criterion that does not apply, and why. An auditor reads the reason."""

    requirement = Reference(Requirement.objects.all())
    reason = Text(max_length=10_000)


class TakeInInput(Input):
    """A criterion that applies after all."""

    requirement = Reference(Requirement.objects.all())
