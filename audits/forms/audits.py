"""The frame of an audit."""

from __future__ import annotations

from typing import Any

from django import forms

from compliance.programmes.models import Programme
from compliance.tenancy.rooms import here

from ..models import Audit
from .base import Day, missing


class AuditForm(forms.Form):
    """Name, firm, window and turnaround; the programme is chosen once, when the audit is opened."""

    programme = forms.ModelChoiceField(
        Programme.objects.none(),
        empty_label="Choose a programme",
        help_text="What is examined: its framework, its period, its scope.",
        error_messages=missing("Choose the programme that is examined."),
    )
    name = forms.CharField(
        max_length=200,
        help_text="As you speak of it, such as SOC 2 Type II, 2026.",
        error_messages=missing("Give it a name by which people know it."),
    )
    firm = forms.CharField(label="Audit firm", max_length=200, error_messages=missing("Write who audits."))
    starts_on = Day(label="Fieldwork starts")
    ends_on = Day(label="Fieldwork ends")
    turnaround_days = forms.IntegerField(
        label="Turnaround, in days",
        min_value=1,
        max_value=90,
        initial=5,
        help_text="How long you have to answer a request, as agreed with the firm.",
    )

    def __init__(self, *args: Any, audit: Audit | None = None, **kwargs: Any) -> None:
        if audit is not None:
            names = ("name", "firm", "starts_on", "ends_on", "turnaround_days")
            kwargs.setdefault("initial", {name: getattr(audit, name) for name in names})
        super().__init__(*args, **kwargs)
        if audit is not None:
            del self.fields["programme"]
        else:
            programmes = Programme.objects.filter(organization_id=here().organization_id, closed_at__isnull=True)
            self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The window must end after it starts.")
        return cleaned
