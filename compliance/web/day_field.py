"""A calendar day that a person chooses or writes."""

from __future__ import annotations

from typing import Any

from django import forms


class DayField(forms.DateField):
    """A calendar day in the browser's own date field, shown and read as ISO 8601 writes it: 2026-11-30."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {"invalid": "Write the day as 2026-11-30.", "required": "Choose a day."}

    def __init__(self, label: str, help_text: str = "", **rest: Any) -> None:
        super().__init__(label=label, help_text=help_text, **rest)
