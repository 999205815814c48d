"""Access reviews, their lists, accounts and removals, as the API shows and takes them."""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from compliance.people.models import Membership
from compliance.registers.models import System
from compliance.web.serializers import Choice, Day, Input, Output, PersonBrief, Reference, Text, Whole, Words
from evidence.media import CSV, TEXT, XLSX, NotAcceptedError, media_of
from evidence.models import EvidenceRequirement
from evidence.scanning import scan

from .models import Account, AccountList, Campaign, CampaignState, Origin, Removal, RemovalState, Verdict

_LONG = 5_000


class AccessReviewSerializer(Output):
    """A review of who has access. `late`: completed after `due_on`. `book` and `record` are its result, under `/versions/`."""

    requirement = serializers.UUIDField(source="requirement_id")
    state = serializers.ChoiceField(choices=CampaignState.choices)
    book = serializers.UUIDField(source="book_id", allow_null=True)
    record = serializers.UUIDField(source="record_id", allow_null=True)

    class Meta:
        model = Campaign
        fields = [
            "id", "ref", "name", "requirement", "covers_from", "covers_to", "due_on", "valid_until", "removal_days", "state",
            "prepared_at", "started_at", "settled_at", "settled_by", "late", "reason", "book", "record",
        ]  # fmt: skip


class AccessReviewInput(Input):
    """A review to be prepared. A system is its owner's to review where they may, else `reviewer`'s."""

    name = Text(max_length=200)
    requirement = Reference(EvidenceRequirement.objects.select_related("control"))
    covers_from = Day()
    covers_to = Day()
    due_on = Day()
    systems = serializers.ListField(child=Reference(System.objects.select_related("owner")), min_length=1, max_length=200)
    reviewer = Reference(Membership.objects.filter(ended_at__isnull=True))
    stand_in = Reference(Membership.objects.filter(ended_at__isnull=True), allow_null=True, required=False, default=None)
    removal_days = Whole(min_value=1, max_value=90, required=False, default=14)


class ListUnderReviewSerializer(Output):
    """The accounts of one system as they were frozen. `sha256` is of the canonical list; `answer` is what its reviewer said
    to having changed nothing; `looked_at` when the newest list was collected that removals were held against."""

    access_review = serializers.UUIDField(source="campaign_id")
    system = serializers.UUIDField(source="system_id")
    connection = serializers.UUIDField(source="connection_id", allow_null=True)
    origin = serializers.ChoiceField(choices=Origin.choices)
    reviewer = PersonBrief(allow_null=True)
    stand_in = PersonBrief(allow_null=True)
    sources = serializers.SerializerMethodField()

    class Meta:
        model = AccountList
        fields = [
            "id", "access_review", "system", "origin", "reads", "connection", "collected_at", "taken_at", "rows", "sha256",
            "leaves_out", "reviewer", "stand_in", "answer", "signed_by", "signed_at", "looked_at", "sources",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_sources(self, account_list: AccountList) -> list[str]:
        """The versions that the list was taken from."""
        return [str(each.version_id) for each in account_list.sources.all()]


class AccessListAssignInput(Input):
    """Who reviews a list, and who decides on that one's own accounts."""

    reviewer = Reference(Membership.objects.filter(ended_at__isnull=True))
    stand_in = Reference(Membership.objects.filter(ended_at__isnull=True), allow_null=True, required=False, default=None)


class AccessListSignInput(Input):
    """`answer`: needed where nothing was changed."""

    answer = Text(max_length=_LONG, required=False, allow_blank=True, default="")


class AccessListBringInput(Input):
    """A system's list of accounts as a file: CSV or XLSX with a column headed Account or Email."""

    file = serializers.FileField(max_length=255)
    drawn_on = Day(help_text="The day on which the system wrote the list.")
    note = Text(max_length=2_000, help_text="Which page or query of the system, with which filters.")

    def validate_file(self, file: UploadedFile) -> UploadedFile:
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise serializers.ValidationError(f"The file is larger than {settings.UPLOAD_MAX_BYTES // 1024 // 1024} MB.")
        try:
            file.kind = media_of(file, str(file.name))  # type: ignore[attr-defined, arg-type]
            scan(file.chunks())
            file.seek(0)
        except NotAcceptedError as error:
            raise serializers.ValidationError(str(error)) from None
        if file.kind not in (CSV, XLSX, TEXT):  # type: ignore[attr-defined]
            raise serializers.ValidationError("Bring the list as CSV or XLSX.")
        return file


class ReviewedAccessSerializer(Output):
    """One account as it was frozen, and what was decided on it. `person` is under `/workers/`; `orphan`: nobody's; `left`:
    of somebody who no longer works here; `unused`: for 90 days, or never; `use_known`: the source tells when it was used."""

    access_review = serializers.UUIDField(source="campaign_id")
    access_list = serializers.UUIDField(source="account_list_id")
    person = serializers.UUIDField(source="person_id", allow_null=True)
    assignee = PersonBrief(allow_null=True)
    entitlements = serializers.ListField(child=serializers.CharField())
    verdict = serializers.ChoiceField(choices=[("", "Not decided"), *Verdict.choices])

    class Meta:
        model = Account
        fields = [
            "id", "access_review", "access_list", "key", "name", "kind", "email", "status", "person", "person_name", "privileged",
            "unused", "orphan", "left", "service", "use_known", "last_used_at", "since", "entitlements", "unread", "assignee",
            "verdict", "decided_at",
        ]  # fmt: skip


class AccessDecisionInput(Input):
    """Keep, change or remove. A reason is needed to remove, and to keep what is privileged, unused or nobody's; `take` are
    the entitlements that a change takes away."""

    verdict = Choice(choices=Verdict.choices)
    reason = Text(max_length=_LONG, required=False, allow_blank=True, default="")
    take = Words(required=False, default=list, most=200, longest=300)


class AccessRemovalSerializer(Output):
    """Access that has to go: the account, or the entitlements in `take`. Only a later list without it closes it: `proof`."""

    access_review = serializers.UUIDField(source="campaign_id")
    access_list = serializers.UUIDField(source="account_list_id")
    account = serializers.UUIDField(source="account_id")
    state = serializers.ChoiceField(choices=RemovalState.choices)
    take = serializers.ListField(child=serializers.CharField())
    proof = serializers.UUIDField(source="proof_id", allow_null=True)

    class Meta:
        model = Removal
        fields = [
            "id", "access_review", "access_list", "account", "take", "asked_at", "due_on", "state", "seen_at", "gone_at", "proof",
        ]  # fmt: skip
