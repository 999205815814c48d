"""What is asked of a file of facts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from compliance.web.serializers import FIRST_DAY, LAST_DAY


class DropForm(forms.Form):
    """A file, the moment that it speaks of, and whether it is the whole list."""

    file = forms.FileField(
        label="File", error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )  # fmt: skip
    as_of = forms.DateTimeField(
        label="As of", widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={"invalid": "Write it as 2026-11-30 14:05.", "required": "Say when the list was drawn."},
    )  # fmt: skip
    complete = forms.BooleanField(
        label="It is the whole list", required=False,
        help_text="A part is kept, and never read as the whole: what is not in it stays unknown.",
    )  # fmt: skip

    def __init__(self, *args: Any, zone: str, takes: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = ZoneInfo(zone)
        self.fields["file"].help_text = takes
        self.fields["as_of"].help_text = f"When it was drawn, in {zone}; at most seven days ago."

    def clean_as_of(self) -> datetime:
        drawn: datetime = self.cleaned_data["as_of"]
        if not FIRST_DAY <= drawn.date() <= LAST_DAY:
            raise forms.ValidationError(f"Give a time from {FIRST_DAY} to {LAST_DAY}.")
        return drawn.replace(tzinfo=self._zone)
