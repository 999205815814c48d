"""Populations and their versions, as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from compliance.people.forms import timezone_choices
from compliance.people.models import Membership
from compliance.web.serializers import (
    Choice,
    Day,
    Input,
    Moment,
    Output,
    PersonBrief,
    Reference,
    Text,
    ThingBrief,
    Whole,
)
from controls.models import Control, Implementation
from evidence.collectors.models import Connection
from evidence.models import Version

from .catalogue import TYPES, templates
from .checklist import STEPS, Result, Way
from .models import (
    Conclusion,
    Draft,
    DraftState,
    Mismatch,
    MismatchDecision,
    Population,
    PopulationVersion,
    Ruling,
    State,
)
from .receiving import refusal_of
from .reconciling import Kind
from .services.keep import SEVERITIES
from .showing import found_in
from .standing import Standing, standing_of

_KEYS = [each.key for each in templates()]


class PopulationAttributeSerializer(serializers.Serializer):
    """A column of a population. A `required` one that is empty or unknown keeps an item from being tested."""

    name = serializers.CharField()
    type = serializers.ChoiceField(choices=TYPES)
    label = serializers.CharField()
    means = serializers.CharField()
    required = serializers.BooleanField()


class PopulationTestedSerializer(serializers.Serializer):
    """What an auditor tests of an item."""

    letter = serializers.CharField()
    words = serializers.CharField()


class PopulationTemplateSerializer(serializers.Serializer):
    """A kind of population: what it lists, its columns, what is tested of an item, what is asked of its completeness."""

    id = serializers.CharField()
    title = serializers.CharField()
    lists = serializers.CharField()
    criteria = serializers.ListField(child=serializers.CharField())
    requests = serializers.ListField(child=serializers.CharField(), help_text="Lines of the usual request list that it answers.")
    attributes = PopulationAttributeSerializer(many=True)
    tested = PopulationTestedSerializer(many=True)
    questions = serializers.ListField(child=serializers.CharField())
    sources = serializers.ListField(child=serializers.CharField(), help_text="Where such lists are usually had from.")
    drawn_from = serializers.ListField(child=serializers.CharField(), help_text="Values of `source` that draw it by machine.")
    months = serializers.IntegerField()


class PopulationSerializer(Output):
    """A list that samples are drawn from. `source` is what draws it, or `upload`."""

    template = serializers.ChoiceField(choices=_KEYS)
    connection = serializers.UUIDField(source="connection_id", allow_null=True)
    owner = PersonBrief(allow_null=True)
    controls = serializers.SerializerMethodField()
    settings = serializers.DictField(
        help_text="What policy allows: `hours` to end access, `target_days` by severity. A number that a control which samples "
        "from it states takes their place; a version's `parameters.limits` say which number was judged by, and who said so."
    )
    state = serializers.ChoiceField(choices=State.choices)

    class Meta:
        model = Population
        fields = [
            "id", "ref", "template", "name", "source", "connection", "owner", "controls", "months", "next_due", "settings",
            "state", "latest_number", "confirmed_number", "created_at",
        ]  # fmt: skip

    @extend_schema_field(ThingBrief(many=True))
    def get_controls(self, row: Population) -> list[dict[str, Any]]:
        return [{"id": str(each.control_id), "ref": each.control.ref, "title": each.control.title} for each in row.served.all()]


class PopulationTargetDays(Input):
    """Days to mend, by severity."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {name: Whole(min_value=0, max_value=3660, required=False) for name in SEVERITIES}


class PopulationSettings(Input):
    """What policy allows."""

    hours = Whole(min_value=0, max_value=8784, required=False)
    target_days = PopulationTargetDays(required=False)


class PopulationChange(Input):
    """What is said of a population."""

    name = Text(max_length=200)
    source = Text(max_length=60, help_text="See `drawn_from` of its template, or `upload`.")
    connection = Reference(Connection.objects.all(), allow_null=True, required=False)
    owner = Reference(Membership.objects.filter(ended_at__isnull=True), allow_null=True, required=False)
    controls = serializers.ListField(
        child=Reference(Control.objects.exclude(implementation=Implementation.RETIRED)), max_length=50, required=False
    )
    months = Whole(min_value=1, max_value=24, required=False)
    next_due = Day(allow_null=True, required=False)
    settings = PopulationSettings(required=False)


class NewPopulationInput(PopulationChange):
    """A population of a template."""

    template = Choice(choices=_KEYS)


