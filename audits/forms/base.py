"""A day as the forms of audits ask for it."""

from __future__ import annotations

from typing import Any

from django import forms

WRITE_IT = "Write the date as 2026-05-31."


def missing(sentence: str) -> dict[str, str]:
    """What a field says when it is left empty."""
    return {"required": sentence}


class Day(forms.DateField):
    """A calendar day, in the browser's own date field."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("error_messages", {"invalid": WRITE_IT, "required": f"Choose a day. {WRITE_IT}"})
        super().__init__(**kwargs)
