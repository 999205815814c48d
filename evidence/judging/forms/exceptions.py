"""Asking for an exception, answering it, and what the list is narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.web.day_field import DayField
from compliance.web.filters import Filter
from evidence.checks import catalogue
from evidence.collectors.models import Connection

from ..selectors_of_exceptions import STATES

_LONG = 5_000


class ExceptionFilter(Filter):
    """What the list of exceptions is narrowed by."""

    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any state"), *STATES])
    check = forms.CharField(label="Check", required=False, max_length=80)
    connection = forms.ChoiceField(label="Connection", required=False)

    def __init__(self, data: Any, *, connections: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.offer("connection", [("", "All connections"), *connections])


class ConnectionField(forms.ModelChoiceField):
    """A connection, by its name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class AskForm(forms.Form):
    """That a check may fail for a while, and why."""

    check_id = forms.ChoiceField(label="Check", error_messages={"required": "Choose a check."})
    connection = ConnectionField(
        label="Connection", queryset=Connection.objects.none(), empty_label="Choose a connection",
        error_messages={"required": "Choose a connection."},
    )  # fmt: skip
    resource = forms.CharField(
        label="Resource", required=False, max_length=400,
        help_text="As the check names it. Empty: every resource of the check, which an approver of the leadership answers.",
    )  # fmt: skip
    reason = forms.CharField(
        label="Why it may fail", max_length=_LONG, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="And what is done meanwhile. An auditor reads this.", error_messages={"required": "Say why it may fail."},
    )  # fmt: skip
    starts_on = DayField("From", "Today or later: what failed before stays a failure.")
    until = DayField("Until", "The last day, at most a year on. Then the gap opens again.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", "Choose a check"), *((each.id, f"{each.id}: {each.title}") for each in catalogue.all_checks())]
        self.fields["check_id"].choices = offered  # type: ignore[attr-defined]
        self.fields["connection"].queryset = (  # type: ignore[attr-defined]
            Connection.objects.filter(retired_at__isnull=True).defer("secret").order_by("name")
        )
        self.fields["starts_on"].initial = today(here().timezone)


class AnswerForm(forms.Form):
    """Approve or refuse, with a note."""

    verdict = forms.ChoiceField(
        label="Answer", widget=forms.RadioSelect, choices=[("approve", "Approve"), ("refuse", "Refuse")],
        error_messages={"required": "Choose one."},
    )  # fmt: skip
    note = forms.CharField(
        label="Note", required=False, max_length=_LONG, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed where it is refused.",
    )  # fmt: skip


class RevokeForm(forms.Form):
    """End it, and why."""

    note = forms.CharField(label="Why it ends", max_length=_LONG, widget=forms.Textarea(attrs={"rows": 3}))
