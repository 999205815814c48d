"""Uploads in parts, as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from compliance.web.serializers import Choice, Input, Moment, Output, Reference, Text, Whole

from ..capture import ENVIRONMENTS, TERMS
from ..models import Artefact, EvidenceRequirement, Source
from .models import PART_BYTES, Upload, UploadState

_LARGEST = 2**53 - 1


class CaptureInput(Input):
    """How a file was captured. Every term may be left out."""

    source_system = Text(max_length=TERMS["source_system"][1], required=False)
    environment = Choice(choices=ENVIRONMENTS, required=False)
    captured_by = Text(max_length=TERMS["captured_by"][1], required=False)
    captured_at = Moment(required=False)
    url = Text(max_length=TERMS["url"][1], required=False)
    tool = Text(max_length=TERMS["tool"][1], required=False)


class UploadSerializer(Output):
    """A file on its way. `missing` are the numbers of the parts that are not here; `found` is what an auditor would bounce."""

    state = serializers.ChoiceField(choices=UploadState.choices)
    part_bytes = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()
    facts = serializers.DictField()
    found = serializers.ListField(child=serializers.DictField())
    version = serializers.UUIDField(source="version_id", allow_null=True)

    class Meta:
        model = Upload
        fields = [
            "id", "filename", "size", "state", "part_bytes", "missing", "sha256", "media_type", "scan", "facts", "found",
            "refusal", "version", "created_at", "expires_at",
        ]  # fmt: skip

    def get_part_bytes(self, upload: Upload) -> int:
        return PART_BYTES

    def get_missing(self, upload: Upload) -> list[int]:
        if upload.state != UploadState.OPEN:
            return []
        present = {part.number for part in upload.parts.all()}
        return [number for number in range(1, upload.part_count + 1) if number not in present]


class UploadInput(Input):
    """A file to be brought in parts."""

    filename = Text(max_length=255)
    size = Whole(min_value=1, max_value=_LARGEST, help_text="Bytes of the whole file.")


class PartInput(Input):
    """One part: all but the last have `part_bytes` bytes. The same part again takes its own place."""

    number = serializers.IntegerField(min_value=1, max_value=100_000, help_text="Counted from 1.")
    sha256 = Text(max_length=64, min_length=64, help_text="Of this part, in hexadecimal.")
    file = serializers.FileField(max_length=255)


class HandInInput(Input):
    """What is stated of a file that is handed in."""

    title = Text(max_length=200, required=False, help_text="Of a new artefact; without it the file's name.")
    artefact = Reference(
        Artefact.objects.filter(source=Source.PERSON), required=False, help_text="Be the next version of this one."
    )
    requirements = serializers.ListField(
        child=Reference(EvidenceRequirement.objects.select_related("control")), max_length=50, required=False,
        help_text="Evidence requirements that a new artefact serves.",
    )  # fmt: skip
    effective_start = Moment(help_text="Since when what it shows is so, with the offset from UTC.")
    effective_end = Moment(help_text="Until when. For a point in time the same as the start; never in the future.")
    note = Text(max_length=2_000, allow_blank=True, required=False)
    capture = CaptureInput(required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("artefact") and (given.get("requirements") or given.get("title")):
            raise serializers.ValidationError({"artefact": "An artefact that is there has its title and its requirements already."})
        return given
