"""Descriptions and their versions, as the API shows and takes them."""

from __future__ import annotations

from rest_framework import serializers

from compliance.web.documents.markdown import LONGEST
from compliance.web.serializers import Choice, Input, Output, Text, Whole

from .models import Description, Section, Version
from .reading import present_sections
from .sections import CRITERIA


class DescriptionSectionSerializer(Output):
    """The text of one description criterion. `revision` counts its saves."""

    class Meta:
        model = Section
        fields = ["key", "text", "revision", "changed_by", "changed_at"]


class DescriptionSerializer(Output):
    """A system description, with the sections that were written."""

    programme = serializers.UUIDField(source="programme_id")
    sections = DescriptionSectionSerializer(many=True)

    class Meta:
        model = Description
        fields = ["id", "programme", "sections", "created_at"]


class DescriptionLacksSerializer(serializers.Serializer):
    """What each section still lacks, computed from its text and the registers. An empty list lacks nothing."""

    id = serializers.UUIDField()
    lacks = serializers.SerializerMethodField()

    def get_lacks(self, row: Description) -> dict[str, list[str]]:
        return {shown.criterion.key: [lack.text for lack in shown.lacks] for shown in present_sections(row)}


class DescriptionVersionSerializer(Output):
    """A version as it was kept. `lacks` counts what its sections lacked."""

    description = serializers.UUIDField(source="description_id")
    sections = serializers.ListField(child=serializers.DictField())
    lacks = serializers.IntegerField()
    approved_by = serializers.SerializerMethodField()
    approved_at = serializers.SerializerMethodField()

    class Meta:
        model = Version
        fields = [
            "id", "description", "number", "note", "sections", "lacks", "kept_by", "kept_at", "approved_by", "approved_at"
        ]

    def get_approved_by(self, row: Version) -> str | None:
        approval = getattr(row, "approval", None)
        return approval.approved_by_label if approval else None

    def get_approved_at(self, row: Version) -> serializers.DateTimeField(allow_null=True):  # type: ignore[valid-type]
        approval = getattr(row, "approval", None)
        return serializers.DateTimeField().to_representation(approval.approved_at) if approval else None


class DescriptionWriteInput(Input):
    """The text of a section, and the revision that it began from: 0 where nothing was written yet."""

    key = Choice(choices=[(criterion.key, criterion.title) for criterion in CRITERIA])
    text = Text(max_length=LONGEST, allow_blank=True, trim_whitespace=False)
    revision = Whole(min_value=0, max_value=2_000_000_000)


class DescriptionKeepInput(Input):
    """A version of what now stands."""

    note = Text(max_length=300, required=False, allow_blank=True)
