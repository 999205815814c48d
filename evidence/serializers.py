"""Evidence requirements, artefacts and their versions, as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

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
    Words,
)
from controls.models import Control, Frequency
from controls.starter import naming
from controls.starter.evidence_rules import LONGEST_STEP
from controls.starter.request_list import request_list
from controls.starter.templates import templates

from .cadences import history_of
from .capture import ENVIRONMENTS, TERMS
from .checks import catalogue
from .guidance import convention_of
from .list_kinds import is_list_kind
from .media import NotAcceptedError, media_of
from .models import (
    Acceptance,
    Artefact,
    EvidenceKind,
    EvidenceRequirement,
    Freshness,
    Origin,
    Source,
    SourceLink,
    Supersession,
    Version,
    VersionDecision,
)
from .scanning import scan
from .services.provide import provenance_of
from .thresholds import faults

SPANS = ["point", "period"]


class StatedCadenceSerializer(serializers.Serializer):
    """From a day on it is to be shown another often. `corrects`: said of days that were over; `overruled`: by a later statement."""

    before = serializers.CharField(source="row.before")
    after = serializers.CharField(source="row.after")
    since = serializers.DateField(source="row.since")
    reason = serializers.CharField(source="row.reason")
    said_by = serializers.CharField(source="row.said_by")
    said_at = serializers.DateTimeField(source="row.said_at")
    corrects = serializers.BooleanField()
    overruled = serializers.BooleanField()


class EvidenceRequirementSerializer(Output):
    """One thing that a control must show. `freshness` is current, due soon, stale, missing, not yet due or event-driven."""

    control = ThingBrief()
    owner = PersonBrief(allow_null=True)
    cadence = serializers.ChoiceField(choices=Frequency.choices)
    source = serializers.ChoiceField(choices=Source.choices)
    freshness = serializers.ChoiceField(choices=Freshness.choices)
    checks = serializers.ListField(child=serializers.CharField())
    fact_kinds = serializers.ListField(child=serializers.CharField())
    kind = serializers.ChoiceField(choices=EvidenceKind.choices)
    items = serializers.ListField(child=serializers.CharField(), help_text="Lines of the usual request list that it answers.")
    steps = serializers.ListField(child=serializers.CharField(), help_text="How a person collects it, in sentences.")
    template = serializers.CharField(help_text="What is filled in: see `/evidence-requirements/{id}/template/`. Empty: nothing.")
    naming = serializers.SerializerMethodField(help_text="How its files are named.")
    thresholds = serializers.DictField(help_text="The numbers that the control states, by check and name.")
    cadence_history = serializers.SerializerMethodField()

    class Meta:
        model = EvidenceRequirement
        fields = [
            "id", "ref", "control", "key", "title", "artefact", "format", "cadence", "cadence_history", "source", "checks", "fact_kinds",
            "kind", "items", "naming", "steps", "template", "population_template", "thresholds", "span", "owner", "first_due",
            "freshness", "effective_end", "stale_at", "judged_at", "created_at",
        ]  # fmt: skip

    def get_naming(self, requirement: EvidenceRequirement) -> str:
        return convention_of(requirement)

    @extend_schema_field(StatedCadenceSerializer(many=True))
    def get_cadence_history(self, requirement: EvidenceRequirement) -> Any:
        """Since when it is to be shown how often, the last statement first; empty where that never changed."""
        return StatedCadenceSerializer(history_of(requirement), many=True).data


class EvidenceRequirementFields(Input):
    """What is asked, how often, and by what it is judged."""

    title = Text(max_length=200)
    artefact = Text(max_length=5_000, allow_blank=True, required=False, help_text="What would show it, in words.")
    format = Text(max_length=60, allow_blank=True, required=False)
    cadence = Choice(choices=Frequency.choices)
    source = Choice(choices=Source.choices)
    checks = Words(required=False, help_text="Ids of checks that judge it: see `/checks/`.")
    span = Choice(choices=SPANS, required=False)
    owner = Reference(Membership.objects.filter(ended_at__isnull=True), allow_null=True, required=False)
    first_due = Day(allow_null=True, required=False)
    kind = Choice(choices=EvidenceKind.choices, required=False)
    items = Words(required=False, most=20, help_text="Such as `PBC-062`.")
    naming = Text(
        max_length=120, allow_blank=True, required=False,
        help_text="A pattern of {control}, {key}, {date}, {from}, {to}, {item} and {system}; empty: as usual.",
    )  # fmt: skip
    steps = Words(required=False, most=20, longest=LONGEST_STEP)
    template = Text(max_length=60, allow_blank=True, required=False, help_text="The key of a template: `access-review`.")
    population_template = Text(
        max_length=40, allow_blank=True, required=False, help_text="The key of a kind of population (`/population-templates/`)."
    )
    thresholds = serializers.JSONField(
        required=False, help_text='By check and name: `{"okta.password.policy": {"min_length": 14}}`.'
    )

    def validate_population_template(self, key: str) -> str:
        if key and not is_list_kind(key):
            raise serializers.ValidationError("There is no kind of population of this key.")
        return key

    def validate_items(self, ids: list[str]) -> list[str]:
        if strangers := [id for id in ids if id not in request_list().items]:
            raise serializers.ValidationError(f"The request list has no {', '.join(strangers)}.")
        return list(dict.fromkeys(ids))

    def validate_template(self, key: str) -> str:
        if key and key not in templates():
            raise serializers.ValidationError(f"There is no template {key}.")
        return key

    def validate_naming(self, pattern: str) -> str:
        if pattern and (wrong := naming.faults(pattern)):
            raise serializers.ValidationError(wrong)
        return pattern

    def validate_thresholds(self, stated: Any) -> dict[str, dict[str, Any]]:
        if not isinstance(stated, dict) or not all(isinstance(values, dict) for values in stated.values()):
            raise serializers.ValidationError("Give an object of objects: check to name to value.")
        if wrong := faults(stated):
            raise serializers.ValidationError(wrong)
        return stated

    def validate_checks(self, ids: list[str]) -> list[str]:
        if unknown := catalogue.unknown_ids(ids):
            raise serializers.ValidationError(f"No check is called {', '.join(unknown)}.")
        return ids


class EvidenceRequirementChange(EvidenceRequirementFields):
    """What is asked otherwise; where that is how often, since when and why."""

    cadence_since = Day(
        required=False, allow_null=True, help_text="The first day on which another `cadence` is stated; today without it."
    )
    cadence_reason = Text(
        max_length=2_000, allow_blank=True, required=False, help_text="Why; needed where `cadence_since` is before today."
    )


class EvidenceRequirementInput(EvidenceRequirementFields):
    """One more thing that a control must show."""

    control = Reference(Control.objects.all())
    key = serializers.SlugField(max_length=60, help_text="Its name within the control: `access-review`.")


class VersionDecisionSerializer(Output):
    """Approved or returned, by whom and why."""

    acceptance = serializers.ChoiceField(choices=Acceptance.choices)

    class Meta:
        model = VersionDecision
        fields = ["id", "acceptance", "reason", "decided_by", "decided_at"]


class SupersessionSerializer(Output):
    """Which newer version takes its place, by whose word and why."""

    by = serializers.UUIDField(source="by_id")

    class Meta:
        model = Supersession
        fields = ["id", "by", "reason", "decided_by", "decided_at"]


class VersionSerializer(Output):
    """One version, as it was received: `received_at` is ours, the span is stated, `sha256` is of the stored bytes."""

    artefact = serializers.UUIDField(source="artefact_id")
    provenance = serializers.DictField(help_text="Of a collected one the call, collector, identity and run; of a brought one by whom.")
    provided_by = PersonBrief(allow_null=True)
    decisions = VersionDecisionSerializer(many=True)
    superseded = SupersessionSerializer(many=True)

    class Meta:
        model = Version
        fields = [
            "id", "artefact", "number", "sha256", "size", "media_type", "filename", "received_at", "effective_start",
            "effective_end", "provenance", "provided_by", "provided_by_label", "decisions", "superseded",
        ]  # fmt: skip


class ArtefactSerializer(Output):
    """A thing that shows something, through all its versions, and what it serves."""

    source = serializers.ChoiceField(choices=Origin.choices)
    acceptance = serializers.ChoiceField(choices=Acceptance.choices)
    requirements = serializers.SerializerMethodField()

    class Meta:
        model = Artefact
        fields = [
            "id", "ref", "title", "source", "collected_key", "vendor", "acceptance", "latest_number",
            "latest_effective_end", "latest_received_at", "created_at", "requirements",
        ]  # fmt: skip

    @extend_schema_field(ThingBrief(many=True))
    def get_requirements(self, artefact: Artefact) -> list[dict[str, Any]]:
        served = (link.requirement for link in artefact.links.all())
        return [{"id": str(each.pk), "ref": each.ref, "title": each.title} for each in served]


class _Upload(Input):
    """A file with the span that it speaks of."""

    file = serializers.FileField(max_length=255, help_text="PDF, PNG, JPEG, XLSX, DOCX, CSV, JSON, EML, text or Markdown.")
    effective_start = Moment(help_text="Since when what it shows is so, with the offset from UTC.")
    effective_end = Moment(help_text="Until when. For a point in time the same as the start; never in the future.")
    note = Text(max_length=2_000, allow_blank=True, required=False)
    source_system = Text(max_length=TERMS["source_system"][1], required=False)
    environment = Choice(choices=ENVIRONMENTS, required=False)
    captured_by = Text(max_length=TERMS["captured_by"][1], required=False)
    captured_at = Moment(required=False)
    url = Text(max_length=TERMS["url"][1], required=False)
    tool = Text(max_length=TERMS["tool"][1], required=False)

    def validate_file(self, file: UploadedFile) -> UploadedFile:
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise serializers.ValidationError(f"The file is larger than {settings.UPLOAD_MAX_BYTES // 1024 // 1024} MB.")
        try:
            file.kind = media_of(file, str(file.name))  # type: ignore[attr-defined, arg-type]
            file.scan = scan(file.chunks())  # type: ignore[attr-defined]
        except NotAcceptedError as error:
            raise serializers.ValidationError(str(error)) from None
        return file


def stated_capture(given: dict[str, Any]) -> dict[str, str]:
    """The terms of a capture among what a call sets."""
    return {
        term: given[term].isoformat(timespec="minutes") if term == "captured_at" else given[term]
        for term in TERMS
        if given.get(term)
    }


def span_and_file(given: dict[str, Any]) -> dict[str, Any]:
    """An upload as `hand_in_version` takes it."""
    file = given["file"]
    return {
        "content": file.chunks(), "filename": file.name, "media_type": file.kind.type, "note": given.get("note", ""),
        "effective_start": given["effective_start"], "effective_end": given["effective_end"],
        "extra": provenance_of(stated_capture(given), file.scan),
    }  # fmt: skip


class VersionInput(_Upload):
    """The next version of an artefact."""


class ArtefactInput(_Upload):
    """A new artefact with its first version."""

    title = Text(max_length=200)
    requirements = serializers.ListField(
        child=Reference(EvidenceRequirement.objects.select_related("control")), max_length=50, required=False,
        help_text="Evidence requirements that it serves; the field may be repeated.",
    )  # fmt: skip


class LinkInput(Input):
    """An evidence requirement that the artefact serves."""

    requirement = Reference(EvidenceRequirement.objects.select_related("control"))


class VersionDecisionInput(Input):
    """Approved, or returned with what is wrong with it."""

    acceptance = Choice(choices=[(value, label) for value, label in Acceptance.choices if value != Acceptance.RECEIVED])
    reason = Text(max_length=5_000, allow_blank=True, required=False)


class SupersedeInput(Input):
    """The newer version of the same artefact, and why it takes the place."""

    by = Reference(Version.objects.all())
    reason = Text(max_length=2_000)
class SourceLinkSerializer(Output):
    """Where an artefact can be seen. By itself no evidence: it counts from the first version, a capture of it."""

    artefact = serializers.UUIDField(source="artefact_id")

    class Meta:
        model = SourceLink
        fields = ["id", "artefact", "url", "shows", "as_of", "stated_by", "stated_at"]


class SourceLinkInput(Input):
    """An address, what it shows there, and as of which day."""

    artefact = Reference(Artefact.objects.filter(source=Source.PERSON), required=False, help_text="Without it a new one is made.")
    title = Text(max_length=200, required=False, help_text="Of a new artefact.")
    requirements = serializers.ListField(
        child=Reference(EvidenceRequirement.objects.select_related("control")), max_length=50, required=False,
        help_text="Evidence requirements that a new artefact serves.",
    )  # fmt: skip
    url = Text(max_length=500)
    shows = Text(max_length=2_000)
    as_of = Day()

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if "artefact" not in given and "title" not in given:
            raise serializers.ValidationError({"title": "A new artefact has a title."})
        return given
