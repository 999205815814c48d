"""Forms of the scope register."""

from __future__ import annotations

from typing import Any

from django import forms

from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may

from .models import DATA_CLASSES, Decision, Kind, System

ENVIRONMENTS: tuple[tuple[str, str], ...] = (
    ("", "Not said: counts as production"),
    ("production", "Production"),
    ("staging", "Staging"),
    ("development", "Development"),
    ("test", "Test"),
    ("sandbox", "Sandbox"),
    ("corporate", "Corporate"),
)


class SystemFilter(forms.Form):
    """What the register is narrowed by."""

    q = forms.CharField(label="Find", required=False)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Any kind"), *Kind.choices])
    decision = forms.ChoiceField(label="Decision", required=False, choices=[("", "Any decision"), *Decision.choices])


class OwnerField(forms.ModelChoiceField):
    """A member who may own something here."""

    def label_from_instance(self, obj: Membership) -> str:
        return obj.name


class SystemForm(forms.Form):
    """What is known of a system."""

    name = forms.CharField(label="Name", max_length=200)
    kind = forms.ChoiceField(label="Kind", choices=Kind.choices)
    external_id = forms.CharField(
        label="Identifier", max_length=300, required=False,
        help_text="As a connection names it, so that it is recognised: github:acme/api, an AWS account number.",
    )  # fmt: skip
    environment = forms.ChoiceField(label="Environment", required=False)
    data_classes = forms.MultipleChoiceField(
        label="What it holds", required=False, choices=DATA_CLASSES, widget=forms.CheckboxSelectMultiple
    )
    owner = OwnerField(label="Owner", required=False, queryset=Membership.objects.none(), empty_label="Nobody named")
    vendor = forms.CharField(label="Provided by", max_length=120, required=False)
    description = forms.CharField(label="What it is for", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    service_account = forms.BooleanField(
        label="This is a service account, not a person", required=False,
        help_text="Checks of people then leave it out.",
    )  # fmt: skip

    def __init__(self, *args: Any, system: System | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = members_who_may(Permission.SCOPE_VIEW)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        choices, present = list(ENVIRONMENTS), system.environment if system else ""
        if present not in dict(choices):
            choices.append((present, present))
        self.fields["environment"].choices = choices  # type: ignore[attr-defined]
        unlisted = [each for each in (system.data_classes if system else []) if each not in dict(DATA_CLASSES)]
        if unlisted:
            more = [*DATA_CLASSES, *((each, each) for each in unlisted)]
            self.fields["data_classes"].choices = more  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """In or out, and why."""

    decision = forms.ChoiceField(
        label="Decision", widget=forms.RadioSelect,
        choices=[(Decision.IN.value, Decision.IN.label), (Decision.OUT.value, Decision.OUT.label)],
        error_messages={"required": "Decide in or out."},
    )  # fmt: skip
    justification = forms.CharField(
        label="Why", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="An auditor reads this, and so does whoever comes after you.",
        error_messages={"required": "Say why. An auditor reads this."},
    )  # fmt: skip


class ManyDecisionsForm(DecisionForm):
    """The same decision on several systems."""

    systems = forms.TypedMultipleChoiceField(coerce=str, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, chosen: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["systems"]
        field.choices = [(each, each) for each in chosen]  # type: ignore[attr-defined]
        field.error_messages["required"] = "Tick the systems that the decision is about."


class WorkerFilter(forms.Form):
    """What the people list is narrowed by."""

    q = forms.CharField(label="Find", required=False)
    only = forms.ChoiceField(
        label="Show", required=False, choices=[("", "Everybody"), ("here", "Working here"), ("left", "Left")]
    )


class RosterFileForm(forms.Form):
    """A people list to look through before it is taken over."""

    file = forms.FileField(
        label="CSV file", help_text="Commas, semicolons or tabs. The first line names the columns.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )  # fmt: skip
