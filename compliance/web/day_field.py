"""A calendar day that a person chooses or writes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .serializers import FIRST_DAY, LAST_DAY


class DayField(forms.DateField):
    """A calendar day in the browser's own date field, shown and read as ISO 8601 writes it: 2026-11-30.

    Between 1970 and 2199, as the API takes them: what is counted from a day, and its moment in any time zone, exist.
    """

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {"invalid": "Write the day as 2026-11-30.", "required": "Choose a day."}

    def __init__(self, label: str, help_text: str = "", **rest: Any) -> None:
        super().__init__(label=label, help_text=help_text, **rest)

    def to_python(self, value: Any) -> date | None:
        day: date | None = super().to_python(value)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(f"Give a day from {FIRST_DAY} to {LAST_DAY}.", code="range")
        return day
