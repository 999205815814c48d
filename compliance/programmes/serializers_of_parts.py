"""A programme's parts, as the API shows and takes them: timing, exit conditions, selection, demands, budget."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from compliance.registers.models import Service
from compliance.web.serializers import Choice, Day, Input, Output, Reference, Text, Whole

from .claims import claim_of
from .models import BudgetLine, BudgetUnit, Demand, PhaseKind, Programme
from .selectors import selection_of, services_covered, terms_of
from .timeline import Timeline
from .timing import Verdict


class PhaseDaySerializer(serializers.Serializer):
    """When a phase has to start: at the latest, as advised, and at the earliest from where the work stands."""

    kind = serializers.ChoiceField(choices=[each.value for each in list(PhaseKind)[:4]])
    start_by = serializers.DateField()
    advised = serializers.DateField()
    can_start = serializers.DateField()
    done = serializers.BooleanField()
    late = serializers.BooleanField()


class ControlDaySerializer(serializers.Serializer):
    """When the operation of a control has to begin. `shorter`: its population begins after the period does."""

    ref = serializers.CharField(source="control.ref")
    frequency = serializers.CharField(source="control.frequency")
    starts_on = serializers.DateField(source="control.starts_on", allow_null=True)
    start_by = serializers.DateField()
    advised = serializers.DateField()
    operates = serializers.BooleanField()
    late = serializers.BooleanField()
    shorter = serializers.BooleanField()


class MoveSerializer(serializers.Serializer):
    """One thing to move, which makes the date one that can be met."""

    key = serializers.CharField()
    sentence = serializers.CharField()


class RouteSerializer(serializers.Serializer):
    """What a report would speak of, when fieldwork would be, and when the report could be there."""

    first = serializers.DateField()
    last = serializers.DateField()
    fieldwork = serializers.DateField()
    report = serializers.DateField()


class OptionSerializer(serializers.Serializer):
    """A report that could be had: `months` of observation, 0 for a Type I."""

    months = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name, not the field's own label
    least = RouteSerializer()
    usual = RouteSerializer()


class TimingSerializer(serializers.Serializer):
    """Timing advice. Without the days that it is worked back from, `verdict` is null and the lists are empty."""

    verdict = serializers.ChoiceField(choices=[each.value for each in Verdict], allow_null=True)
    today = serializers.DateField(allow_null=True)
    ready_on = serializers.DateField(allow_null=True)
    operate_by = serializers.DateField(allow_null=True)
    controls_known = serializers.BooleanField()
    phases = PhaseDaySerializer(many=True)
    controls = ControlDaySerializer(many=True)
    notes = serializers.ListField(child=serializers.CharField())
    moves = MoveSerializer(many=True)
    options = OptionSerializer(many=True)


def timing_shown(line: Timeline) -> dict[str, Any]:
    """A timeline as `TimingSerializer` takes it."""
    advice = line.advice
    given: dict[str, Any] = {"controls_known": line.controls_known, "moves": line.moves, "options": line.options}
    if advice is None:
        empty = {"verdict": None, "today": None, "ready_on": None, "operate_by": None}
        return given | empty | {"phases": [], "controls": [], "notes": []}
    return given | {
        "verdict": advice.verdict.value, "today": advice.today, "ready_on": advice.ready_on,
        "operate_by": advice.operate_by, "phases": advice.phases, "controls": advice.controls, "notes": advice.notes,
    }  # fmt: skip


class ConditionSerializer(serializers.Serializer):
    """An exit condition. `met` is null where the facts that would tell are not there."""

    id = serializers.CharField()
    title = serializers.CharField()
    met = serializers.BooleanField(allow_null=True)
    figure = serializers.CharField()


class PhaseExitSerializer(serializers.Serializer):
    """A phase, whether it is over, and the conditions that decide it."""

    kind = serializers.ChoiceField(choices=PhaseKind.choices)
    over = serializers.BooleanField()
    conditions = ConditionSerializer(many=True)


class ExitsSerializer(serializers.Serializer):
    """The five phases with their exit conditions, computed for this answer."""

    phases = PhaseExitSerializer(many=True)


class SelectionSerializer(serializers.Serializer):
    """Why this report was chosen, and the claim: what it will say and will not."""

    reason = serializers.CharField(allow_blank=True)
    author = serializers.CharField(allow_blank=True)
    approved_by = serializers.CharField(allow_blank=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    approval_holds = serializers.BooleanField(help_text="False where dates or options were changed since.")
    says = serializers.ListField(child=serializers.CharField())
    does_not_say = serializers.ListField(child=serializers.CharField())


def selection_shown(programme: Programme) -> dict[str, Any]:
    """A programme's selection and claim as `SelectionSerializer` takes them."""
    record = selection_of(programme)
    claim = claim_of(programme, [service.name for service in services_covered(programme)])
    return {
        "reason": record.reason if record else "", "author": record.author_label if record else "",
        "approved_by": record.approved_by if record else "", "approved_at": record.approved_at if record else None,
        "approval_holds": bool(record and record.approved_at and record.approved_for == terms_of(programme)),
        "says": claim.says, "does_not_say": claim.does_not,
    }  # fmt: skip


class DemandSerializer(Output):
    """Somebody outside asked for a report: who, for which deal, by when, and what would satisfy them."""

    class Meta:
        model = Demand
        fields = ["id", "programme", "asked_by", "deal", "needed_by", "report", "months", "note", "created_at"]


class DemandChange(Input):
    """What was asked."""

    asked_by = Text(max_length=200)
    deal = Text(max_length=200, allow_blank=True, required=False)
    needed_by = Day(allow_null=True, required=False)
    report = Text(max_length=200)
    months = Whole(min_value=0, max_value=12, required=False, help_text="The least period that would do, 0 for none.")
    note = Text(max_length=5_000, allow_blank=True, required=False)


class DemandInput(DemandChange):
    """A new demand."""

    programme = Reference(Programme.objects.all())


class BudgetLineSerializer(Output):
    """Hours of a department, or a fee in its currency, of a phase. `actual` is null until something is known."""

    phase = serializers.ChoiceField(choices=PhaseKind.choices)
    unit = serializers.ChoiceField(choices=BudgetUnit.choices)

    class Meta:
        model = BudgetLine
        fields = ["id", "programme", "phase", "unit", "what", "currency", "planned", "actual", "note"]


class BudgetLineChange(Input):
    """What a cost is, and comes to."""

    phase = Choice(choices=PhaseKind.choices)
    unit = Choice(choices=BudgetUnit.choices)
    what = Text(max_length=120)
    currency = Text(max_length=3, allow_blank=True, required=False, help_text="Of a fee: three letters. Hours have none.")
    planned = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=0)
    actual = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=0, allow_null=True, required=False)
    note = Text(max_length=300, allow_blank=True, required=False)


class BudgetLineInput(BudgetLineChange):
    """A new line."""

    programme = Reference(Programme.objects.all())


class CoverInput(Input):
    """The services that a programme covers; an empty list means all."""

    services = serializers.ListField(child=Reference(Service.objects.all()), max_length=200)


class SelectionInput(Input):
    """Why this report and this period. Another person approves it, on the page."""

    reason = Text(max_length=10_000)
