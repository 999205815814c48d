"""Forms of the portal."""

from __future__ import annotations

from typing import Any

from django import forms

from ..forms.requests import RequestForm
from ..models import Seat
from .selectors import OVERDUE, SHOWN_STATES, criteria_for


class AskForm(RequestForm):
    """What an auditor asks. Which control it concerns is the organisation's to say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["control"]


class LogFilter(forms.Form):
    """What the log is narrowed by."""

    state = forms.ChoiceField(label="Show", required=False, choices=[("", "All"), *SHOWN_STATES.items()])
    due = forms.ChoiceField(label="Due", required=False, choices=[("", "Any day"), (OVERDUE, "Overdue")])
    criterion = forms.ChoiceField(required=False)
    q = forms.CharField(label="Words", required=False, max_length=100)

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(ref, ref) for ref in criteria_for(seat)]
        self.fields["criterion"].choices = [("", "Any"), *named]  # type: ignore[attr-defined]

    @property
    def set(self) -> bool:
        """Whether anything is narrowed."""
        return any(self.data.get(name) for name in self.fields)

    def narrowing(self) -> dict[str, str]:
        """The filters that are set and well; the others narrow by nothing."""
        self.is_valid()
        return {
            "state": self.cleaned_data.get("state", ""), "criterion": self.cleaned_data.get("criterion", ""),
            "text": self.cleaned_data.get("q", ""), "due": self.cleaned_data.get("due", ""),
        }  # fmt: skip
