"""Which evidence is a third party's report or letter."""

from __future__ import annotations

from rest_framework import serializers

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import IdFilter, filters
from compliance.web.serializers import Output

from .models import PartyPaper


class PaperSerializer(Output):
    """The stored file of a report or of a letter; `version` names it under `/versions/`."""

    report = serializers.UUIDField(source="report_id", allow_null=True)
    letter = serializers.UUIDField(source="letter_id", allow_null=True)
    version = serializers.UUIDField(source="version_id")

    class Meta:
        model = PartyPaper
        fields = ["id", "report", "letter", "version", "created_at"]


class PaperFilter(filters.FilterSet):
    report = IdFilter(field_name="report_id")
    letter = IdFilter(field_name="letter_id")


class PaperEndpoint(Listed, Shown, Endpoint):
    """Files of third parties' reports and bridge letters, kept as evidence."""

    noun = "files of third parties"
    one = "a file of a third party"
    queryset = PartyPaper.objects.all()
    serializer_class = PaperSerializer
    filterset_class = PaperFilter
    scopes = {"read": Permission.EVIDENCE_VIEW}
