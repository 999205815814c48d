"""Audits, their requests, what answers them and what was said, as the API shows and takes them.

The auditor's own notes are in none of these: only the portal reads them.
"""

from __future__ import annotations

from rest_framework import serializers

from compliance.frameworks.serializers import RequirementBrief
from compliance.people.models import Membership
from compliance.programmes.models import Programme
from compliance.web.serializers import Choice, Day, Input, Output, PersonBrief, Reference, Text, ThingBrief, Whole
from controls.models import Control
from evidence.models import Version
from evidence.packs.models import Pack

from .models import (
    Audit,
    ExternalComment,
    InternalComment,
    Request,
    RequestEvidence,
    RequestKind,
    RequestState,
    Seat,
    SharedPack,
)
from .selectors.requests import is_overdue

_HERE = Membership.objects.filter(ended_at__isnull=True)


class AuditBrief(serializers.Serializer):
    """An audit, in short."""

    id = serializers.UUIDField()
    ref = serializers.CharField()
    name = serializers.CharField()


class AuditSerializer(Output):
    """One examination of one programme by one firm, with the sums of its request log."""

    programme = PersonBrief(help_text="The programme that is examined.")
    requests = serializers.IntegerField(source="total")
    fulfilled = serializers.IntegerField()
    submitted = serializers.IntegerField()
    overdue = serializers.IntegerField()

    class Meta:
        model = Audit
        fields = [
            "id", "ref", "name", "firm", "programme", "starts_on", "ends_on", "turnaround_days", "issued_at", "closed_at",
            "created_at", "requests", "fulfilled", "submitted", "overdue",
        ]  # fmt: skip


class AuditChange(Input):
    """The frame of an audit."""

    name = Text(max_length=200)
    firm = Text(max_length=200)
    starts_on = Day()
    ends_on = Day()
    turnaround_days = Whole(min_value=1, max_value=365, required=False, help_text="Working days to answer a request.")


class AuditInput(AuditChange):
    """A new audit."""

    programme = Reference(Programme.objects.all())


class SeatSerializer(Output):
    """An auditor's place at the audit. Sign-ins and totals are in the trail; what was opened is not told."""

    class Meta:
        model = Seat
        fields = [
            "id", "name", "email", "firm", "starts_on", "until", "created_at", "accepted_at", "declared_independent_at",
            "revoked_at",
        ]  # fmt: skip


class PackBrief(serializers.Serializer):
    """An evidence pack, in short; `sha256` and `size` are the zip's."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    filename = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()


class SharedPackSerializer(Output):
    """An evidence pack that the auditors of the audit may download. Who did is told once the report is issued."""

    pack = PackBrief()

    class Meta:
        model = SharedPack
        fields = ["id", "pack", "shared_by", "shared_at"]


class SharedPackInput(Input):
    """A finished pack of the audit's programme, of a criterion that it asks, or of a control that meets one."""

    pack = Reference(Pack.objects.all())


class RequestSerializer(Output):
    """One line of the auditor's request log. `criteria` is what the auditor wrote, `criteria_refs` the same one by one."""

    audit = AuditBrief()
    criteria_refs = serializers.ListField(child=serializers.CharField())
    kind = serializers.ChoiceField(choices=RequestKind.choices)
    requirement = RequirementBrief(allow_null=True)
    control = ThingBrief(allow_null=True)
    assignee = PersonBrief(allow_null=True)
    state = serializers.ChoiceField(choices=RequestState.choices)
    overdue = serializers.SerializerMethodField()

    class Meta:
        model = Request
        fields = [
            "id", "audit", "ref", "auditor_ref", "criteria", "criteria_refs", "title", "detail", "kind", "requirement",
            "control", "due_date", "overdue", "assignee", "state", "raised_by", "raised_by_auditor", "created_at",
            "submitted_at", "decided_at", "return_reason",
        ]  # fmt: skip

    def get_overdue(self, request: Request) -> bool:
        return is_overdue(request)


class RequestChange(Input):
    """What a request asks. The words of an auditor's own request are the auditor's."""

    title = Text(max_length=200)
    due_date = Day()
    detail = Text(max_length=10_000, allow_blank=True, required=False)
    kind = Choice(choices=RequestKind.choices, required=False)
    criteria = Text(max_length=120, allow_blank=True, required=False, help_text="`CC6.2/CC6.3`, `DC1-DC9`, `Engagement`.")
    auditor_ref = Text(max_length=60, allow_blank=True, required=False)
    control = Reference(Control.objects.all(), allow_null=True, required=False)


class RequestInput(RequestChange):
    """A new request. With an assignee it starts assigned."""

    assignee = Reference(_HERE, allow_null=True, required=False)


class AssignInput(Input):
    """Who is to answer."""

    assignee = Reference(_HERE)


class VersionBrief(serializers.Serializer):
    """A version of an artefact, in short."""

    id = serializers.UUIDField()
    artefact = ThingBrief()
    number = serializers.IntegerField()
    filename = serializers.CharField()
    sha256 = serializers.CharField()
    effective_end = serializers.DateTimeField()


class RequestEvidenceSerializer(Output):
    """A version that answers a request: that version, whatever comes later. Once submitted it stays."""

    version = VersionBrief()

    class Meta:
        model = RequestEvidence
        fields = ["id", "version", "linked_by", "linked_at", "submitted_at"]


class RequestEvidenceInput(Input):
    """A version of an artefact."""

    version = Reference(Version.objects.select_related("artefact"))


class InternalCommentSerializer(Output):
    """Said among ourselves. No auditor reads it."""

    class Meta:
        model = InternalComment
        fields = ["id", "author", "author_id", "text", "at"]


class ExternalCommentSerializer(Output):
    """Said between the organisation and its auditor."""

    class Meta:
        model = ExternalComment
        fields = ["id", "author", "author_id", "by_auditor", "text", "at"]


class CommentInput(Input):
    """What is to be said. It cannot be taken back."""

    text = Text(max_length=10_000)
