"""Forms of the commitments register."""

from __future__ import annotations

from typing import Any

from django import forms

from compliance.frameworks.choosing import RequirementsField
from compliance.registers.models import Service
from compliance.web.filters import Filter

from .models import Kind, Promise
from .suggesting import CATEGORY, suggested


class CommitmentFilter(Filter):
    """What the register is narrowed by."""

    q = forms.CharField(label="Find", required=False, max_length=200)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Any kind"), *Kind.choices])
    promise = forms.ChoiceField(label="Promise", required=False, choices=[("", "Any promise"), *Promise.choices])


class CommitmentForm(forms.Form):
    """A promise and where it stands written. The kind of promise is suggested from the words, and chosen by a person."""

    kind = forms.ChoiceField(
        label="Kind", widget=forms.RadioSelect, choices=Kind.choices,
        help_text="A commitment is made to customers; a requirement is what the system must do to keep one.",
    )  # fmt: skip
    text = forms.CharField(label="What is promised", widget=forms.Textarea(attrs={"rows": 3}))
    source = forms.CharField(
        label="Where it stands", max_length=300, help_text="The contract clause, law or page: Master agreement, 7.2."
    )
    promise = forms.ChoiceField(
        label="Kind of promise", choices=[("", "Choose one"), *Promise.choices],
        help_text="Uptime calls for availability, secrecy for confidentiality, accuracy for processing integrity, "
        "personal data for privacy.",
        error_messages={"required": "Choose the kind of promise."},
    )  # fmt: skip
    requirements = RequirementsField(label="Criteria that bear on it", required=False)
    services = forms.ModelMultipleChoiceField(
        label="Services that it is about", queryset=Service.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text="None ticked: all of them.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Service.objects.order_by("id")
        self.fields["services"].queryset = offered  # type: ignore[attr-defined]
        if not offered:
            del self.fields["services"]

    def suggest(self) -> str:
        """Words that suggest a kind of promise where none is chosen yet; empty where the text is not there or says nothing."""
        text = str(self["text"].value() or "")
        if not text.strip():
            return ""
        promise = suggested(text)
        category = CATEGORY.get(promise, "").replace("_", " ")
        return f"The words suggest: {promise.label}, which calls for {category}." if category else ""

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if "promise" in self.errors and (said := self.suggest()):
            self.errors["promise"].append(said)
        return asked


class WithdrawForm(forms.Form):
    """Why it is promised no more."""

    reason = forms.CharField(label="Why it is promised no more", widget=forms.Textarea(attrs={"rows": 2}))
