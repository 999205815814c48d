"""Choosing a day that has passed, and a threshold."""

from __future__ import annotations

from typing import Any

from django import forms

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.web.day_field import DayField
from compliance.web.filters import Filter
from controls.models import Control, Implementation

from ..thresholds import Threshold


class DayFilter(Filter):
    """The day whose facts are judged, and of which connection: without one the first."""

    day = DayField("Day", required=False)
    connection = forms.ChoiceField(label="Connection", required=False)

    def __init__(self, data: Any, *, connections: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.offer("connection", connections)

    def clean_day(self) -> Any:
        chosen = self.cleaned_data["day"]
        if chosen and chosen > today(here().timezone):
            raise forms.ValidationError("That day has not come.")
        return chosen


class SinceForm(forms.Form):
    """Since when a check judges the past."""

    since = DayField("Since", "Empty: since the observation period began.", required=False)


class ControlField(forms.ModelChoiceField):
    """A control, by reference and title."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.ref} {obj.title}"


class ThresholdForm(forms.Form):
    """What the check is held to, and where it comes from."""

    name = forms.ChoiceField(label="Threshold")
    value = forms.CharField(
        label="Held to", required=False, max_length=20_000, help_text="Lists by commas. Empty: back to the default."
    )
    control = ControlField(
        label="Control that states it", queryset=Control.objects.none(), required=False, empty_label="No control"
    )
    reason = forms.CharField(
        label="Where it comes from", max_length=5_000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The statement of the control, or the policy and its version.",
    )  # fmt: skip

    def __init__(self, *args: Any, thresholds: list[Threshold], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = [(each.name, each.label) for each in thresholds]  # type: ignore[attr-defined]
        self.fields["control"].queryset = (  # type: ignore[attr-defined]
            Control.objects.exclude(implementation=Implementation.RETIRED).order_by("ref")
        )
