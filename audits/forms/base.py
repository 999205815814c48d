"""A day as the forms of audits ask for it."""

from __future__ import annotations

from typing import Any

from django import forms


class Day(forms.DateField):
    """A calendar day, in the browser's own date field."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("error_messages", {"invalid": "Write the date as 2026-05-31."})
        super().__init__(**kwargs)
