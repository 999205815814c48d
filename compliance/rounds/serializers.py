"""Confirmations, programme reviews and their actions, as the API shows and takes them."""

from __future__ import annotations

from rest_framework import serializers

from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may
from compliance.programmes.models import Programme
from compliance.web.serializers import Choice, Day, Input, Output, PersonBrief, Reference, Text

from .models import Action, Cadence, Confirmation, How, Review


class ScopeConfirmationSerializer(Output):
    """What an auditor confirmed, and all of it as it then stood."""

    programme = serializers.UUIDField(source="programme_id")
    how = serializers.ChoiceField(choices=How.choices)
    snapshot = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))

    class Meta:
        model = Confirmation
        fields = [
            "id", "programme", "number", "how", "confirmed_by", "firm", "confirmed_on", "source", "snapshot", "recorded_by",
            "recorded_at",
        ]  # fmt: skip


class ScopeConfirmationInput(Input):
    """That an auditor confirmed what now stands, and where that is written."""

    programme = Reference(Programme.objects.all())
    confirmed_by = Text(max_length=200)
    firm = Text(max_length=200, required=False, allow_blank=True, default="")
    confirmed_on = Day()
    source = Text(max_length=5_000)


class ReviewActionSerializer(Output):
    """What a review asks of somebody by a day."""

    review = serializers.UUIDField(source="review_id")
    owner = PersonBrief(allow_null=True)

    class Meta:
        model = Action
        fields = ["id", "review", "text", "owner", "due_on", "done_at", "done_by", "done_note", "created_at"]


class ProgrammeReviewSerializer(Output):
    """A programme review. `facts` are kept when it is closed, and empty until then."""

    programme = serializers.UUIDField(source="programme_id")
    cadence = serializers.ChoiceField(choices=Cadence.choices)
    facts = serializers.ListField(child=serializers.DictField())

    class Meta:
        model = Review
        fields = [
            "id", "programme", "cadence", "covers_from", "covers_to", "held_on", "attended", "framework_changes",
            "business_changes", "scope", "lessons", "facts", "opened_by", "opened_at", "closed_by", "closed_at",
        ]  # fmt: skip


class ProgrammeReviewInput(Input):
    """A new review over a span of days."""

    programme = Reference(Programme.objects.all())
    cadence = Choice(choices=Cadence.choices)
    covers_from = Day()
    covers_to = Day()


class ReviewNotesInput(Input):
    """What was said."""

    held_on = Day(required=False, allow_null=True)
    attended = Text(max_length=2_000, required=False, allow_blank=True)
    framework_changes = Text(max_length=20_000, required=False, allow_blank=True)
    business_changes = Text(max_length=20_000, required=False, allow_blank=True)
    scope = Text(max_length=20_000, required=False, allow_blank=True)
    lessons = Text(max_length=20_000, required=False, allow_blank=True)


class ReviewActionInput(Input):
    """What is asked of whom, by when."""

    text = Text(max_length=500)
    owner = Reference(Membership.objects.filter(ended_at__isnull=True))
    due_on = Day()

    def validate_owner(self, owner: Membership) -> Membership:
        if not members_who_may(Permission.ROUND_ACT_OWN).filter(pk=owner.pk).exists():
            raise serializers.ValidationError("Their role does not allow them to answer for actions.")
        return owner


class ReviewActionDone(Input):
    """How it was done."""

    note = Text(max_length=5_000, required=False, allow_blank=True)
