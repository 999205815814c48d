"""One exception for all that a source shows."""

from __future__ import annotations

from django import forms

from compliance.web.day_field import DayField


class SourceExceptionForm(forms.Form):
    """Why all of it may fail, and until when."""

    reason = forms.CharField(
        label="Why it may fail", max_length=5_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Stands with each exception. Say what became of the source; an auditor reads this.",
        error_messages={"required": "Say why it may fail."},
    )  # fmt: skip
    until = DayField("Until", "The last day, at most a year on.")
