"""What answers a request, and what was said of it: among ourselves, and with the auditor."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework.request import Request as Call
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed

from ..models import ExternalComment, InternalComment, Request, RequestEvidence
from ..serializers import (
    CommentInput,
    ExternalCommentSerializer,
    InternalCommentSerializer,
    RequestEvidenceInput,
    RequestEvidenceSerializer,
)
from ..services import comment_internally, comment_to_auditor, link_version, unlink_version

P = Permission


class _OfRequest(Listed, Endpoint):
    """Something of one request, in the order in which it came."""

    ordering = ("id",)

    def asked(self) -> Request:
        """The request of the address."""
        return self.above(Request.objects.all(), "item")


class RequestEvidenceEndpoint(_OfRequest):
    """The versions that answer one request."""

    noun = "evidence of an auditor request"
    queryset = RequestEvidence.objects.select_related("version__artefact")
    serializer_class = RequestEvidenceSerializer
    scopes = {"read": P.REQUEST_VIEW, "write": P.REQUEST_ANSWER}
    inputs = {"create": RequestEvidenceInput}

    def get_queryset(self) -> QuerySet[RequestEvidence]:
        return self.queryset.filter(request=self.asked())

    def create(self, call: Call, item: str) -> Response:
        """Offer a version for the request. Offering it twice is once."""
        link = link_version(actor=self.actor, request=self.asked(), **self.input())
        return self.answer(self.fresh(link.pk))

    def destroy(self, call: Call, item: str, pk: str) -> Response:
        """Take an offered version away again. Once the auditor was given it, it stays."""
        unlink_version(actor=self.actor, request=self.asked(), link=self.found())
        return Response(status=204)


class InternalCommentEndpoint(_OfRequest):
    """What was said of one request among ourselves. No auditor reads it."""

    noun = "internal comments"
    queryset = InternalComment.objects.all()
    serializer_class = InternalCommentSerializer
    scopes = {"read": P.REQUEST_VIEW, "write": P.REQUEST_ANSWER}
    inputs = {"create": CommentInput}

    def get_queryset(self) -> QuerySet[InternalComment]:
        return InternalComment.objects.filter(request=self.asked())

    def create(self, call: Call, item: str) -> Response:
        """Say something among ourselves."""
        return self.answer(comment_internally(actor=self.actor, request=self.asked(), **self.input()))


class ExternalCommentEndpoint(_OfRequest):
    """What was said of one request between the organisation and its auditor."""

    noun = "comments with the auditor"
    queryset = ExternalComment.objects.all()
    serializer_class = ExternalCommentSerializer
    scopes = {"read": P.REQUEST_VIEW, "write": P.REQUEST_MANAGE}
    inputs = {"create": CommentInput}

    def get_queryset(self) -> QuerySet[ExternalComment]:
        return ExternalComment.objects.filter(request=self.asked())

    def create(self, call: Call, item: str) -> Response:
        """Say something to the auditor, who reads it at once."""
        return self.answer(comment_to_auditor(actor=self.actor, request=self.asked(), **self.input()))
