"""Frameworks, what they ask, and how they relate, as the API shows them."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from rest_framework import serializers

from compliance.web.serializers import Flag, Input, Output, Reference, Text

from .coverage import Cover
from .intake.safe import MOST_BYTES
from .models import Crosswalk, Framework, Relation, Requirement
from .selectors import own_frameworks


class FrameworkSerializer(Output):
    """One version of one framework. Readiness is a percentage only where `all_clauses_loaded`."""

    levels = serializers.ListField(child=serializers.CharField())
    requirements = serializers.IntegerField(source="rows", help_text="How many entries it has.")
    assessable = serializers.IntegerField(help_text="How many of them are assessed.")

    class Meta:
        model = Framework
        fields = [
            "id", "key", "version", "title", "short_title", "publisher", "licence_note", "levels", "all_clauses_loaded",
            "requirements", "assessable",
        ]  # fmt: skip


class RequirementSerializer(Output):
    """A criterion, clause, control or subcategory, in the publisher's order by `position`."""

    framework = serializers.UUIDField(source="framework_id")
    parent = serializers.UUIDField(source="parent_id", allow_null=True)
    frequency = serializers.DictField()
    attributes = serializers.DictField()

    class Meta:
        model = Requirement
        fields = [
            "id", "framework", "ref", "parent", "position", "level", "assessable", "title", "text", "category", "series",
            "theme", "frequency", "attributes",
        ]  # fmt: skip


class RequirementBrief(serializers.Serializer):
    """A requirement, in short."""

    id = serializers.UUIDField()
    framework = serializers.UUIDField(source="framework_id")
    ref = serializers.CharField()
    title = serializers.CharField()


class CrosswalkSerializer(Output):
    """How `source` relates to `target`: it is equal, a subset, a superset, or intersects."""

    source = RequirementBrief()
    target = RequirementBrief()
    relation = serializers.ChoiceField(choices=Relation.choices)
    sources = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Crosswalk
        fields = ["id", "source", "target", "relation", "confidence", "sources"]


class OwnFrameworkSerializer(Output):
    """A framework of the organisation's own: written here, or imported."""

    class Meta:
        model = Framework
        fields = [
            "id", "key", "version", "title", "short_title", "publisher", "licence_note", "written_here", "follows", "loaded_at",
        ]  # fmt: skip


class OwnFrameworkChange(Input):
    """What the head of a framework says. Only one that was written here can be changed."""

    title = Text(max_length=200)
    short_title = Text(max_length=120, required=False)
    publisher = Text(max_length=200, allow_blank=True, required=False)
    licence_note = Text(max_length=5_000, allow_blank=True, required=False)


class OwnFrameworkInput(OwnFrameworkChange):
    """A framework to be written."""

    version = Text(max_length=80, required=False, help_text="`1` where it is not said.")


class OwnRequirementSerializer(RequirementSerializer):
    """A requirement of an own framework."""


class OwnRequirementChange(Input):
    """A requirement of a framework that was written here."""

    ref = Text(max_length=200)
    title = Text(max_length=500)
    text = Text(max_length=50_000, allow_blank=True, required=False)
    parent = Reference(Requirement.objects.filter(framework__in=own_frameworks()), allow_null=True, required=False)
    level = Text(max_length=120, allow_blank=True, required=False)
    assessable = Flag(required=False)
    category = Text(max_length=120, allow_blank=True, required=False)


class OwnRequirementInput(OwnRequirementChange):
    """A requirement to be added, the last below its parent."""

    framework = Reference(own_frameworks())


class ImportInput(Input):
    """A file of frameworks, with what is said beside it."""

    file = serializers.FileField(
        max_length=255, help_text="A CISO Assistant library, an OSCAL catalogue or profile, CSV or XLSX; up to 12 MB."
    )
    key = serializers.SlugField(max_length=60, required=False)
    title = Text(max_length=200, required=False)
    version = Text(max_length=80, required=False)

    def validate_file(self, file: UploadedFile) -> UploadedFile:
        if (file.size or 0) > MOST_BYTES:
            raise serializers.ValidationError(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB.")
        return file


class SkippedSerializer(serializers.Serializer):
    """A mapping of which an end is not there."""

    source = serializers.CharField()
    target = serializers.CharField()
    why = serializers.CharField()


class RelatedSerializer(serializers.Serializer):
    """What became of a set of mappings; `known` were related before."""

    name = serializers.CharField()
    loaded = serializers.IntegerField()
    known = serializers.IntegerField()
    unresolved = SkippedSerializer(many=True)


class ImportedFramework(serializers.Serializer):
    """A framework of the file."""

    id = serializers.UUIDField()
    key = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    requirements = serializers.IntegerField()
    assessable = serializers.IntegerField()
    points_of_focus = serializers.IntegerField()
    follows = serializers.UUIDField(allow_null=True)


class ImportedSerializer(serializers.Serializer):
    """What became of a file: `unchanged` is there already, word for word."""

    status = serializers.ChoiceField(choices=["loaded", "unchanged"])
    format = serializers.CharField()
    title = serializers.CharField()
    notes = serializers.ListField(child=serializers.CharField())
    frameworks = ImportedFramework(many=True)
    unchanged = ImportedFramework(many=True)
    relations = RelatedSerializer(many=True)
    suggested_controls = serializers.IntegerField()


class SideSerializer(serializers.Serializer):
    """A requirement of the covering framework, and how it stands to the covered one."""

    requirement = RequirementBrief()
    relation = serializers.ChoiceField(choices=Relation.choices)
    confidence = serializers.CharField()
    sources = serializers.ListField(child=serializers.CharField())


class CoveredSerializer(serializers.Serializer):
    """One requirement that is asked, and what covers it."""

    requirement = RequirementBrief()
    cover = serializers.ChoiceField(choices=[(each.value, each.value) for each in Cover])
    sides = SideSerializer(many=True)


class CoverageSerializer(serializers.Serializer):
    """How far one framework covers another: `proposed`, `candidate` and `none` add up to `asked`."""

    asked = serializers.IntegerField()
    proposed = serializers.IntegerField()
    candidate = serializers.IntegerField()
    none = serializers.IntegerField()
    requirements = CoveredSerializer(many=True)
