"""What all serializers of the API are made of: fields that guess nothing, and inputs that refuse what they do not know.

A misspelt field that is silently passed over is a change that did not happen; so it is an error, with its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Model, QuerySet
from rest_framework import serializers

from .shapes import Planned

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2199, 12, 31)
FIRST_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
UNKNOWN_FIELD = "There is no such field here, or it cannot be set."


class Text(serializers.CharField):
    """A string. DRF's field takes numbers for strings."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        value: str = super().to_internal_value(data)
        return value


class Whole(serializers.IntegerField):
    """A whole number. DRF's field takes strings and fractions for numbers."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return data


class Flag(serializers.BooleanField):
    """True or false. DRF's field takes words for them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Choice(serializers.ChoiceField):
    """One of a few words."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class Day(serializers.DateField):
    """A calendar day between 1970 and 2199: days that are counted from it stay days."""

    def to_internal_value(self, data: Any) -> date:
        value: date = super().to_internal_value(data)
        if not FIRST_DAY <= value <= LAST_DAY:
            raise serializers.ValidationError(f"Give a day from {FIRST_DAY} to {LAST_DAY}.")
        return value


class Moment(serializers.DateTimeField):
    """An instant with its offset from UTC, between 1970 and 2199. One without says nothing about where it holds."""

    def to_internal_value(self, data: Any) -> datetime:
        if isinstance(data, str):
            try:
                naive = datetime.fromisoformat(data.strip()).tzinfo is None
            except ValueError:
                naive = False
            if naive:
                raise serializers.ValidationError("Say the offset from UTC too: 2026-11-24T09:30:00Z.")
        value: datetime = super().to_internal_value(data).astimezone(UTC)
        if not FIRST_DAY <= value.date() <= LAST_DAY:
            raise serializers.ValidationError(f"Give a time from {FIRST_DAY} to {LAST_DAY}.")
        return value


class Words(serializers.ListField):
    """A short list of short strings."""

    def __init__(self, *, most: int = 100, longest: int = 120, **rest: Any) -> None:
        super().__init__(child=Text(max_length=longest), max_length=most, **rest)


class Reference(serializers.PrimaryKeyRelatedField):
    """Something of the room, by its id. What belongs to another organisation does not exist."""

    default_error_messages = {"does_not_exist": "There is nothing here with this id."}

    def __init__(self, queryset: QuerySet[Any], **rest: Any) -> None:
        super().__init__(queryset=queryset, pk_field=serializers.UUIDField(), **rest)

    def to_internal_value(self, data: Any) -> Model:
        if not isinstance(data, str):
            self.fail("incorrect_type", data_type=type(data).__name__)
        value: Model = super().to_internal_value(data)
        return value


class Output(Planned, serializers.ModelSerializer):
    """What the API shows of a row. All of it is always there, and nothing of it can be sent."""

    def get_fields(self) -> dict[str, serializers.Field]:
        fields: dict[str, serializers.Field] = super().get_fields()
        for field in fields.values():
            field.read_only, field.required = True, False
        return fields


class Input(serializers.Serializer):
    """What a call may set. Anything else in its body is an error that names it."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(map(str, set(data) - set(self.fields))) if isinstance(data, Mapping) else []
        if unknown:
            raise serializers.ValidationError({named[:100]: [UNKNOWN_FIELD] for named in unknown[:20]})
        return super().to_internal_value(data)


class Nothing(Input):
    """A call without a body of its own."""


class ReasonInput(Input):
    """Why."""

    reason = Text(max_length=5_000)


class PersonBrief(serializers.Serializer):
    """A member, in short."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class ThingBrief(serializers.Serializer):
    """Something with a reference, in short."""

    id = serializers.UUIDField()
    ref = serializers.CharField()
    title = serializers.CharField()


class Problem(serializers.Serializer):
    """An error, as RFC 9457 has it."""

    type = serializers.CharField(help_text="`about:blank`: the status says what kind it is.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    errors = serializers.DictField(required=False, help_text="What is wrong with each field; nested as the body is.")
