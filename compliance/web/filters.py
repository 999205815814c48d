"""What a list is narrowed by: a form that is sent with GET, all of whose fields may stay empty."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms


class Filter(forms.Form):
    """Base of a list's filters. `beside` names fields that say how to look, not what is left out."""

    beside: tuple[str, ...] = ()

    def offer(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """Give a choice what can be chosen here and now."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, str]:
        """The filters that are set and can be read."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value and name not in self.beside}
