"""Control reviews, their answers, their plans and delegations, as the API shows and takes them."""

from __future__ import annotations

from rest_framework import serializers

from compliance.people.models import Membership
from compliance.web.serializers import Choice, Day, Input, Output, PersonBrief, Reference, Text, ThingBrief
from controls.models import Control

from .models import CADENCES, Answer, AnswerKind, Delegation, Review, ReviewPlan, ReviewState

_LONG = 10_000


class ControlReviewSerializer(Output):
    """One block of a control's review plan. Days are the organisation's, all included."""

    control = ThingBrief()
    cadence = serializers.ChoiceField(choices=CADENCES)
    state = serializers.ChoiceField(choices=ReviewState.choices)
    assignee = PersonBrief(allow_null=True)

    class Meta:
        model = Review
        fields = [
            "id", "ref", "control", "cadence", "state", "assignee", "covers_from", "remind_from", "due_on", "escalates_on",
            "closes_on", "opened_at", "escalated_at", "settled_at",
        ]  # fmt: skip


class ReviewAnswerSerializer(Output):
    """What was said of a review. `counts`: it settled it; else it stands beside. `for_name`: whom somebody stood in for."""

    review = serializers.UUIDField(source="review_id")
    kind = serializers.ChoiceField(choices=AnswerKind.choices)
    delegation = serializers.UUIDField(source="delegation_id", allow_null=True)

    class Meta:
        model = Answer
        fields = [
            "id", "review", "kind", "performed_on", "said", "consequence", "remedy", "stands", "given_by_name", "for_name",
            "delegation", "late", "counts", "recorded_on", "recorded_at",
        ]  # fmt: skip


class AttestInput(Input):
    """That the control was performed. `evidence`: ids under `/evidence/`; without any, `stands` says why what systems
    collect stands for it."""

    performed_on = Day()
    said = Text(max_length=_LONG)
    stands = Text(max_length=_LONG, required=False, allow_blank=True, default="")
    evidence = serializers.ListField(child=serializers.UUIDField(), max_length=50, required=False, default=list)


class ExceptionInput(Input):
    """What did not happen, what follows from it, what is done about it."""

    said = Text(max_length=_LONG)
    consequence = Text(max_length=_LONG)
    remedy = Text(max_length=_LONG)


class ReviewPlanSerializer(Output):
    """How often a control is reviewed. `chosen`: a person set it; else it follows the control's frequency."""

    control = ThingBrief()
    cadence = serializers.ChoiceField(choices=CADENCES)

    class Meta:
        model = ReviewPlan
        fields = ["id", "control", "cadence", "begins_on", "ended_on", "chosen", "reason", "set_by", "set_at"]


class ReviewPlanInput(Input):
    """Review a control at a cadence from today on; without one, as it is performed."""

    control = Reference(Control.objects.all())
    cadence = Choice(choices=CADENCES, required=False, allow_blank=True, default="")
    reason = Text(max_length=_LONG, required=False, allow_blank=True, default="")


class DelegationSerializer(Output):
    """Who answers whose reviews, from a day to a day. `ended_at`: ended before its last day."""

    owner = serializers.UUIDField(source="owner_id")
    delegate = serializers.UUIDField(source="delegate_id")

    class Meta:
        model = Delegation
        fields = [
            "id", "owner", "owner_name", "delegate", "delegate_name", "starts_on", "ends_on", "reason", "recorded_by",
            "recorded_at", "ended_by", "ended_at",
        ]  # fmt: skip


class DelegationInput(Input):
    """Somebody is on leave, and another answers their reviews meanwhile."""

    owner = Reference(Membership.objects.filter(ended_at__isnull=True))
    delegate = Reference(Membership.objects.filter(ended_at__isnull=True))
    starts_on = Day()
    ends_on = Day()
    reason = Text(max_length=500)