class PopulationPeriodInput(Input):
    """Whole days of a period that is over, in a time zone."""

    first = Day()
    last = Day()
    zone = Choice(choices=[name for name, _ in timezone_choices()], help_text="Where a day begins and ends, as in `Europe/Lisbon`.")


class PopulationFileInput(PopulationPeriodInput):
    """A file of rows, with where it comes from and how it was drawn."""

    file = serializers.FileField(max_length=255, help_text="CSV or XLSX, the first line naming the columns.")
    system = Text(max_length=300)
    query = Text(max_length=5_000, help_text="The report with its parameters, or the query itself.")
    drawn_at = Moment(help_text="When it was exported.")
    total = serializers.IntegerField(min_value=0, max_value=2_000_000_000, required=False, help_text="What the source itself counts.")
    left_out = Text(max_length=2_000, allow_blank=True, required=False, help_text="What the query leaves out, and why.")

    def validate_file(self, file: UploadedFile) -> UploadedFile:
        if refusal := refusal_of(file):
            raise serializers.ValidationError(refusal)
        return file


class PopulationDraftSerializer(Output):
    """A version on its way. `report` says of a file how it was read: its columns, rows, and faults beside the cells."""

    population = serializers.UUIDField(source="population_id")
    raw = serializers.UUIDField(source="raw_id", allow_null=True, help_text="The file as received, under `/versions/`.")
    report = serializers.DictField()
    mapping = serializers.DictField(help_text="A column of the file to an attribute of the template.")
    state = serializers.ChoiceField(choices=DraftState.choices)
    frozen = serializers.UUIDField(source="frozen_id", allow_null=True, help_text="The version that it became.")

    class Meta:
        model = Draft
        fields = [
            "id", "population", "raw", "first", "last", "zone", "system", "query", "left_out", "drawn_at", "total", "mapping",
            "report", "state", "message", "frozen", "asked_by", "asked_at",
        ]  # fmt: skip


class PopulationColumnsInput(Input):
    """Which column of the file holds which attribute; what is not named is found by its head."""

    mapping = serializers.DictField(child=Text(max_length=60, allow_blank=True))

    def validate_mapping(self, given: dict[str, str]) -> dict[str, str]:
        if len(given) > 100 or any(len(head) > 300 for head in given):
            raise serializers.ValidationError("At most 100 columns, with heads of at most 300 characters.")
        if not all(head.isprintable() for head in given):
            raise serializers.ValidationError("A head holds a character that no table has.")
        return given


class CompletenessStepSerializer(serializers.Serializer):
    """A step of completeness and accuracy. `by` is `facts` where no person was needed, else who said it."""

    step = serializers.CharField()
    way = serializers.ChoiceField(choices=[each.value for each in Way])
    holds = serializers.CharField(help_text="What has to hold.")
    result = serializers.ChoiceField(choices=[each.value for each in Result])
    note = serializers.CharField()
    by = serializers.CharField()


class PopulationDeviatingRowSerializer(serializers.Serializer):
    """A row that does not show what each should, and in words what is otherwise."""

    source = serializers.CharField()
    id = serializers.CharField()
    said = serializers.CharField()


class PopulationDeviationSerializer(serializers.Serializer):
    """What one claim of the template found in the rows. Of `unsaid` rows nobody can tell: they neither hold nor deviate."""

    rule = serializers.CharField()
    claim = serializers.CharField(help_text="What has to hold of each row.")
    count = serializers.IntegerField(help_text="Rows that are otherwise.")
    unsaid = serializers.IntegerField(help_text="Rows that do not say what the claim has to know.")
    named = PopulationDeviatingRowSerializer(many=True, help_text="The first twenty of them.")


class PopulationConclusionSerializer(Output):
    """A confirmation, or its withdrawal."""

    class Meta:
        model = Conclusion
        fields = ["confirmed", "note", "concluded_by", "concluded_at"]


