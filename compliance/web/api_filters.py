"""Filters of the API's lists. What cannot be read is an error, never a filter that is silently left out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field


class _FlagField(forms.CharField):
    def clean(self, value: Any) -> bool | None:
        text = super().clean(value)
        if text == "":
            return None
        if text.lower() not in {"true", "false"}:
            raise forms.ValidationError("Say true or false.")
        return bool(text.lower() == "true")


@extend_schema_field(OpenApiTypes.BOOL)
class FlagFilter(filters.Filter):
    """`true` or `false`."""

    field_class = _FlagField


@extend_schema_field(OpenApiTypes.UUID)
class IdFilter(filters.UUIDFilter):
    """An id."""


class _MomentField(IsoDateTimeField):
    def clean(self, value: Any) -> datetime | None:
        moment = super().clean(value)
        try:
            moment = moment and moment.astimezone(UTC)
        except OverflowError:
            raise forms.ValidationError("This time is out of every range.") from None
        return moment


class MomentFilter(filters.IsoDateTimeFilter):
    """An instant; without an offset it is in UTC."""

    field_class = _MomentField


class WordFilter(filters.CharFilter):
    """A word that has to be equal, such as an id of a check."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 400)
        super().__init__(*args, validators=[ProhibitNullCharactersValidator()], **kwargs)


class ContainsFilter(filters.CharFilter):
    """JSON lists that hold a word."""

    def filter(self, qs: Any, value: str) -> Any:
        return qs.filter(**{f"{self.field_name}__contains": [value]}) if value else qs


__all__ = ["ContainsFilter", "FlagFilter", "IdFilter", "MomentFilter", "WordFilter", "filters"]
