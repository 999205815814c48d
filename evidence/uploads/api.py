"""Bringing files in parts by program: begin, send parts, complete, hand in."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import filters

from ..serializers import stated_capture
from . import services
from .joining import check
from .linting import linted
from .models import Upload, UploadState
from .serializers import HandInInput, PartInput, UploadInput, UploadSerializer


class UploadFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=UploadState.choices)


class UploadEndpoint(Listed, Shown, Endpoint):
    """Files on their way, up to 500 MB each, in parts. None of them is evidence until it is handed in."""

    noun = "uploads"
    one = "an upload"
    queryset = Upload.objects.all()
    serializer_class = UploadSerializer
    filterset_class = UploadFilter
    scopes = {"read": Permission.EVIDENCE_VIEW, "write": Permission.EVIDENCE_PROVIDE}
    inputs = {"create": UploadInput, "parts": PartInput, "hand_in": HandInInput}

    def get_queryset(self) -> QuerySet[Upload]:
        return Upload.objects.prefetch_related("parts")

    def create(self, request: Request) -> Response:
        """Begin to bring a file. What is not handed in within two days is taken away."""
        upload = services.begin_upload(actor=self.actor, member=self.maker(), **self.input())
        return self.answer(self.fresh(upload.pk))

    def destroy(self, request: Request, pk: str) -> Response:
        """Take away a file that was not handed in."""
        services.drop_upload(actor=self.actor, upload=self.found())
        return Response(status=204)

    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def parts(self, request: Request, pk: str) -> Response:
        """Send one part. It is read in pieces and compared with its digest; the same part again takes its own place."""
        upload, given = self.found(), self.input()
        services.refuse_anothers(self.maker(), upload)
        try:
            services.take_part(
                actor=self.actor, upload=upload, number=given["number"], content=given["file"], sha256=given["sha256"]
            )
        except services.TooManyPartsError as error:
            raise Throttled(3600, str(error)) from None
        return self.answer(self.fresh(upload.pk))

    @action(detail=True, methods=["post"], parser_classes=[JSONParser])
    def complete(self, request: Request, pk: str) -> HttpResponse:
        """All parts are here: the file is told by its content, scanned where a scanner is set up, and looked into.

        It is then `held`, or `refused` with the reason.
        """
        upload = self.found()
        parts = services.begin_check(actor=self.actor, upload=upload)
        return self.outside(
            lambda: check(parts, upload.filename),
            lambda checked: self.answer(self.fresh(services.end_check(actor=self.actor, upload=upload, checked=checked).pk)),
        )

    @action(detail=True, methods=["post"], url_path="hand-in", parser_classes=[JSONParser])
    def hand_in(self, request: Request, pk: str) -> Response:
        """Hand in a held file: it becomes a version, immutable from then on. Another person has to approve it."""
        upload, given = self.found(), self.input()
        statement = _statement(given)
        found = linted(upload, statement, zone=request._request.organization.timezone)
        services.hand_in_upload(
            actor=self.actor, upload=upload, statement=statement, found=found, member=self.maker(), by_program=True
        )
        return self.answer(self.fresh(upload.pk))


def _statement(given: dict[str, Any]) -> services.Statement:
    return services.Statement(
        effective_start=given["effective_start"], effective_end=given["effective_end"], title=given.get("title", ""),
        note=given.get("note", ""), capture=stated_capture(given.get("capture", {})), artefact=given.get("artefact"),
        requirements=tuple(given.get("requirements", ())),
    )  # fmt: skip
