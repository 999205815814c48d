"""Coverage, as the API shows it; and what an audit firm tolerates, as it takes it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from compliance.web.serializers import Input, Output, PersonBrief, Text, ThingBrief

from ..intervals import State
from .account import account_of
from .models import Coverage, Tolerance, Worst
from .services import MOST_DAYS

_STATES = [(state.value, state.value.replace("_", " ")) for state in State]


class CoverageProgrammeBrief(serializers.Serializer):
    """The programme whose period is counted."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class PeriodCoverageSerializer(Output):
    """One evidence requirement in one programme. `worst` is the worst of its intervals; `missed` and `unknown` are holes;
    `lost` of the missed nothing can fill any more. Figures are of the day `on`."""

    programme = CoverageProgrammeBrief()
    requirement = ThingBrief()
    control = ThingBrief(source="requirement.control")
    owner = serializers.SerializerMethodField()
    worst = serializers.ChoiceField(choices=Worst.choices)
    holes = serializers.IntegerField()
    expected = serializers.IntegerField()

    class Meta:
        model = Coverage
        fields = [
            "id", "programme", "requirement", "control", "owner", "on", "worst", "expected", "holes", "filled", "late", "missed",
            "unknown", "open", "to_come", "lost", "mitigated", "first_hole", "closes",
        ]  # fmt: skip

    @extend_schema_field(PersonBrief(allow_null=True))
    def get_owner(self, row: Coverage) -> Any:
        """Whoever answers for the requirement, else for its control."""
        owner = row.requirement.owner or row.requirement.control.owner
        return PersonBrief(owner).data if owner else None


class CoverageIntervalSerializer(serializers.Serializer):
    """One expected interval, or `count` neighbours in one state where there are more than sixty: those name no evidence."""

    first = serializers.DateField()
    last = serializers.DateField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=_STATES)
    count = serializers.IntegerField()
    performed = serializers.DateField(allow_null=True)
    evidence = serializers.CharField(help_text="The artefact that fills it, by reference; empty where none does.")
    artefact = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    late_by = serializers.IntegerField(help_text="Days.")
    early_by = serializers.IntegerField(help_text="Days before the interval, as the audit firm allows.")
    recoverable_until = serializers.CharField(
        help_text="ISO 8601, or `kept` where its source keeps it for good; empty where nothing is open."
    )
    lost = serializers.BooleanField()
    mitigated_by = serializers.CharField(help_text="The control that stood in and operated; empty where none did.")
    why_unknown = serializers.CharField(help_text="What the collector met; empty where it could look.")
    what_to_do = serializers.CharField()


class PeriodCoverageInFull(PeriodCoverageSerializer):
    """Coverage with its intervals, counted for this answer."""

    intervals = serializers.SerializerMethodField()

    class Meta(PeriodCoverageSerializer.Meta):
        fields = [*PeriodCoverageSerializer.Meta.fields, "intervals"]

    @extend_schema_field(CoverageIntervalSerializer(many=True))
    def get_intervals(self, row: Coverage) -> list[dict[str, Any]]:
        account = account_of(row.requirement, str(row.programme_id))
        return [_interval(each) for each in account.rows] if account else []


def _interval(row: Any) -> dict[str, Any]:
    run = row.run
    kept = run.kept()
    return {
        "first": run.first.isoformat(), "last": run.last.isoformat(), "name": row.name, "state": run.state, "count": run.intervals,
        "performed": run.performed.isoformat() if run.performed else None, "evidence": run.ref, "artefact": run.artefact or None,
        "version": run.number or None, "late_by": run.late_by, "early_by": run.early_by,
        "recoverable_until": (kept[7] or "") if len(kept) > 7 else "", "lost": run.lost, "mitigated_by": run.mitigated_by,
        "why_unknown": f"{row.refusal.connection}: {row.refusal.reason}, {row.refusal.message}" if row.refusal else "",
        "what_to_do": row.do,
    }  # fmt: skip


class ToleranceSerializer(serializers.Serializer):
    """Days before the period and after an interval's end on which what is done once a year still counts."""

    before = serializers.IntegerField()
    after = serializers.IntegerField()
    firm = serializers.CharField()
    set_by = serializers.CharField(help_text="Empty where nobody said anything: then these are the definitions' own.")
    set_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, row: Tolerance) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(row)
        return shown if row.set_by else shown | {"set_at": None}


class ToleranceInput(Input):
    """What the audit firm said."""

    before = serializers.IntegerField(min_value=0, max_value=MOST_DAYS)
    after = serializers.IntegerField(min_value=0, max_value=MOST_DAYS)
    firm = Text(max_length=200, allow_blank=True, required=False, help_text="Whose word it is.")
