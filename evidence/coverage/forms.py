"""What coverage is narrowed by and asked about, and what an audit firm tolerates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from compliance.people.models import Membership
from compliance.web.day_field import DayField
from compliance.web.filters import Filter
from controls.forms import owner_choices

from .services import MOST_DAYS

Choices = list[tuple[str, str]]
STATES: Choices = [
    ("hole", "With a hole"), ("lost", "With an interval that is lost"), ("unknown", "With one that is unknown"),
    ("late", "With one that was late"), ("open", "With one open now"), ("whole", "Without a hole"),
]  # fmt: skip
GROUPS: Choices = [("series", "Criteria"), ("family", "Control family"), ("none", "One list")]


class CoverageFilter(Filter):
    """What the year is narrowed by; `group` says how it is laid out, `start` and `end` which period is supposed."""

    q = forms.CharField(label="Find", required=False, max_length=200)
    state = forms.ChoiceField(label="Coverage", required=False, choices=[("", "Any"), *STATES])
    owner = forms.ChoiceField(label="Owner", required=False)
    series = forms.ChoiceField(label="Criteria", required=False)
    criterion = forms.CharField(label="Criterion", required=False, max_length=40)
    control = forms.CharField(label="Control", required=False, max_length=12)
    group = forms.ChoiceField(label="Grouped by", required=False, choices=GROUPS)
    programme = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    beside = ("group", "programme")

    def __init__(self, data: Any, *, owners: Iterable[Membership] = (), series: Iterable[str] = ()) -> None:
        super().__init__(data)
        self.offer("owner", owner_choices(owners))
        self.offer("series", [("", "All"), *((each, each) for each in series)])


class SupposedForm(forms.Form):
    """Another period than the programme's own, to see what would become of the intervals. Nothing is saved."""

    start = DayField("What if it began on", required=False)
    end = DayField("and ended on", required=False)

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if bool(start) != bool(end) and not self.errors:
            self.add_error("end" if start else "start", "Give both days.")
        if start and end and end <= start:
            self.add_error("end", "It ends before it begins.")
        elif start and end and (end - start).days > 3 * 366:
            self.add_error("end", "A period of more than three years is not counted.")
        return self.cleaned_data


class ToleranceForm(forms.Form):
    """What the audit firm takes of things done once a year."""

    before = forms.IntegerField(
        label="Days before the period", min_value=0, max_value=MOST_DAYS,
        help_text="An annual test performed so shortly before the period still counts for its first year. The definitions take none.",
        error_messages={"required": "Give a number of days, 0 for none."},
    )  # fmt: skip
    after = forms.IntegerField(
        label="Days after the interval", min_value=0, max_value=MOST_DAYS,
        help_text="Performed so late it still counts, as late. The definitions take 30.",
        error_messages={"required": "Give a number of days, 0 for none."},
    )  # fmt: skip
    firm = forms.CharField(
        label="Whose word this is", max_length=200, required=False, help_text="The audit firm, and where it said so."
    )
