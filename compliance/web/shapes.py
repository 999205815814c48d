"""Rows as the API shows them, by a plan that is drawn once for each serializer class.

DRF builds all fields of a serializer, nested ones too, for every request and walks them for every row; that was most of
the time of a list. The plan gives the same answer: what it does not know, it leaves to the field itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from types import MethodType
from typing import Any
from uuid import UUID

from django.db.models import Manager
from rest_framework import serializers
from rest_framework.fields import SkipField, _UnvalidatedField, empty

Shape = Callable[[Any], Any]
_LEFT_OUT = object()


@cache
def plan_of(kind: type[serializers.BaseSerializer]) -> Shape:
    """How a row becomes what `kind` shows. The serializer that it was drawn from has no context."""
    return _of_serializer(kind())


def _of_serializer(serializer: Any) -> Shape:
    steps = [(field.field_name, _getter(field), _shape(field)) for field in serializer._readable_fields]

    def shown(row: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, get, shape in steps:
            value = get(row)
            if value is not _LEFT_OUT:
                found[name] = None if value is None else shape(value)
        return found

    return shown


def _getter(field: serializers.Field) -> Shape:
    """Reads the field's source; the field itself decides where that fails, or means more than an attribute."""
    source = _column(field) or field.source or ""
    if (
        source == "*"
        or (isinstance(field, serializers.RelatedField) and not _column(field))
        or field.default is not empty
    ):
        return lambda row: _asked(field, row)
    read = attrgetter(source)

    def get(row: Any) -> Any:
        if type(row) is dict and source in row:
            return row[source]
        try:
            value = read(row)
        except AttributeError:
            return _asked(field, row)
        return value() if type(value) is MethodType else value

    return get


def _column(field: Any) -> str:
    """The attribute that holds a reference's id, so that nothing is fetched for it; empty where it is not so simple."""
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    if type(field) is not serializers.PrimaryKeyRelatedField or field.pk_field or model is None or "." in (field.source or ""):
        return ""
    return str(model._meta.get_field(field.source).attname)


def _asked(field: serializers.Field, row: Any) -> Any:
    try:
        return field.get_attribute(row)
    except SkipField:
        return _LEFT_OUT


def _shape(field: Any) -> Shape:
    """How a value that is not None is shown."""
    if isinstance(field, serializers.ListSerializer):
        return _each(_shape(field.child))
    if type(field) is serializers.ListField:
        return _each(_shape(field.child))
    if type(field) is serializers.DictField:
        return _named(_shape(field.child))
    if type(field) is _UnvalidatedField:
        return lambda value: value
    if type(field) is serializers.PrimaryKeyRelatedField and _column(field):
        return lambda value: str(value) if type(value) is UUID else value
    if isinstance(field, serializers.Serializer) and _is_plain(type(field)):
        return _of_serializer(field)
    if type(field) is serializers.DateTimeField and getattr(field, "format", empty) is empty:
        return lambda value: _moment(field, value)
    if type(field) is serializers.DateField and getattr(field, "format", empty) is empty:
        return lambda value: value.isoformat() if type(value) is date else field.to_representation(value)
    if type(field) is serializers.ChoiceField:
        known = field.choice_strings_to_values
        return lambda value: known.get(value, value) if isinstance(value, str) else field.to_representation(value)
    simple: dict[type, Shape] = {serializers.CharField: str, serializers.IntegerField: int, serializers.UUIDField: str}
    if type(field) in simple and getattr(field, "uuid_format", "hex_verbose") == "hex_verbose":
        return simple[type(field)]
    shape: Shape = field.to_representation
    return shape


def _is_plain(kind: type[serializers.Serializer]) -> bool:
    """Whether a serializer shows its fields and does nothing else."""
    return kind.to_representation in (serializers.Serializer.to_representation, Planned.to_representation)


def _each(shape: Shape) -> Shape:
    def shown(values: Any) -> list[Any]:
        rows = values.all() if isinstance(values, Manager) else values
        return [None if value is None else shape(value) for value in rows]

    return shown


def _named(shape: Shape) -> Shape:
    return lambda values: {str(name): None if value is None else shape(value) for name, value in values.items()}


def _moment(field: serializers.DateTimeField, value: Any) -> Any:
    text: str = value.isoformat() if type(value) is datetime else ""
    return f"{text[:-6]}Z" if text.endswith("+00:00") else field.to_representation(value)


class Planned:
    """Mixed into a serializer that is read: its rows go by the plan of its class."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        found: dict[str, Any] = plan_of(type(self))(instance)  # type: ignore[arg-type]
        return found
