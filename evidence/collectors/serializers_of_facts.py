"""Pushes, as the API takes them and tells what became of them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from compliance.web.serializers import Choice, Flag, Input, Moment, Output, Text

from .models import Run, RunOutcome, Snapshot
from .push.streams import MOST_ROWS
from .serializers import InWords

FORMS = [("rows", "Rows of the kind"), ("ocsf", "OCSF Detection Findings, as Prowler writes them")]


class PushHead(Input):
    """What is said of the rows that are pushed."""

    source = Text(max_length=60, help_text="The slug of a source without an API.")  # type: ignore[assignment]
    kind = Text(max_length=80, required=False, help_text="A kind of fact with a schema; OCSF findings are `push.findings`.")
    as_of = Moment(
        required=False,
        help_text="The moment that the rows speak of: not to come, at most 7 days ago, after the last whole list. "
        "Of OCSF findings, unless it is given, the newest one's.",
    )
    complete = Flag(help_text="Whether this is the whole list. A part is kept, and never read as the whole.")
    format = Choice(choices=FORMS, required=False, help_text="`rows` unless it is given.")


class PushDocument(PushHead):
    """A push in one document."""

    rows = serializers.ListField(
        child=serializers.DictField(), max_length=MOST_ROWS, help_text="As `/fact-kinds/{kind}/schema/` says."
    )

    def to_internal_value(self, data: Any) -> Any:
        """Rows are looked at by their schema alone, each by its index; here only that they are a list."""
        if not isinstance(data, dict) or not isinstance(data.get("rows"), list):
            return super().to_internal_value(data)
        if len(data["rows"]) > MOST_ROWS:
            raise serializers.ValidationError({"rows": [f"{MOST_ROWS:,} rows at most."]})
        return {**super().to_internal_value(data | {"rows": []}), "rows": data["rows"]}


class PushedRunSerializer(Output):
    """The push, as a run of its source."""

    outcome = serializers.ChoiceField(choices=RunOutcome.choices)
    message = InWords()

    class Meta:
        model = Run
        fields = ["id", "number", "outcome", "message", "finished_at"]


class PushSerializer(Output):
    """What was kept of a push: how many rows, as of when, and the version of evidence that holds them."""

    source = serializers.CharField(source="step.run.connection.slug")  # type: ignore[assignment]
    kind = serializers.CharField(source="fact_kind")
    as_of = serializers.DateTimeField(source="collected_at")
    received_at = serializers.DateTimeField(source="version.received_at")
    complete = serializers.BooleanField(source="version.provenance.complete")
    run = PushedRunSerializer(source="step.run")
    evidence = serializers.CharField(source="version.artefact.ref")
    version = serializers.UUIDField(source="version.pk")
    version_number = serializers.IntegerField(source="version.number")
    sha256 = serializers.CharField(source="version.sha256")

    class Meta:
        model = Snapshot
        fields = [
            "source", "kind", "rows", "as_of", "received_at", "complete", "run", "evidence", "version", "version_number", "sha256",
        ]  # fmt: skip