class PopulationVersionSerializer(Output):
    """A frozen list with its provenance and its steps. Samples are drawn from it only while `state` is `confirmed`.

    `rows` names the stored lines under `/versions/`. `total` is what the source itself counts, and `counted` what of the
    list is compared with it. It is complete from `complete_from` to `complete_to`, but for `holes`.
    """

    population = serializers.UUIDField(source="population_id")
    rows = serializers.UUIDField(source="rows_id")
    sha256 = serializers.CharField(source="rows.sha256")
    raw = serializers.UUIDField(source="raw_id", allow_null=True)
    parameters = serializers.DictField()
    holes = serializers.ListField(child=serializers.DictField())
    left_out = serializers.SerializerMethodField(help_text="How many items were left out, each with a reason.")
    state = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()
    conclusion = serializers.SerializerMethodField()
    undecided = serializers.SerializerMethodField(help_text="Differences of the two lists that wait for a decision.")
    deviations = serializers.SerializerMethodField()

    class Meta:
        model = PopulationVersion
        fields = [
            "id", "population", "number", "rows", "sha256", "raw", "first", "last", "zone", "system", "query", "parameters",
            "extractor", "drawn_at", "frozen_at", "frozen_by", "collected", "row_count", "counted", "total", "basis",
            "complete_from", "complete_to", "holes", "left_out", "unread", "mismatches", "undecided", "added", "removed",
            "changed", "state", "steps", "conclusion", "deviations",
        ]  # fmt: skip

    def _standing(self, row: PopulationVersion) -> Standing:
        held: Standing | None = getattr(row, "standing", None)
        if held is None:
            held = row.standing = standing_of(row)  # type: ignore[attr-defined]
        return held

    def get_left_out(self, row: PopulationVersion) -> int:
        return len(row.excluded)

    @extend_schema_field(serializers.ChoiceField(choices=[each.value for each in State]))
    def get_state(self, row: PopulationVersion) -> str:
        return self._standing(row).state.value

    @extend_schema_field(CompletenessStepSerializer(many=True))
    def get_steps(self, row: PopulationVersion) -> list[dict[str, Any]]:
        standing, told = self._standing(row), []
        for step in standing.steps:
            verdict = standing.verdicts.get(step.key)
            told.append({
                "step": step.key, "way": step.way.value, "holds": step.holds, "note": verdict.note if verdict else "",
                "result": verdict.result.value if verdict else Result.OPEN.value, "by": verdict.by if verdict else "",
            })  # fmt: skip
        return told

    @extend_schema_field(PopulationConclusionSerializer(allow_null=True))
    def get_conclusion(self, row: PopulationVersion) -> dict[str, Any] | None:
        concluded = self._standing(row).conclusion
        return PopulationConclusionSerializer(concluded).data if concluded else None

    @extend_schema_field(PopulationDeviationSerializer(many=True))
    def get_deviations(self, row: PopulationVersion) -> list[dict[str, Any]]:
        return found_in(row)

    def get_undecided(self, row: PopulationVersion) -> int:
        return self._standing(row).undecided


class PopulationRowSerializer(serializers.Serializer):
    """An item. A cell that could not be read is {"$unknown": why}: it is never empty."""

    number = serializers.IntegerField(help_text="Its place in the frozen list, from 1.")
    source = serializers.CharField()
    id = serializers.CharField()
    version = serializers.CharField()
    cells = serializers.DictField()


class PopulationRowsSerializer(serializers.Serializer):
    """A hundred items, and where the next begin."""

    next = serializers.IntegerField(allow_null=True, help_text="`from` of the next hundred; null at the end.")
    results = PopulationRowSerializer(many=True)


class CompletenessStepInput(Input):
    """What a person says of a step."""

    step = Choice(choices=sorted(STEPS))
    result = Choice(choices=[Result.HOLDS.value, Result.FAILS.value])
    note = Text(max_length=5_000)
    total = Whole(min_value=0, max_value=2_000_000_000, allow_null=True, required=False, help_text="Of the step `count`.")
    evidence = Reference(Version.objects.all(), allow_null=True, required=False)


class PopulationNoteInput(Input):
    """What it rests on."""

    note = Text(max_length=5_000)


class PopulationDifferenceDecisionSerializer(Output):
    """What somebody decided of a difference."""

    ruling = serializers.ChoiceField(choices=Ruling.choices)

    class Meta:
        model = MismatchDecision
        fields = ["ruling", "reason", "decided_by", "decided_at"]


class PopulationDifferenceSerializer(Output):
    """A difference between the people list and the accounts of a system."""

    version = serializers.UUIDField(source="version_id")
    kind = serializers.ChoiceField(choices=[each.value for each in Kind])
    decisions = PopulationDifferenceDecisionSerializer(many=True)

    class Meta:
        model = Mismatch
        fields = ["id", "version", "kind", "system", "subject", "detail", "explained", "decisions"]


class PopulationRulingInput(Input):
    """What a difference is, and why."""

    ruling = Choice(choices=Ruling.choices)
    reason = Text(max_length=2_000)


