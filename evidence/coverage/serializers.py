"""Coverage, as the API shows it; and what an audit firm tolerates, as it takes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from compliance.intervals.spans import Days
from compliance.web.serializers import Input, Output, PersonBrief, Text, ThingBrief
from controls.operating import Operating

from ..checks.base import Reason
from ..collectors.wording import in_words, reason_in_words
from ..intervals import State
from .account import account_of
from .looks import Refusal
from .models import Coverage, Tolerance, Worst
from .services import MOST_DAYS
from .terms import period_of

_STATES = [(state.value, state.value.replace("_", " ")) for state in State]


class CoverageProgrammeBrief(serializers.Serializer):
    """The programme whose period is counted."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class DaysSerializer(serializers.Serializer):
    """Local days in a row, both included."""

    first = serializers.DateField()
    last = serializers.DateField()


class StoodRetiredSerializer(DaysSerializer):
    """A retirement that ended, whole: it may begin or end outside the period."""

    taken_up_on = serializers.DateField()
    why_it_counts = serializers.CharField()


class PeriodCoverageSerializer(Output):
    """One evidence requirement in one programme. `worst` is the worst of its intervals; `missed` and `unknown` are holes;
    `lost` of the missed nothing can fill any more. Figures are of the day `on`. Intervals are expected on the days of
    `control_expected` alone: those on which its control was in use, and those of `control_stood_retired`, on which it stood as
    retired between two uses. What was expected until a control was retired stays counted."""

    programme = CoverageProgrammeBrief()
    requirement = ThingBrief()
    control = ThingBrief(source="requirement.control")
    owner = serializers.SerializerMethodField()
    control_starts_on = serializers.DateField(
        source="requirement.control.starts_on", allow_null=True, help_text="Since when its control operates, as it says now."
    )
    control_retired_on = serializers.SerializerMethodField(
        help_text="The day on which its control was retired; null while it is in use."
    )
    control_in_use = serializers.SerializerMethodField(
        help_text="The days of the programme's period on which its control was in use, as was stated on each of them."
    )
    control_stood_retired = serializers.SerializerMethodField(
        help_text="The retirements that its control was taken up again from and whose days of the period count all the same."
    )
    control_expected = serializers.SerializerMethodField(help_text="The days of the programme's period that count.")
    worst = serializers.ChoiceField(choices=Worst.choices)
    holes = serializers.IntegerField()
    expected = serializers.IntegerField()

    class Meta:
        model = Coverage
        fields = [
            "id", "programme", "requirement", "control", "owner", "control_starts_on", "control_retired_on",
            "control_in_use", "control_stood_retired", "control_expected", "on", "worst", "expected", "holes", "filled", "late", "missed",
            "unknown", "open", "to_come", "lost", "mitigated", "first_hole", "closes",
        ]  # fmt: skip

    @extend_schema_field(PersonBrief(allow_null=True))
    def get_owner(self, row: Coverage) -> Any:
        """Whoever answers for the requirement, else for its control."""
        owner = row.requirement.owner or row.requirement.control.owner
        return PersonBrief(owner).data if owner else None

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_control_retired_on(self, row: Coverage) -> str | None:
        day = _operating(row).retired_on(row.requirement.control)
        return day.isoformat() if day else None

    @extend_schema_field(DaysSerializer(many=True))
    def get_control_in_use(self, row: Coverage) -> list[dict[str, str]]:
        period = period_of(row.programme)
        return _days(_operating(row).in_use(row.requirement.control, period.span) if period else ())

    @extend_schema_field(StoodRetiredSerializer(many=True))
    def get_control_stood_retired(self, row: Coverage) -> list[dict[str, str]]:
        period = period_of(row.programme)
        found = _operating(row).away(row.requirement.control, period.span) if period else ()
        return [
            {
                "first": each.first.isoformat(), "last": each.last.isoformat(), "taken_up_on": each.taken_up_on.isoformat(),
                "why_it_counts": each.why,
            }
            for each in found
        ]  # fmt: skip

    @extend_schema_field(DaysSerializer(many=True))
    def get_control_expected(self, row: Coverage) -> list[dict[str, str]]:
        period = period_of(row.programme)
        return _days(_operating(row).stretches(row.requirement.control, period.span) if period else ())


def _days(found: Iterable[Days]) -> list[dict[str, str]]:
    return [{"first": first.isoformat(), "last": last.isoformat()} for first, last in found]


def _operating(row: Any) -> Operating:
    """When its control operated: read once for all rows of a page (`with_operating`), else for this one."""
    if not hasattr(row, "operating"):
        row.operating = Operating({row.requirement.control_id})
    found: Operating = row.operating
    return found


def with_operating(rows: Iterable[Any]) -> None:
    """Put beside the rows of a page when their controls operated. One query."""
    found = list(rows)
    operating = Operating({row.requirement.control_id for row in found})
    for row in found:
        row.operating = operating


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
    lacks = serializers.CharField(help_text="The list that is not there, where others that the requirement needs are.")
    mitigated_by = serializers.CharField(help_text="The control that stood in and operated; empty where none did.")
    why_unknown = serializers.CharField(help_text="What the collector met, in words; empty where it could look.")
    reason = serializers.ChoiceField(
        choices=[(each.value, each.value.replace("_", " ")) for each in Reason], allow_blank=True, help_text="The same by its value."
    )
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


def _why(refusal: Refusal) -> str:
    said = f" {in_words(refusal.message)}" if refusal.message else ""
    return f"{refusal.connection}: {reason_in_words(refusal.reason)}.{said}"


def _interval(row: Any) -> dict[str, Any]:
    run = row.run
    kept = run.kept()
    return {
        "first": run.first.isoformat(), "last": run.last.isoformat(), "name": row.name, "state": run.state, "count": run.intervals,
        "performed": run.performed.isoformat() if run.performed else None, "evidence": run.ref, "artefact": run.artefact or None,
        "version": run.number or None, "late_by": run.late_by, "early_by": run.early_by,
        "recoverable_until": (kept[7] or "") if len(kept) > 7 else "", "lost": run.lost, "mitigated_by": run.mitigated_by,
        "lacks": run.lacks,
        "why_unknown": _why(row.refusal) if row.refusal else "", "reason": row.refusal.reason if row.refusal else "",
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
