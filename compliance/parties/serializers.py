"""Third parties, their papers and our reviews, as the API shows and takes them."""

from __future__ import annotations

from rest_framework import serializers

from compliance.frameworks.models import Requirement
from compliance.frameworks.serializers import RequirementBrief
from compliance.people.models import Membership
from compliance.registers.models import Kind, System
from compliance.registers.serializers import SystemBrief
from compliance.web.serializers import Choice, Day, Input, Output, PersonBrief, Reference, Text, Whole, Words

from .models import (
    BridgeLetter,
    ExpectedControl,
    Incidents,
    Method,
    NestedCarveOut,
    Opinion,
    Outcome,
    OwnUserEntityControl,
    Party,
    PartyReport,
    PartyReview,
    ReportKind,
    Role,
)

LONG = 10_000


class PartySerializer(Output):
    """A third party and the part it plays. `services_used` are in the words of its own reports."""

    system = SystemBrief()
    role = serializers.ChoiceField(choices=Role.choices)
    method = serializers.ChoiceField(choices=[*Method.choices, ("", "None")])
    services_used = serializers.ListField(child=serializers.CharField())
    regions = serializers.ListField(child=serializers.CharField())
    reviewer = PersonBrief(allow_null=True)

    class Meta:
        model = Party
        fields = [
            "id", "system", "role", "method", "purpose", "services_used", "regions", "reviewer", "review_months",
            "first_review_due", "created_at",
        ]  # fmt: skip


class PartyChange(Input):
    """What is known of a third party. A cadence needs both `review_months` and `first_review_due`."""

    role = Choice(choices=Role.choices)
    method = Choice(choices=Method.choices, allow_blank=True, required=False)
    purpose = Text(max_length=LONG, allow_blank=True, required=False)
    services_used = Words(longest=200, required=False)
    regions = Words(longest=200, required=False)
    reviewer = Reference(Membership.objects.filter(ended_at__isnull=True), allow_null=True, required=False)
    review_months = Whole(min_value=1, max_value=36, allow_null=True, required=False)
    first_review_due = Day(allow_null=True, required=False)


class PartyInput(PartyChange):
    """A third party's role: of `system`, one of the register, or of a new one that is entered by its `name`."""

    system = Reference(System.objects.filter(kind=Kind.THIRD_PARTY), required=False)
    name = Text(max_length=200, required=False)


class ReviewSerializer(Output):
    """What came of the review that was due on a day; a skipped one stays skipped."""

    party = serializers.UUIDField(source="party_id")
    outcome = serializers.ChoiceField(choices=Outcome.choices)

    class Meta:
        model = PartyReview
        fields = ["id", "party", "due_on", "outcome", "note", "reviewed_by", "recorded_at"]


class ReviewInput(Input):
    """What came of the review that is open: the one overdue, else the next."""

    party = Reference(Party.objects.all())
    outcome = Choice(choices=[each for each in Outcome.choices if each[0] != Outcome.SKIPPED])
    note = Text(max_length=LONG)


class ExpectedControlSerializer(Output):
    """A control that we take a subservice organisation to have (CSOC)."""

    party = serializers.UUIDField(source="party_id")
    requirements = serializers.SerializerMethodField()

    class Meta:
        model = ExpectedControl
        fields = ["id", "party", "text", "requirements", "created_at"]

    def get_requirements(self, row: ExpectedControl) -> RequirementBrief(many=True):  # type: ignore[valid-type]
        return RequirementBrief([each.requirement for each in row.bears_on.all()], many=True).data


class ExpectedControlChange(Input):
    """What it says, and the criteria that it bears on: both are given anew."""

    text = Text(max_length=LONG)
    requirements = serializers.ListField(child=Reference(Requirement.objects.all()), allow_empty=False, max_length=60)


class ExpectedControlInput(ExpectedControlChange):
    """A control that we take a party to have."""

    party = Reference(Party.objects.all())


class ReportSerializer(Output):
    """A report or certificate of a third party. Only a SOC 2 Type II speaks of operation."""

    party = serializers.UUIDField(source="party_id")
    kind = serializers.ChoiceField(choices=ReportKind.choices)
    services = serializers.ListField(child=serializers.CharField())
    regions = serializers.ListField(child=serializers.CharField())
    opinion = serializers.ChoiceField(choices=Opinion.choices)

    class Meta:
        model = PartyReport
        fields = [
            "id", "party", "kind", "issuer", "starts_on", "ends_on", "issued_on", "services", "regions", "opinion", "exceptions",
            "created_at",
        ]  # fmt: skip


class ReportChange(Input):
    """A report as it describes itself; `all` among services or regions stands for every one."""

    kind = Choice(choices=ReportKind.choices)
    issuer = Text(max_length=200)
    starts_on = Day(allow_null=True, required=False, help_text="Null for one that speaks of a single day.")
    ends_on = Day()
    issued_on = Day(allow_null=True, required=False)
    services = Words(longest=200, required=False)
    regions = Words(longest=200, required=False)
    opinion = Choice(choices=Opinion.choices)
    exceptions = Text(max_length=LONG, allow_blank=True, required=False)
    nested = Words(longest=200, required=False, help_text="Organisations that the report carves out itself.")


class ReportInput(ReportChange):
    """A report of a party."""

    party = Reference(Party.objects.all())


class CarveOutSerializer(Output):
    """An organisation that a report carves out. `answer` says how we deal with it; empty means that nobody has."""

    report = serializers.UUIDField(source="report_id")

    class Meta:
        model = NestedCarveOut
        fields = ["id", "report", "name", "services", "answer"]


class CarveOutAnswer(Input):
    """How we deal with it."""

    answer = Text(max_length=LONG)


class LetterSerializer(Output):
    """A bridge letter. Of the days after its signature it says nothing."""

    party = serializers.UUIDField(source="party_id")
    report = serializers.UUIDField(source="report_id")
    services = serializers.ListField(child=serializers.CharField())
    incidents = serializers.ChoiceField(choices=Incidents.choices)

    class Meta:
        model = BridgeLetter
        fields = [
            "id", "party", "report", "starts_on", "ends_on", "services", "signed_by", "signed_on", "incidents", "statement",
            "created_at",
        ]  # fmt: skip


class LetterChange(Input):
    """A bridge letter, as it stands."""

    report = Reference(PartyReport.objects.all())
    starts_on = Day()
    ends_on = Day()
    services = Words(longest=200, required=False)
    signed_by = Text(max_length=200)
    signed_on = Day()
    incidents = Choice(choices=Incidents.choices)
    statement = Text(max_length=LONG, allow_blank=True, required=False)


class LetterInput(LetterChange):
    """A bridge letter of a party."""

    party = Reference(Party.objects.all())


class OwnCuecSerializer(Output):
    """What our own report takes customers to do (DC 6)."""

    requirements = serializers.SerializerMethodField()

    class Meta:
        model = OwnUserEntityControl
        fields = ["id", "ref", "text", "requirements", "withdrawn_on", "created_at"]

    def get_requirements(self, row: OwnUserEntityControl) -> RequirementBrief(many=True):  # type: ignore[valid-type]
        return RequirementBrief([each.requirement for each in row.bears_on.all()], many=True).data


class OwnCuecInput(Input):
    """What a customer has to do, and the criteria that are met only with it: both are given anew."""

    text = Text(max_length=LONG)
    requirements = serializers.ListField(child=Reference(Requirement.objects.all()), allow_empty=False, max_length=60)
