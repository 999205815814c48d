"""Vendors, connections and runs, as the API shows and takes them. A secret goes in and never comes out."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from compliance.web.serializers import Flag, Input, Output, PersonBrief, Text, Whole, Words
from evidence.checks.base import Reason

from .models import Connection, Cursor, Health, Run, RunOutcome, RunState, RunStep, StepState
from .registry import NAMES
from .services.connect import LONGEST, SHORTEST
from .services.retire import LONGEST_REASON
from .wording import in_words

_REASONS = [(reason.value, reason.value.replace("_", " ")) for reason in Reason]


class InWords(serializers.CharField):
    """A message as pages tell it, in the API too. What a machine reads stands beside it: outcome, reason, fact kinds."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(**{"read_only": True, "help_text": "As pages tell it."} | rest)

    def to_representation(self, value: Any) -> str:
        return in_words(str(value)) if value else ""


class FieldSerializer(serializers.Serializer):
    """One field of a vendor's connection. A secret one is encrypted and never shown again."""

    name = serializers.CharField()
    label = serializers.CharField()
    hint = serializers.CharField(allow_blank=True)
    secret = serializers.BooleanField()
    required = serializers.BooleanField()
    multiline = serializers.BooleanField()


class VendorSerializer(serializers.Serializer):
    """A vendor that can be connected to, and what its connection takes."""

    id = serializers.CharField()
    title = serializers.CharField()
    fields_ = FieldSerializer(many=True)
    setup = serializers.CharField(allow_blank=True, help_text="The least-privilege instruction, in Markdown.")

    def get_fields(self) -> dict[str, serializers.Field]:
        found: dict[str, serializers.Field] = super().get_fields()
        found.pop("fields_")
        return found | {"fields": FieldSerializer(many=True)}


class FactKindSerializer(serializers.Serializer):
    """One kind of fact that a vendor's collector brings, and the least that it needs."""

    id = serializers.CharField()
    vendor = serializers.CharField()
    title = serializers.CharField()
    permissions = serializers.ListField(child=serializers.CharField())
    can_be_empty = serializers.BooleanField(help_text="Whether no rows can be the truth; else none is unknown.")
    incremental = serializers.BooleanField()
    version = serializers.IntegerField()
    pushed = serializers.SerializerMethodField(help_text="Whether rows of it are pushed, by the schema at `/fact-kinds/{id}/schema/`.")

    def get_pushed(self, kind: Any) -> bool:
        return kind.shape is not None


class RowSchemaSerializer(serializers.Serializer):
    """The JSON Schema of one row, draft 2020-12."""

    title = serializers.CharField()
    description = serializers.CharField()
    type = serializers.CharField()
    properties = serializers.DictField()
    required = serializers.ListField(child=serializers.CharField())

    def get_fields(self) -> dict[str, serializers.Field]:
        named = {"$schema": serializers.CharField(), "$id": serializers.CharField()}
        return {**named, **super().get_fields(), "additionalProperties": serializers.BooleanField()}


class PermissionSerializer(serializers.Serializer):
    """One permission that was tried."""

    permission = serializers.CharField()
    allowed = serializers.BooleanField()
    message = serializers.CharField(allow_blank=True)
    remedy = serializers.CharField(allow_blank=True)


class ConnectionSerializer(Output):
    """A vendor account that evidence is pulled from. `config` holds its plain fields; of its secret there is no word
    but whether it has one."""

    vendor = serializers.CharField()
    config = serializers.DictField()
    has_secret = serializers.SerializerMethodField()
    health = serializers.ChoiceField(choices=Health.choices)
    test_results = PermissionSerializer(many=True)
    created_by = PersonBrief(allow_null=True)

    class Meta:
        model = Connection
        fields = [
            "id", "slug", "vendor", "name", "config", "has_secret", "every_minutes", "active", "health", "health_note",
            "tested_at", "test_results", "last_good_at", "next_run_at", "retired_at", "retired_reason", "created_by", "created_at",
        ]  # fmt: skip

    def get_has_secret(self, connection: Connection) -> bool:
        return bool(connection.has_secret)  # type: ignore[attr-defined]


class ConnectionChange(Input):
    """What may be changed of a connection. A secret field that is left out keeps the one that is stored."""

    name = Text(max_length=120)
    fields_ = serializers.DictField(child=Text(max_length=8_000, allow_blank=True), write_only=True)
    every_minutes = Whole(min_value=SHORTEST, max_value=LONGEST, required=False)
    active = Flag(required=False, help_text="False pauses it: nothing is collected, and what it brought grows old.")

    def get_fields(self) -> dict[str, serializers.Field]:
        found: dict[str, serializers.Field] = super().get_fields()
        held = found.pop("fields_")
        held.help_text = "The vendor's own fields, by name: see `/vendors/`. Secret ones are sealed at once."
        return found | {"fields": held}


class RetiredInput(Input):
    """Why a connection is taken out of use."""

    reason = Text(max_length=LONGEST_REASON)


class ConnectionInput(ConnectionChange):
    """A new connection."""

    vendor = serializers.ChoiceField(choices=NAMES)
    slug = serializers.SlugField(max_length=60, required=False, help_text="Made from the name unless it is given.")
    active = None  # type: ignore[assignment]


class StepSerializer(Output):
    """One kind of fact in a run: how many rows and calls, what went wrong, what to do about it. An empty `reason` means
    that it was read."""

    state = serializers.ChoiceField(choices=StepState.choices)
    reason = serializers.ChoiceField(choices=_REASONS, allow_blank=True)
    message = InWords()

    class Meta:
        model = RunStep
        fields = [
            "id", "fact_kind", "position", "state", "reason", "message", "remedy", "permission", "rows", "calls",
            "started_at", "finished_at",
        ]  # fmt: skip


class LoggedStepSerializer(StepSerializer):
    """A step with the log of its calls."""

    log = serializers.ListField(child=serializers.DictField())

    class Meta(StepSerializer.Meta):
        fields = [*StepSerializer.Meta.fields, "log"]


class ConnectionBrief(serializers.Serializer):
    """A connection, in short."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    vendor = serializers.CharField()
    name = serializers.CharField()


class RunSerializer(Output):
    """One collection of a connection. `kinds` is null where all were asked for. At the vendor's limit it pauses: it is due
    again at `due_at`, and `pause_note` says why."""

    connection = ConnectionBrief()
    kinds = serializers.ListField(child=serializers.CharField(), allow_null=True)
    state = serializers.ChoiceField(choices=RunState.choices)
    outcome = serializers.ChoiceField(choices=RunOutcome.choices, allow_blank=True)
    message = InWords()

    class Meta:
        model = Run
        fields = [
            "id", "number", "connection", "trigger", "requested_by", "kinds", "state", "outcome", "due_at", "attempt", "pauses",
            "pause_note",
            "identity", "message", "rows", "calls", "started_at", "finished_at", "created_at",
        ]  # fmt: skip


class RunWithSteps(RunSerializer):
    """A run with its steps, in order."""

    steps = StepSerializer(many=True)

    class Meta(RunSerializer.Meta):
        fields = [*RunSerializer.Meta.fields, "steps"]


class CursorSerializer(Output):
    """How far one source of a list that grows has been read: a repository, or with an empty `source` all of it.

    `complete_to` is null until it was read whole once; earlier than `collected_from` nothing was asked for.
    """

    class Meta:
        model = Cursor
        fields = ["id", "fact_kind", "source", "collected_from", "complete_to", "rows", "moved_at"]


class RunInput(Input):
    """Which kinds of fact to collect; all of them where none is named."""

    kinds = Words(required=False, allow_empty=False)
