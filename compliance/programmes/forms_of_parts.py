"""Forms of a programme's parts: the selection, who asked, the budget, services, and how long things take."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms

from compliance.registers.models import Service
from compliance.web.day_field import DayField

from .models import BudgetUnit, PhaseKind
from .services.pacing import MOST
from .timing import Length, Pace


class SelectionForm(forms.Form):
    """Why this report and this period."""

    reason = forms.CharField(
        label="Why this report and this period", widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What was weighed, and why the other choices were not taken. Another person approves it.",
        error_messages={"required": "Say why this report and this period: an approver decides on it."},
    )  # fmt: skip


class DemandForm(forms.Form):
    """Who asked for a report, and what would satisfy them."""

    asked_by = forms.CharField(label="Who asked", max_length=200, help_text="A customer, a prospect, a partner, a regulator.")
    deal = forms.CharField(label="For which deal", max_length=200, required=False)
    needed_by = DayField("By when", required=False)
    report = forms.CharField(label="Which report would satisfy them", max_length=200, help_text="In their words.")
    months = forms.TypedChoiceField(
        label="Over which period", coerce=int,
        choices=[(0, "None: one day, or any report"), (3, "At least 3 months"), (6, "At least 6 months"), (12, "12 months")],
        initial=0,
    )  # fmt: skip
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))


class BudgetLineForm(forms.Form):
    """A cost of a phase: hours of a department, or a fee."""

    phase = forms.ChoiceField(label="Phase", choices=PhaseKind.choices)
    unit = forms.ChoiceField(label="Counted in", choices=BudgetUnit.choices, initial=BudgetUnit.HOURS)
    what = forms.CharField(label="Department, or what the fee is for", max_length=120)
    currency = forms.CharField(
        label="Currency", max_length=3, required=False, help_text="Of a fee, three letters: EUR. Hours have none.",
        widget=forms.TextInput(attrs={"class": "inw"}),
    )  # fmt: skip
    planned = forms.DecimalField(label="Planned", min_value=0, max_digits=12, decimal_places=2)
    actual = forms.DecimalField(
        label="Actual", min_value=0, max_digits=12, decimal_places=2, required=False,
        help_text="Empty until something is known; zero says that it cost nothing.",
    )  # fmt: skip
    note = forms.CharField(label="Note", max_length=300, required=False)


class ServicesForm(forms.Form):
    """The services that a programme covers."""

    services = forms.ModelMultipleChoiceField(
        label="Services covered", queryset=Service.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text="None chosen means that all are covered, and those to come too.",
    )  # fmt: skip

    def __init__(self, *args: Any, named: Collection[UUID], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Service.objects.filter(active=True) | Service.objects.filter(pk__in=named)  # one that ended stays covered
        self.fields["services"].queryset = offered.order_by("ref")  # type: ignore[attr-defined]


class PaceForm(forms.Form):
    """The least and the usual of every length."""

    def __init__(self, *args: Any, pace: Pace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lengths = list(pace.lengths.values())
        for length in self.lengths:
            for end, label in (("least", "Least"), ("usual", "Usual")):
                field = forms.IntegerField(
                    label=f"{label}, in {length.unit}", min_value=1, max_value=MOST, initial=getattr(length, end),
                    widget=forms.NumberInput(attrs={"class": "inw"}),
                )  # fmt: skip
                self.fields[self.name_of(length, end)] = field

    @staticmethod
    def name_of(length: Length, end: str) -> str:
        """The name of a field: `phase_scoping_least`."""
        return f"{length.key.replace('.', '_')}_{end}"

    def rows(self) -> list[tuple[Length, Any, Any]]:
        """Each length with its two fields."""
        return [(each, self[self.name_of(each, "least")], self[self.name_of(each, "usual")]) for each in self.lengths]

    def values(self) -> dict[str, tuple[int, int]]:
        """What was filled in, by key."""
        sent = self.cleaned_data
        return {each.key: (sent[self.name_of(each, "least")], sent[self.name_of(each, "usual")]) for each in self.lengths}

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or {}
        for each in self.lengths:
            least, usual = sent.get(self.name_of(each, "least")), sent.get(self.name_of(each, "usual"))
            if least and usual and usual < least:
                self.add_error(self.name_of(each, "usual"), f"Give {least} or more: the usual is at least the least.")
        return sent
