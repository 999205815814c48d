"""The form of a connection, built from what its vendor asks for. A secret is written and never shown again."""

from __future__ import annotations

from typing import Any

from django import forms

from compliance.web.filters import Filter

from .base import Field, Vendor
from .models import Connection, RunOutcome
from .services.retire import LONGEST_REASON

CADENCES = [(60, "Every hour"), (240, "Every four hours"), (720, "Twice a day"), (1440, "Daily"), (10080, "Weekly")]
_PREFIX = "field_"
_GONE = "Nothing was saved: write it again."


class ConnectionForm(forms.Form):
    """Name, cadence and the vendor's own fields."""

    name = forms.CharField(
        label="Name", max_length=120, help_text="As it stands beside everything that it brings: AWS production.",
        error_messages={"required": "Give it a name."},
    )  # fmt: skip
    every_minutes = forms.TypedChoiceField(label="Collect", coerce=int, choices=CADENCES, initial=1440)

    def __init__(self, *args: Any, vendor: Vendor, connection: Connection | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vendor, self.stored = vendor, connection is not None
        if vendor.pushed:
            self.fields["every_minutes"] = forms.TypedChoiceField(
                label="Comes", coerce=int, choices=[*CADENCES[3:], (31 * 24 * 60, "Monthly")], initial=1440,
                help_text="How often it will be pushed. Two such spans without a push leave the time between unknown.",
            )  # fmt: skip
        for field in vendor.fields:
            self.fields[_PREFIX + field.name] = _form_field(field, stored=connection is not None)
        if connection is None:
            return
        self.initial = {"name": connection.name, "every_minutes": connection.every_minutes} | {
            _PREFIX + field.name: connection.config.get(field.name, "") for field in vendor.fields if not field.secret
        }
        offered: Any = self.fields["every_minutes"]
        if connection.every_minutes not in dict(offered.choices):
            present = (connection.every_minutes, f"Every {connection.every_minutes} minutes")
            offered.choices = [present, *offered.choices]

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.errors:
            self._tell_faults()
            self._say_what_is_gone()

    def _tell_faults(self) -> None:
        """Of a new connection what the vendor finds wrong too, so that nobody is sent back twice."""
        if self.stored:
            return
        written = {field.name: str(self.data.get(_PREFIX + field.name) or "").strip() for field in self.vendor.fields}
        secret = {field.name for field in self.vendor.fields if field.secret}
        found = self.vendor.faults(
            {name: value for name, value in written.items() if value and name not in secret},
            {name: value for name, value in written.items() if value and name in secret},
        )
        for name, message in found.items():
            if _PREFIX + name in self.fields and not self.has_error(_PREFIX + name):
                self.add_error(_PREFIX + name, message)

    def _say_what_is_gone(self) -> None:
        """A refused form does not send a secret back; beside the field it says that it has to be written again."""
        for field in self.vendor.fields:
            bound = self[_PREFIX + field.name]
            if field.secret and self.data.get(_PREFIX + field.name) and _GONE not in str(bound.help_text):
                bound.help_text = f"{bound.help_text} {_GONE}"

    @property
    def answers(self) -> dict[str, str]:
        """The vendor's fields, by its own names; of a new connection those that were filled in."""
        written = {field.name: self.cleaned_data[_PREFIX + field.name] for field in self.vendor.fields}
        return written if self.stored else {name: value for name, value in written.items() if value}

    def refuse(self, error: forms.ValidationError) -> None:
        """Put what the service refused beside the field that it names."""
        by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, messages in by_field.items():
            at = next((each for each in (name, _PREFIX + name) if each in self.fields), None)
            for message in messages:
                self.add_error(at, message)
        self._say_what_is_gone()


def _form_field(field: Field, *, stored: bool) -> forms.CharField:
    """A secret that is stored already may stay empty: it is kept."""
    asked = f"{field.label[:1].lower()}{field.label[1:]}"
    hint = field.hint
    if field.secret:
        hint = f"{hint[:1].upper()}{hint[1:]}. " if hint and not hint.endswith(".") else f"{hint} "
        hint += "Empty keeps the one that is stored." if stored else "It is encrypted, and never shown again."
    return forms.CharField(
        label=field.label, help_text=hint.strip(), max_length=8000, strip=True,
        required=field.required and not (field.secret and stored), widget=_widget(field),
        error_messages={"required": f"Enter the {asked}."},
    )  # fmt: skip


def _widget(field: Field) -> forms.Widget:
    quiet = {"autocomplete": "off", "spellcheck": "false"}
    if field.multiline and field.secret:
        return _Unshown(attrs={"rows": 4, **quiet})
    if field.multiline:
        return forms.Textarea(attrs={"rows": 4, **quiet})
    if field.secret:
        return forms.PasswordInput(attrs={"autocomplete": "new-password", "spellcheck": "false"}, render_value=False)
    return forms.TextInput(attrs=quiet)


class _Unshown(forms.Textarea):
    """A secret of several lines: like a password, what was typed does not come back with the page."""

    def format_value(self, value: Any) -> str:
        return ""


class RetireForm(forms.Form):
    """Why a connection is taken out of use."""

    reason = forms.CharField(
        label="Why it is retired", max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why it is retired. What it found counts no more, and an auditor will ask."},
    )  # fmt: skip


class RunFilter(Filter):
    """What the list of runs is narrowed by."""

    connection = forms.ChoiceField(label="Connection", required=False)
    outcome = forms.ChoiceField(
        label="Outcome", required=False, choices=[("", "Any outcome"), ("running", "Not finished"), *RunOutcome.choices]
    )

    def __init__(self, data: Any, *, connections: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.offer("connection", [("", "All connections"), *connections])
