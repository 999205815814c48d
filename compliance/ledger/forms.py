"""Forms of the ledger."""

from __future__ import annotations

from typing import Any

from django import forms

from compliance.registers.models import System
from compliance.web.day_field import DayField

from .models import ChangeKind, Disclosure


def _text(label: str, hint: str = "", *, required: bool = False, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=10_000, widget=forms.Textarea(attrs={"rows": rows})
    )


class _EntryForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["systems"].queryset = System.objects.order_by("ref").only("ref", "name")  # type: ignore[attr-defined]


def _systems() -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label="Systems touched", required=False, queryset=System.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": "6"}), help_text="Hold Ctrl, or ⌘ on a Mac, to choose several.",
    )  # fmt: skip


class IncidentForm(_EntryForm):
    """An incident as DC 4 asks for it."""

    title = forms.CharField(label="What happened, in a line", max_length=200)
    nature = _text("Its nature", "What happened and how it was noticed.", required=True)
    started_on = DayField("From", "The first day it had an effect.")
    ended_on = DayField("To", "Left empty while it goes on.", required=False)
    extent = _text("Its extent", "Which data, customers and services, and how many.")
    disposition = _text("Its disposition", "What was done, who was told, and what was changed after it.")
    from_controls = forms.BooleanField(
        label="It came of a control that was not suitable, or did not operate", required=False
    )
    broke_commitments = forms.BooleanField(label="A commitment to customers was not met because of it", required=False)
    commitments = forms.CharField(
        label="Commitments touched", required=False, max_length=300, help_text="References, such as COM-001, COM-004."
    )
    systems = _systems()

    def clean_commitments(self) -> list[str]:
        return [word for word in self.cleaned_data["commitments"].replace(",", " ").upper().split() if word]


class ChangeForm(_EntryForm):
    """A business change as DC 9 asks for it."""

    title = forms.CharField(label="What changed, in a line", max_length=200)
    kind = forms.ChoiceField(label="What it is a change of", choices=ChangeKind.choices)
    happened_on = DayField("On", "The day it took effect.")
    text = _text("What a reader of the report should know", "What was before, what is now, and which controls it bears on.")
    systems = _systems()


class DisclosureForm(forms.Form):
    """Told or not, and why."""

    disclosure = forms.ChoiceField(
        label="In the system description", widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in (Disclosure.DISCLOSE, Disclosure.KEEP_OUT)],
        error_messages={"required": "Decide whether the description tells it."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Why", max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="An auditor reads this, and so does whoever comes after you.",
        error_messages={"required": "Say why. An auditor reads this."},
    )  # fmt: skip


class IncidentFilter(forms.Form):
    """What the list is narrowed by."""

    q = forms.CharField(label="Find", required=False)
    disclosure = forms.ChoiceField(label="Disclosure", required=False, choices=[("", "Any"), *Disclosure.choices])


class ChangeFilter(IncidentFilter):
    """What the list is narrowed by."""

    kind = forms.ChoiceField(label="Of", required=False, choices=[("", "Anything"), *ChangeKind.choices])
