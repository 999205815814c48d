"""What was read inside evidence, and what an auditor would bounce of it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import IdFilter, WordFilter, filters

from ..models import Artefact
from .models import Document, Level, LintFinding
from .searching import documents_with, with_snippets
from .serializers import DocumentSerializer, LintAnswerInput, LintFindingSerializer
from .services import answer_finding


class DocumentFilter(filters.FilterSet):
    version = IdFilter(field_name="version_id")
    artefact = IdFilter(field_name="version__artefact_id")
    contains = WordFilter(method="holding", label="Words that it holds, each whole or the beginning of one.")

    def holding(self, found: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        return with_snippets(found.filter(pk__in=documents_with(value).order_by().values("pk")), value)


class DocumentEndpoint(Listed, Shown, Endpoint):
    """What people brought, as it was read: search inside documents with `contains`."""

    noun = "documents"
    one = "a document"
    queryset = Document.objects.select_related("version").defer("text")
    serializer_class = DocumentSerializer
    filterset_class = DocumentFilter
    scopes = {"read": Permission.EVIDENCE_VIEW}


class LintFindingFilter(filters.FilterSet):
    version = IdFilter(field_name="version_id")
    artefact = IdFilter(field_name="version__artefact_id")
    rule = WordFilter()
    level = filters.ChoiceFilter(choices=Level.choices)
    answered = filters.BooleanFilter(method="which_are", label="Whether somebody answered it.")

    def which_are(self, found: QuerySet[LintFinding], name: str, value: Any) -> QuerySet[LintFinding]:
        return found.filter(answers__isnull=not value).distinct()


class LintFindingEndpoint(Listed, Shown, Endpoint):
    """What an auditor would bounce of what people brought, with what was answered. Findings only grow."""

    noun = "lint findings"
    one = "a lint finding"
    queryset = LintFinding.objects.prefetch_related("answers")
    serializer_class = LintFindingSerializer
    filterset_class = LintFindingFilter
    scopes = {"read": Permission.EVIDENCE_VIEW, "say": Permission.EVIDENCE_PROVIDE}
    inputs = {"say": LintAnswerInput}

    def lock(self, thing: LintFinding) -> None:
        """A finding never changes; what is answered to it hangs on its version's artefact."""
        Artefact.objects.select_for_update().get(pk=thing.version.artefact_id)

    @action(detail=True, methods=["post"], url_path="answer", url_name="answer")
    def say(self, request: Request, pk: str) -> Response:
        """Answer a finding: why it is right all the same, or what is seen on it."""
        found = self.found()
        answer_finding(actor=self.actor, finding=found, member=self.maker(), **self.input())
        return self.answer(self.fresh(found.pk))
