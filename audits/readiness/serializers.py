"""Readiness and the dashboard's figures, as the API shows them."""

from __future__ import annotations

from rest_framework import serializers

from .forms import PARTS
from .requirements import State

_STATES = [(state.value, state.value.replace("_", " ")) for state in State]


class ApartSerializer(serializers.Serializer):
    """The clauses, or the annex controls, of a management system standard."""

    part = serializers.ChoiceField(choices=PARTS)
    d = serializers.IntegerField()
    ready = serializers.IntegerField()


class ReadinessSerializer(serializers.Serializer):
    """How far a programme has come: of `d` requirements in scope `ready` are ready. `percent` is rounded down, and null
    where the framework is not loaded whole."""

    id = serializers.UUIDField(help_text="The programme.")
    name = serializers.CharField()
    kind = serializers.CharField()
    framework = serializers.CharField()
    d = serializers.IntegerField()
    ready = serializers.IntegerField()
    percent = serializers.IntegerField(allow_null=True)
    on_track = serializers.IntegerField(allow_null=True)
    buckets = serializers.DictField(child=serializers.IntegerField(), help_text="By state; they sum to `d`.")
    apart = ApartSerializer(
        many=True, default=list, help_text="Clauses and annex controls, which add up to `d`; empty for other frameworks."
    )
    controls = serializers.IntegerField()
    assessed = serializers.IntegerField()


class JudgedSerializer(serializers.Serializer):
    """One requirement with its state, and every reason why it is not ready."""

    id = serializers.UUIDField()
    ref = serializers.CharField()
    title = serializers.CharField()
    series = serializers.CharField()
    state = serializers.ChoiceField(choices=_STATES)
    reasons = serializers.ListField(child=serializers.CharField())
    judged = serializers.CharField(
        default="", help_text="`manual` where no check is bound to any of its controls: people alone judge it."
    )


class ReadinessInFull(ReadinessSerializer):
    """Readiness with every requirement behind it."""

    computed_at = serializers.DateTimeField()
    requirements = JudgedSerializer(many=True)


class AreaSerializer(serializers.Serializer):
    """Open gaps of one area."""

    area = serializers.CharField()
    critical = serializers.IntegerField()
    significant = serializers.IntegerField()
    minor = serializers.IntegerField()
    open = serializers.IntegerField()


class GapFigures(serializers.Serializer):
    """Open gaps by the severity in force."""

    critical = serializers.IntegerField()
    significant = serializers.IntegerField()
    minor = serializers.IntegerField()
    by_area = AreaSerializer(many=True)


class ControlFigures(serializers.Serializer):
    """Controls in use, and how many of them are assessed."""

    total = serializers.IntegerField()
    assessed = serializers.IntegerField()


class DashboardSerializer(serializers.Serializer):
    """The figures of the dashboard as they stood at `computed_at`."""

    computed_at = serializers.DateTimeField()
    programmes = ReadinessSerializer(many=True)
    controls = ControlFigures()
    evidence = serializers.DictField(child=serializers.IntegerField(), help_text="Evidence requirements by freshness, and their sums.")
    gaps = GapFigures()
