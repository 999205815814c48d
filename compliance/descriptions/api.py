"""System descriptions: written section by section, kept as versions, approved by somebody else."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import IdFilter, filters
from compliance.web.problems import Conflict
from compliance.web.serializers import Nothing

from . import services
from .models import Description, Version
from .serializers import (
    DescriptionKeepInput,
    DescriptionLacksSerializer,
    DescriptionSerializer,
    DescriptionVersionSerializer,
    DescriptionWriteInput,
)


class DescriptionFilter(filters.FilterSet):
    programme = IdFilter(field_name="programme_id")


class DescriptionEndpoint(Listed, Shown, Endpoint):
    """System descriptions. One is begun when its page is first opened."""

    noun = "descriptions"
    one = "a description"
    queryset = Description.objects.select_related("programme__framework").prefetch_related("sections")
    serializer_class = DescriptionSerializer
    filterset_class = DescriptionFilter
    scopes = {"read": Permission.DESCRIPTION_VIEW, "write": Permission.DESCRIPTION_CHANGE, "lacks": Permission.DESCRIPTION_VIEW}
    inputs = {"write": DescriptionWriteInput, "keep": DescriptionKeepInput}
    outputs = {"keep": DescriptionVersionSerializer, "lacks": DescriptionLacksSerializer}
    statuses = {"keep": 201}

    @action(detail=True, methods=["get"])
    def lacks(self, request: Request, pk: str) -> Response:
        """What each section still lacks."""
        return Response(self.shown(self.get_object()))

    @action(detail=True, methods=["post"])
    def write(self, request: Request, pk: str) -> Response:
        """Replace the text of a section.

        A conflict where somebody saved it after the revision that the text began from.
        """
        try:
            services.write_section(actor=self.actor, description=self.found(), **self.input())
        except services.EditConflict as error:
            raise Conflict(f"{error} It is at revision {error.present.revision}.") from error
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def keep(self, request: Request, pk: str) -> Response:
        """Keep what now stands as a version."""
        return self.answer(services.keep_version(actor=self.actor, description=self.found(), **self.input()))


class VersionFilter(filters.FilterSet):
    description = IdFilter(field_name="description_id")


class DescriptionVersionEndpoint(Listed, Shown, Endpoint):
    """Versions of descriptions. They never change."""

    noun = "description versions"
    one = "a description version"
    queryset = Version.objects.select_related("approval", "description__programme")
    serializer_class = DescriptionVersionSerializer
    filterset_class = VersionFilter
    scopes = {"read": Permission.DESCRIPTION_VIEW, "approve": Permission.DESCRIPTION_APPROVE}
    inputs = {"approve": Nothing}

    def lock(self, thing: Version) -> None:
        """A version only grows and cannot be locked: its description is, as in approving."""
        Description.objects.select_for_update(of=("self",)).get(pk=thing.description_id)

    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve a version that the maker of the token wrote none of."""
        self.input()
        approver = self.maker()
        if approver is None:
            raise PermissionDenied("A token made at the command line approves nothing: nobody stands behind it.")
        try:
            services.approve_version(actor=self.actor, version=self.found(), approver=approver)
        except ValidationError as error:
            raise Conflict(" ".join(error.messages)) from error
        return self.answer(self.fresh(pk))
