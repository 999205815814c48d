"""Frameworks: the shipped ones, which everybody reads, and the organisation's own."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import FlagFilter, IdFilter, WordFilter, filters

from .models import Crosswalk, Framework, Relation, Requirement
from .selectors import frameworks
from .serializers import CrosswalkSerializer, FrameworkSerializer, RequirementSerializer


class FrameworkFilter(filters.FilterSet):
    key = WordFilter()
    version = WordFilter()


class FrameworkEndpoint(Listed, Shown, Endpoint):
    """Frameworks, one row a version."""

    noun = "frameworks"
    one = "a framework"
    queryset = Framework.objects.all()
    serializer_class = FrameworkSerializer
    filterset_class = FrameworkFilter
    scopes = {"read": Permission.FRAMEWORK_VIEW}

    def get_queryset(self) -> QuerySet[Framework]:
        return frameworks()


class RequirementFilter(filters.FilterSet):
    framework = IdFilter(field_name="framework_id")
    framework_key = WordFilter(field_name="framework__key")
    ref = WordFilter()
    parent = IdFilter(field_name="parent_id")
    assessable = FlagFilter()
    category = WordFilter()
    series = WordFilter()
    theme = WordFilter()


class RequirementEndpoint(Listed, Shown, Endpoint):
    """What the frameworks ask, every entry of every one that is loaded, in the publisher's order."""

    noun = "requirements"
    one = "a requirement"
    queryset = Requirement.objects.all()
    serializer_class = RequirementSerializer
    filterset_class = RequirementFilter
    ordering = ("framework_id", "position", "id")
    scopes = {"read": Permission.FRAMEWORK_VIEW}


class CrosswalkFilter(filters.FilterSet):
    source = IdFilter(field_name="source_id")
    target = IdFilter(field_name="target_id")
    requirement = IdFilter(method="either", label="Relations in which it stands, at either end.")
    relation = filters.ChoiceFilter(choices=Relation.choices)

    def either(self, found: QuerySet[Crosswalk], name: str, value: Any) -> QuerySet[Crosswalk]:
        return found.filter(Q(source_id=value) | Q(target_id=value))


class CrosswalkEndpoint(Listed, Shown, Endpoint):
    """Relations between requirements of different frameworks."""

    noun = "relations"
    one = "a relation"
    queryset = Crosswalk.objects.select_related("source", "target")
    serializer_class = CrosswalkSerializer
    filterset_class = CrosswalkFilter
    ordering = ("id",)
    scopes = {"read": Permission.FRAMEWORK_VIEW}
