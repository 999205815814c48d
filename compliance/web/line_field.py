"""A short list that a person writes with one entry on each line."""

from __future__ import annotations

from typing import Any

from django import forms

_MOST, _LONGEST = 100, 200


class LinesField(forms.CharField):
    """Several short entries, one on each line; empty lines and repetitions are passed over."""

    def __init__(self, *, rows: int = 3, longest: int = _LONGEST, **rest: Any) -> None:
        self.longest = longest
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **rest)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        return list(dict.fromkeys(line.strip() for line in str(value or "").splitlines() if line.strip()))

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(value) > _MOST or any(len(line) > self.longest for line in value):
            raise forms.ValidationError(f"At most {_MOST} lines of {self.longest} characters.")

    def run_validators(self, value: Any) -> None:
        """What a text has to be is said above, of its lines."""
