"""Which evidence backs what was answered of control reviews."""

from __future__ import annotations

from rest_framework import serializers

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import IdFilter, filters
from compliance.web.serializers import Output

from .models import Backing


class ReviewBackingSerializer(Output):
    """A version of an artefact that backs an answer; `version` names it under `/versions/`."""

    answer = serializers.UUIDField(source="answer_id")
    version = serializers.UUIDField(source="version_id")

    class Meta:
        model = Backing
        fields = ["id", "answer", "version", "linked_by", "linked_at"]


class BackingFilter(filters.FilterSet):
    answer = IdFilter(field_name="answer_id")
    review = IdFilter(field_name="answer__review_id")


class BackingEndpoint(Listed, Shown, Endpoint):
    """What control reviews were attested with. Links only grow."""

    noun = "evidence of control reviews"
    one = "evidence of a control review"
    queryset = Backing.objects.all()
    serializer_class = ReviewBackingSerializer
    filterset_class = BackingFilter
    scopes = {"read": Permission.EVIDENCE_VIEW}
