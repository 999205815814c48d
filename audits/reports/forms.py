"""What a report is asked for with."""

from __future__ import annotations

from django import forms

from .models import ReportKind


class RequestForm(forms.Form):
    """Which report."""

    kind = forms.ChoiceField(
        label="Report", choices=ReportKind.choices,
        error_messages={"required": "Choose which report to make.", "invalid_choice": "There is no such report. Choose one of the list."},
    )  # fmt: skip
