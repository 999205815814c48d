"""Frameworks: the shipped ones, which everybody reads, and the organisation's own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import FlagFilter, IdFilter, WordFilter, filters

from .coverage import covered, share_of
from .intake.library import Options
from .models import Crosswalk, Framework, Relation, Requirement
from .selectors import frameworks, own_frameworks, relations_between, requirements_of
from .serializers import (
    CoverageSerializer,
    CrosswalkSerializer,
    FrameworkSerializer,
    ImportedSerializer,
    ImportInput,
    OwnFrameworkChange,
    OwnFrameworkInput,
    OwnFrameworkSerializer,
    OwnRequirementChange,
    OwnRequirementInput,
    OwnRequirementSerializer,
    RequirementSerializer,
)
from .services.bring import report_of
from .services.load import load_library
from .services.own import add_requirement, change_framework, change_requirement, create_framework
from .services.prepare import prepare


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


class CoverageEndpoint(Endpoint):
    """How far one framework is covered by another, by the crosswalk alone."""

    noun = "coverage of a framework"
    queryset = Framework.objects.all()
    serializer_class = CoverageSerializer
    scopes = {"read": Permission.FRAMEWORK_VIEW}

    def retrieve(self, request: Request, framework: str, by: str) -> Response:
        """Read how far a framework is covered by another.

        A requirement is `proposed` where one of the other framework equals or contains it. A candidate counts nothing.
        """
        of, other = (self.above(Framework.objects.all(), name) for name in ("framework", "by"))
        asked = list(requirements_of(of).filter(assessable=True))
        found = covered(asked, relations_between(of, other).select_related("source", "target"))
        share = share_of(found)
        counts = {name: getattr(share, name) for name in ("asked", "proposed", "candidate", "none")}
        return self.read({**counts, "requirements": found})


class OwnFrameworkFilter(filters.FilterSet):
    key = WordFilter()
    written_here = FlagFilter()


class OwnFrameworkEndpoint(Listed, Shown, Endpoint):
    """Frameworks of the organisation's own, written here or imported."""

    noun = "own frameworks"
    one = "an own framework"
    queryset = Framework.objects.all()
    serializer_class = OwnFrameworkSerializer
    filterset_class = OwnFrameworkFilter
    ordering = ("id",)
    scopes = {"read": Permission.FRAMEWORK_VIEW, "write": Permission.FRAMEWORK_CHANGE}
    inputs = {"create": OwnFrameworkInput, "partial_update": OwnFrameworkChange}

    def get_queryset(self) -> QuerySet[Framework]:
        return own_frameworks()

    def create(self, request: Request) -> Response:
        """Begin a framework of one's own. It asks for nothing until requirements are added."""
        return self.answer(create_framework(actor=self.actor, **self.input()))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what the head of a framework says."""
        return self.answer(change_framework(actor=self.actor, framework=self.found(), **self.input()))


class OwnRequirementFilter(filters.FilterSet):
    framework = IdFilter(field_name="framework_id")
    ref = WordFilter()


class OwnRequirementEndpoint(Listed, Shown, Endpoint):
    """What the organisation's own frameworks ask."""

    noun = "own requirements"
    one = "an own requirement"
    queryset = Requirement.objects.all()
    serializer_class = OwnRequirementSerializer
    filterset_class = OwnRequirementFilter
    ordering = ("framework_id", "position", "id")
    scopes = {"read": Permission.FRAMEWORK_VIEW, "write": Permission.FRAMEWORK_CHANGE}
    inputs = {"create": OwnRequirementInput, "partial_update": OwnRequirementChange}

    def get_queryset(self) -> QuerySet[Requirement]:
        return Requirement.objects.select_related("framework").filter(framework__in=own_frameworks())

    def create(self, request: Request) -> Response:
        """Add a requirement to a framework that was written here, the last below its parent."""
        return self.answer(self.fresh(add_requirement(actor=self.actor, **self.input()).pk))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a requirement of a framework that was written here."""
        return self.answer(self.fresh(change_requirement(actor=self.actor, requirement=self.found(), **self.input()).pk))


class ImportEndpoint(Endpoint):
    """Taking in frameworks from a file."""

    noun = "own frameworks"
    queryset = Framework.objects.all()
    parser_classes = [MultiPartParser]
    scopes = {"write": Permission.FRAMEWORK_CHANGE}
    inputs = {"take_in": ImportInput}
    outputs = {"take_in": ImportedSerializer}

    def take_in(self, request: Request) -> Response:
        """Load the frameworks of a file, all of it or nothing.

        What keeps it from being loaded is told line by line. Ends of mappings that are not there are skipped and told.
        """
        given = self.input()
        file = given.pop("file")
        prepared = prepare(content=file.read(), name=str(file.name), options=Options.of(given))
        if prepared.faults:
            raise ValidationError({"file": [str(fault) for fault in prepared.faults[:100]]})
        loaded = load_library(actor=self.actor, library=prepared.library)
        return self.answer(report_of(prepared, loaded))
