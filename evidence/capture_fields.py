"""The fields in which a person states how a file was captured: the same on every form that takes one."""

from __future__ import annotations

from typing import Any

from django import forms

from .capture import ENVIRONMENTS, TERMS, CaptureError, capture_of


class CaptureFields(forms.Form):
    """Where it comes from. All of it may stay empty; what is stated is kept with the version for good."""

    source_system = forms.CharField(
        label="Source system", required=False, max_length=TERMS["source_system"][1],
        help_text="The system that shows it: Okta, AWS console, HR register.",
    )  # fmt: skip
    environment = forms.ChoiceField(
        label="Environment", required=False, choices=[("", "Not stated"), *ENVIRONMENTS]
    )
    captured_by = forms.CharField(label="Captured by", required=False, max_length=TERMS["captured_by"][1])
    captured_at = forms.DateTimeField(
        label="Captured at", required=False, widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text="When the picture or the export was taken, by the clock of the organisation.",
        error_messages={"invalid": "Write day and time as 2026-11-30T09:30."},
    )  # fmt: skip
    url = forms.CharField(label="Address", required=False, max_length=TERMS["url"][1], help_text="Of the page or the query.")
    tool = forms.CharField(
        label="Tool", required=False, max_length=TERMS["tool"][1], help_text="Script, query or program that made it."
    )

    @property
    def capture(self) -> dict[str, str]:
        """What was stated, of a valid form."""
        return capture_of({**self.cleaned_data, "captured_at": _iso(self.cleaned_data.get("captured_at"))})

    @property
    def captured(self) -> list[forms.BoundField]:
        """The fields of the capture, in their order."""
        return [self[name] for name in CaptureFields.base_fields]

    @property
    def has_capture_errors(self) -> bool:
        return any(name in self.errors for name in CaptureFields.base_fields)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        try:
            capture_of({"url": url})
        except CaptureError as error:
            raise forms.ValidationError(str(error)) from error
        return url


def _iso(moment: Any) -> str:
    return moment.isoformat(timespec="minutes") if moment else ""
