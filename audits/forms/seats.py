"""An auditor's seat: inviting, extending, accepting."""

from __future__ import annotations

from typing import Any

from django import forms

from compliance.people.selectors import is_member

from ..models import Audit, Seat
from ..selectors.seats import concerns
from .base import Day, missing


class SeatForm(forms.Form):
    """Who is invited, and for which days. Concerns about independence are shown, and set aside by hand."""

    name = forms.CharField(max_length=200, error_messages=missing("Write the name of the auditor."))
    email = forms.EmailField(
        label="Email address", max_length=254, error_messages=missing("Write the address the invitation goes to.")
    )
    firm = forms.CharField(
        label="Audit firm", max_length=200, error_messages=missing("Write the firm that the auditor works for.")
    )
    starts_on = Day(label="First day")
    until = Day(
        label="Last day", help_text="The portal closes at the end of this day, in your organisation's time zone."
    )
    considered = forms.BooleanField(label="I have considered this, and invite the person all the same", required=False)

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"firm": audit.firm, "starts_on": audit.starts_on, "until": audit.ends_on})
        super().__init__(*args, **kwargs)
        self.concerns: list[str] = []

    def clean_email(self) -> str:
        """Members are refused here, so that nobody is asked to set a mere concern aside first."""
        address: str = self.cleaned_data["email"]
        if is_member(address):
            raise forms.ValidationError("A member of the organisation cannot audit it: nobody audits their own work.")
        return address

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("until")
        if first and last and last < first:
            self.add_error("until", "The last day must not be before the first.")
        if cleaned.get("email"):
            self.concerns = concerns(cleaned["email"])
        if self.concerns and not cleaned.get("considered"):
            self.add_error("considered", "Tick this once you are sure that the person is independent.")
        return cleaned


class ExtendForm(forms.Form):
    """The new last day of a seat."""

    until = Day(label="Last day")

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        kwargs["initial"] = {"until": seat.until}
        super().__init__(*args, **kwargs)


class AcceptForm(forms.Form):
    """The declaration of independence that a seat is taken with."""

    declares_independence = forms.BooleanField(
        label="I declare this",
        error_messages={"required": "A seat is for an independent auditor: declare it, or do not accept."},
    )
