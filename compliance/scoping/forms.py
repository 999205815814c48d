"""Forms of scope warnings and check lists."""

from __future__ import annotations

from typing import Any

from django import forms

from compliance.programmes.selectors import open_programmes
from compliance.web.day_field import DayField
from compliance.web.filters import Filter

from .catalogue import RULES
from .models import Severity
from .selectors import rules_raised


class WarningFilter(Filter):
    """What the warnings are narrowed by."""

    rule = forms.ChoiceField(label="Rule", required=False)
    severity = forms.ChoiceField(label="Severity", required=False, choices=[("", "Any severity"), *Severity.choices])
    programme = forms.ChoiceField(label="Programme", required=False)
    state = forms.ChoiceField(
        label="State", required=False,
        choices=[("", "Open"), ("decided", "Left as decided"), ("gone", "Gone"), ("all", "All")],
    )  # fmt: skip
    system = forms.CharField(label="System", required=False, max_length=12, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = rules_raised() | {rule.id: rule.title for rule in RULES}
        self.offer("rule", [("", "Any rule"), *((id, f"{id} {rules[id]}") for id in sorted(rules))])
        self.programmes = {str(each.pk): each for each in open_programmes()}
        self.offer("programme", [("", "Any programme"), *((id, each.name) for id, each in self.programmes.items())])


class DecisionForm(forms.Form):
    """To leave a warning as it is: why, and until when."""

    reason = forms.CharField(
        label="Why it may be left as it is", max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="An auditor reads this, and so does whoever comes after you.",
        error_messages={"required": "Say why it may be left as it is. An auditor reads this."},
    )  # fmt: skip
    review_on = DayField(
        "Look at it again on", "Within a year. The warning returns on that day, and before if the facts change."
    )


class WithdrawForm(forms.Form):
    """To take a decision back."""

    reason = forms.CharField(
        label="Why it is taken back", max_length=5_000, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why the decision is taken back."},
    )  # fmt: skip


class StartForm(forms.Form):
    """From which day controls operate on a system."""

    day = DayField("Controls operate on it from")
    text = forms.CharField(
        label="What shows it", required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """What a person says of a point that no fact settles."""

    text = forms.CharField(
        label="What stands in its place", max_length=5_000, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why. An auditor reads this."},
    )  # fmt: skip
