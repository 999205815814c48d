"""Frameworks, what they ask, and how they relate, as the API shows them."""

from __future__ import annotations

from rest_framework import serializers

from compliance.web.serializers import Output

from .models import Crosswalk, Framework, Relation, Requirement


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
